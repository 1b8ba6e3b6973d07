"""What a run left beside its model, and what is made of files that say nothing."""

import json
from types import SimpleNamespace

import pytest

from m2m_tf.runs.facts import (
    facts_of_run,
    loading_as_in_run,
    notes_of_run,
    read_json,
    target_of_run,
)

MODEL = SimpleNamespace(autoencoder=SimpleNamespace(name="tiny"), trained_on={"images": 128})
GIVEN = {"image_size": None, "resize": "area", "fit": "crop"}
CHOICES = {"target": "pics/cats", "image_size": [28, 28], "resize": "lanczos"}
METRICS = ("frechet_distance", "kernel_distance", "precision", "recall")


@pytest.fixture
def run(tmp_path):
    """A run's folder, with metrics.json and the report of an evaluation."""
    metrics = {"choices": CHOICES, "autoencoder": {"note": "It may not suit."}}
    (tmp_path / "metrics.json").write_text(json.dumps(metrics))
    row = {m: {"value": 2.5, "extractor": "pixels", "generated_count": 9} for m in METRICS}
    report = {"autoencoder": "tiny", "verdict": "good", "rows": {"generated": row, "other": row}}
    (tmp_path / "report.json").write_text(json.dumps(report))
    return tmp_path


def test_a_card_gets_the_target_and_the_figures_of_the_model(run):
    facts = facts_of_run(MODEL, run)
    assert facts["target"] == {"name": "cats", "images": 128}
    assert facts["evaluation"] == {
        "verdict": "good",
        "extractor": "pixels",
        "images": 9,
        "figures": {"generated": dict.fromkeys(METRICS, 2.5)},
    }


def test_a_report_of_another_model_or_of_no_kind_of_ours_is_left_out(run):
    other = SimpleNamespace(autoencoder=SimpleNamespace(name="other"), trained_on=None)
    assert facts_of_run(other, run) == {"target": {"name": "cats"}}
    (run / "report.json").write_text('{"autoencoder": "tiny", "rows": [3]}')
    assert "evaluation" not in facts_of_run(MODEL, run)


def test_a_target_is_loaded_as_the_run_loaded_it(run):
    target, loading = target_of_run(run / "model")
    assert target == "pics/cats"
    assert loading == {"image_size": [28, 28], "resize": "lanczos", "fit": "crop"}
    assert loading_as_in_run(run / "model", GIVEN) == loading
    given = {**GIVEN, "image_size": (32, 32)}
    assert loading_as_in_run(run / "model", given) is given
    assert notes_of_run(run / "model") == ["It may not suit."]


@pytest.mark.parametrize("text", [None, "", "[1]", "{", '{"a": ' * 100_000])
def test_a_file_that_says_nothing_is_as_good_as_none(tmp_path, text):
    if text is not None:
        (tmp_path / "metrics.json").write_text(text)
    assert read_json(tmp_path / "metrics.json") == {}
    assert target_of_run(tmp_path / "model")[0] is None
    assert notes_of_run(tmp_path / "model") == []
    assert loading_as_in_run(tmp_path / "model", GIVEN) is GIVEN
