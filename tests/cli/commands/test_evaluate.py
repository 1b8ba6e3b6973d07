"""`m2m evaluate` leaves a report of a model."""

import json
import shutil

import numpy as np
import pytest

from tests.data.test_look import draw

pytestmark = pytest.mark.slow

FEW = ("--num_images=200", "--extractor=pixels")


def test_an_evaluation_leaves_a_report_and_its_figures(m2m, tmp_path, model_folder, digits):
    np.save(tmp_path / "target.npy", digits[:128])
    np.save(tmp_path / "others.npy", digits[200:260])
    flags = ("--model", model_folder, "--target", "target.npy", "--held_out", "others.npy")
    result = m2m("evaluate", *flags, "--out", "report", *FEW)
    assert result.status == 0, result.err
    folder = tmp_path / "report"
    assert sorted(path.name for path in folder.iterdir()) == ["report.html", "report.json"]
    figures = json.loads((folder / "report.json").read_text())
    assert figures["training_images"] == 128 and figures["held_out_images"] == 60
    assert figures["verdict"] in result.out


def test_a_target_of_another_size_is_refused(refused, tmp_path, model_folder):
    np.save(tmp_path / "target.npy", np.zeros((20, 30, 30, 1), "uint8"))
    flags = ("--model", model_folder, "--target", "target.npy", "--out", "report")
    assert "--image_size" in refused("evaluate", *flags)


def test_images_are_loaded_as_the_run_loaded_them(m2m, tmp_path, model_folder):
    """A folder that m2m transfer sized by itself is evaluated without saying so again."""
    for number in range(60):
        draw(tmp_path / f"pics/{number}.png", 20, 40, seed=number)
    (tmp_path / "run").mkdir()
    shutil.copytree(model_folder, tmp_path / "run/model")
    choices = {"image_size": [28, 28], "resize": "area", "fit": "pad"}
    (tmp_path / "run/metrics.json").write_text(json.dumps({"choices": choices}))
    flags = ("--model", "run/model", "--target", "pics", "--out", "report", *FEW)
    result = m2m("evaluate", *flags)
    assert result.status == 0, result.err
    notes = json.loads((tmp_path / "report/report.json").read_text())["notes"]
    assert "resized and padded images from (20, 40) to (28, 28)" in notes


def test_what_is_no_model_is_refused(refused, tmp_path, tiny_autoencoder_folder):
    flags = ("--model", tiny_autoencoder_folder, "--target", "demo:digits", "--out", "report")
    assert "model" in refused("evaluate", *flags)
