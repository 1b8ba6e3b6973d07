"""An evaluation judges a model by images that it never saw."""

import json

import numpy as np
import pytest

import m2m_tf as m2m
from m2m_tf.codes import CodeStore, held_out_rows
from m2m_tf.evaluation import evaluate
from m2m_tf.evaluation.baselines import CodeBaseline, fit_baseline

pytestmark = pytest.mark.slow

UNSEEN = held_out_rows(1000, 0.1)


class Copier:
    """A model that gives back the codes it was trained on."""

    name = "copier"

    def __init__(self, model, codes):
        self.autoencoder, self.trained_on, self.codes = model.autoencoder, model.trained_on, codes

    def generate_codes(self, num_codes, seed=None):
        return self.codes[np.random.default_rng(seed).integers(len(self.codes), size=num_codes)]


def test_its_figures_are_written(evaluation, tmp_path):
    evaluation.save(tmp_path)
    figures = json.loads((tmp_path / "report.json").read_text())
    assert set(figures["rows"]) == {
        "generated",
        "prior",
        "mixture",
        "gaussian",
        "floor",
        "held_out",
    }
    assert set(figures["rows"]["generated"]) >= {
        "frechet_distance",
        "kernel_distance",
        "precision",
        "recall",
        "density",
        "coverage",
    }
    assert figures["rows"]["generated"]["kernel_distance"]["error"] > 0


def test_the_model_is_compared_with_what_it_trained_on_and_judged_by_what_it_did_not(evaluation):
    figures = evaluation.figures
    assert figures["held_out_images"] == UNSEEN.sum()
    assert figures["training_images"] == 1000 - UNSEEN.sum()
    assert figures["certificates"]["generated"].count == UNSEEN.sum()
    assert figures["notes"] == []


def test_the_certificate_bounds_w1_and_its_terms_add_up(evaluation):
    for certificate in evaluation.figures["certificates"].values():
        assert certificate.total == certificate.reconstruction + certificate.mind
        assert certificate.total >= certificate.w1 * (1 - 1e-6)


def test_the_fid_lies_where_the_floor_says(evaluation):
    interval = evaluation.figures["floor_interval"]
    fid = float(evaluation.figures["rows"]["generated"]["frechet_distance"])
    assert interval["low"] * (1 - 1e-6) <= fid <= interval["high"] * (1 + 1e-6)


def test_a_model_that_learned_something_is_not_flagged(evaluation):
    assert not any(audit.flagged for audit in evaluation.figures["memorisation"].values())


def test_a_model_that_returns_training_codes_is_flagged(trained, digits):
    copier = Copier(trained, trained.codes.codes)
    result = evaluate(copier, digits[:1000], verbose=0)
    assert all(audit.flagged for audit in result.figures["memorisation"].values())
    assert result.level == "poor"
    assert "repeats training images" in result.verdict


def test_a_model_that_returns_images_that_were_not_looked_at_is_flagged_too(trained, digits):
    copier = Copier(trained, trained.codes.codes[:150])
    result = evaluate(copier, digits[:1000], num_images=100, extractor="pixels", verbose=0)
    audits = result.figures["memorisation"]
    assert audits["pixels"].flagged and audits["codes"].flagged
    assert (audits["pixels"].train_count, audits["features"].train_count) == (900, 100)
    assert result.level == "poor"


def test_a_model_trained_on_everything_says_what_it_cannot_tell(trained, digits):
    model = m2m.Mind2Mind(trained.autoencoder, generator=trained.generator, seed=0)
    model.trained_on = {**trained.trained_on, "validation_split": 0.0}
    result = evaluate(model, digits[:1000], num_images=200, verbose=0)
    assert result.figures["memorisation"] == {} and result.figures["held_out_images"] == 0
    assert "trained on all of these images" in result.figures["notes"][0]
    given = evaluate(model, digits[:1000], held_out=digits[1000:1150], num_images=200, verbose=0)
    assert given.figures["held_out_images"] == 150
    assert set(given.figures["memorisation"]) == {"features", "codes", "pixels"}


def test_other_images_are_taken_for_unseen_ones(trained, digits):
    result = evaluate(trained, digits[1000:1200], verbose=0)
    assert "keeps no record of these images" in result.figures["notes"][0]


def test_a_baseline_is_evaluated_like_a_model(trained, digits):
    baseline = fit_baseline("gaussian", trained.autoencoder, trained.codes.codes)
    assert isinstance(baseline, CodeBaseline)
    result = evaluate(baseline, digits[:1000], digits[1000:1100], num_images=500, verbose=0)
    rows = result.figures["rows"]
    ours, same = rows["generated"]["frechet_distance"], rows["gaussian"]["frechet_distance"]
    assert ours.value == pytest.approx(same.value, rel=0.1)


def test_images_of_another_size_are_refused(trained, digits):
    with pytest.raises(ValueError, match="image_size"):
        evaluate(trained, np.zeros((20, 14, 14, 1), "float32"), verbose=0)


@pytest.mark.parametrize("num_images", [40, 150])
def test_a_model_that_is_its_start_has_its_figures_at_any_number_of_images(
    num_images, reported_autoencoder, digits
):
    model = m2m.Mind2Mind(reported_autoencoder, prior="mixture", seed=0)
    model.codes = CodeStore(reported_autoencoder.encode(digits[:400]), fingerprint="")
    model.measure_codes()
    result = evaluate(
        model, digits[:400], digits[400:460], "pixels", num_images=num_images, verbose=0
    )
    rows = result.figures["rows"]
    for metric, figure in rows["generated"].items():
        assert rows["prior"][metric].value == pytest.approx(figure.value, abs=1e-6)
    assert result.figures["baselines"]["prior"]["own"]
    assert "the mixture that it starts from" in result.page.to_html()
