"""`m2m export` writes a SavedModel whole, or nothing."""

import json
import shutil

import numpy as np
import pytest
import tensorflow as tf

from m2m_tf.minds import Mind2Mind
from m2m_tf.serving.formats import litert_file, onnx_file
from m2m_tf.serving.formats.latent_to_images import draw_inputs

pytestmark = pytest.mark.slow


@pytest.fixture
def run_folder(model_folder, tmp_path):
    """A run's folder as `m2m transfer` leaves it, in `tmp_path`."""
    shutil.copytree(model_folder, tmp_path / "run" / "model")
    metrics = {"choices": {"target": "demo:digits", "image_size": None, "resize": "area"}}
    (tmp_path / "run" / "metrics.json").write_text(json.dumps(metrics))
    return tmp_path / "run"


def test_the_exported_model_makes_the_models_images(m2m, tmp_path, model_folder):
    result = m2m("export", "--model", model_folder, "--out", "exports/digits")
    assert result.status == 0 and "Assets written" not in result.err
    assert result.out.splitlines() == [
        "A new process loaded the export: its images are the model's",
        "Wrote exports/digits/1/saved_model.pb",
        "Wrote exports/digits/1/README.md",
        "Wrote exports/digits/1/card.json",
    ]
    served = tf.saved_model.load(str(tmp_path / "exports" / "digits" / "1")).signatures
    model = Mind2Mind.load(model_folder)
    latent = model.sample_latent(4, seed=0)
    images = served["serving_default"](latent=tf.constant(latent))["images"].numpy()
    expected = np.rint((model.generate_from(latent) + 1) * 127.5)
    assert np.abs(images - expected).max() <= 1


def test_other_forms_make_the_same_images(m2m, tmp_path, run_folder):
    result = m2m(
        *("export", "--model", run_folder / "model", "--out", "exports/digits", "--version", 3),
        *("--format", "onnx", "--quantize", "float16", "--num_images", 60, "--licence", "CC0-1.0"),
    )
    assert result.status == 0, result.err
    assert "model.onnx: ONNX, opset 17" in result.out
    assert "model_float16.tflite: TFLite, weights in 16 bits: FID" in result.out
    folder = tmp_path / "exports" / "digits" / "3"
    model = Mind2Mind.load(run_folder / "model")
    inputs = draw_inputs(model, 40, 5)
    values = model.generate_from(inputs["latent"])
    made = onnx_file.runner(folder)(inputs)
    np.testing.assert_allclose(made["values"], values, atol=1e-4)
    served = tf.saved_model.load(str(folder)).signatures["serving_default"]
    images = served(latent=tf.constant(inputs["latent"]))["images"].numpy().astype(int)
    assert np.abs(made["images"] - images).max() <= 1
    small = litert_file.runner(folder, "model_float16.tflite")(inputs)
    assert np.abs(small["images"] - images).mean() < 0.5
    card = json.loads((folder / "card.json").read_text())
    assert card["target"]["name"] == "demo:digits" and card["licence"] == "CC0-1.0"
    assert set(card["files"]) == {"model.onnx", "model_float16.tflite"}
    assert set(card["files"]["model_float16.tflite"]["frechet_distance"]) == {"float32", "float16"}
    page = (folder / "README.md").read_text()
    assert "## Other forms" in page and "demo:digits" in page


def test_a_version_is_replaced_and_its_card_has_the_figures_of_a_report(
    m2m, refused, tmp_path, model_folder
):
    arguments = ("export", "--model", model_folder, "--out", "exports/digits", "--report", "report")
    (tmp_path / "report").mkdir()
    assert "to hold the report.json of m2m evaluate" in refused(*arguments)
    figure = {"value": 12.5, "extractor": "digits_fashion", "generated_count": 900}
    row = dict.fromkeys(("frechet_distance", "kernel_distance", "precision", "recall"), figure)
    report = {
        "autoencoder": "tiny",
        "target": "demo:digits",
        "rows": {"generated": row, "floor": row},
    }
    (tmp_path / "report" / "report.json").write_text(json.dumps(report))
    for version in ("1", "7"):
        (tmp_path / "exports" / "digits" / version).mkdir(parents=True)
        (tmp_path / "exports" / "digits" / version / "saved_model.pb").write_bytes(b"mine")
    assert m2m(*arguments, "--overwrite").status == 0
    assert (tmp_path / "exports/digits/7/saved_model.pb").read_bytes() == b"mine"
    card = json.loads((tmp_path / "exports/digits/1/card.json").read_text())
    assert card["evaluation"]["figures"]["generated"]["frechet_distance"] == 12.5
    assert card["target"]["name"] == "demo:digits"
    page = (tmp_path / "exports/digits/1/README.md").read_text()
    assert "| the model | 12.5 | 12.5 | 12.5 | 12.5 |" in page and "900 images" in page


def test_a_version_that_is_there_is_refused_and_the_next_one_offered(
    refused, tmp_path, model_folder
):
    for version in ("1", "7"):
        (tmp_path / "exports" / "digits" / version).mkdir(parents=True)
        (tmp_path / "exports" / "digits" / version / "saved_model.pb").write_bytes(b"mine")
    said = refused("export", "--model", model_folder, "--out", "exports/digits")
    assert "Version 1 is there already: 'exports/digits/1'. Pass --version 8 for a new one" in said


@pytest.mark.parametrize("version", ["0", "-1", "1.5", "one", ""])
def test_a_version_that_is_no_positive_integer_is_refused(refused, model_folder, version):
    said = refused("export", "--model", model_folder, "--out", "e", f"--version={version}")
    assert f"expected a whole number of 1 or more; got '{version}'" in said


def test_the_folder_of_a_version_as_out_is_refused(refused, model_folder):
    said = refused("export", "--model", model_folder, "--out", "exports/digits/2")
    assert "Pass --out exports/digits --version 2." in said


def test_a_run_that_never_finished_is_refused(refused, tmp_path):
    (tmp_path / "runs" / ".photos.unfinished").mkdir(parents=True)
    said = refused("export", "--model", "runs/photos/model", "--out", "exports/photos")
    assert "its training never finished. The m2m transfer command that began it goes on" in said


def test_a_model_that_was_never_trained_is_refused(refused, shared_autoencoder, tmp_path):
    model = Mind2Mind(shared_autoencoder)
    model.compile()
    model.save(tmp_path / "model")
    said = refused("export", "--model", "model", "--out", "exports/digits")
    assert "has not made a training step" in said


def test_quantizing_without_a_target_is_refused(refused, model_folder):
    said = refused("export", "--model", model_folder, "--out", "e", "--quantize", "int8")
    assert "no metrics.json beside" in said and "Pass target (--target)." in said


def test_an_export_of_no_model_leaves_nothing(refused):
    assert "gone" in refused("export", "--model", "gone", "--out", "exports/digits")
