"""The page of an export says what is known of it, and what is not."""

from pathlib import Path

import pytest

from m2m_tf.serving.model_card import METRICS, NOT_STATED, facts_of, page_of
from tests.runs.conftest import drawn_model

__all__ = ["drawn_model"]

INPUTS = {"num_images": "int32 ()", "seed": "int64 ()", "truncation": "float32 ()"}
SIGNATURES = {"sample": {"inputs": INPUTS, "outputs": {"images": "uint8 (n, 28, 28, 1)"}}}
PATH = Path("exports/digits/3")


@pytest.fixture
def facts(drawn_model):
    drawn_model.compile(jit_compile=False)
    drawn_model.trained_on = {"images": 1234}
    return {**facts_of(drawn_model), "signatures": SIGNATURES, "files": {}}


def test_a_model_knows_its_shapes_its_classes_and_what_it_was_trained_on(facts, drawn_model):
    assert (facts["image_shape"], facts["code_shape"]) == ([28, 28, 1], [16])
    assert facts["classes"] == drawn_model.classes and facts["training_steps"] == 0
    assert facts["target"] == {"name": NOT_STATED, "images": 1234}


def test_what_is_not_known_is_not_made_up(facts):
    page = page_of(facts, PATH)
    assert page.startswith("# digits, version 3") and "images of 28x28x1" in page
    assert "- Target: not stated, 1,234 images" in page and "Not measured" in page
    assert "m2m serve --export digits" in page and "## Other forms" not in page
    assert "| `sample` | `num_images` int32 (), `seed` int64 ()" in page


def test_figures_and_other_forms_are_shown(facts):
    figures = dict.fromkeys(METRICS, 1.2345)
    facts["evaluation"] = {"verdict": "Good.", "extractor": "pixels", "images": 9000}
    facts["evaluation"]["figures"] = {"generated": figures}
    facts["files"] = {"model.onnx": {"what": "ONNX, opset 17"}}
    page = page_of(facts, PATH)
    assert "Good. Features of `pixels`, 9,000 images." in page
    assert "| the model | 1.23 | 1.23 | 1.23 | 1.23 |" in page
    assert "- `model.onnx`: ONNX, opset 17" in page


def test_the_example_asks_for_what_the_signature_takes(facts):
    assert '"truncation": 1.0}}' in page_of(facts, PATH)
    facts["signatures"] = {"sample": {"inputs": {**INPUTS, "label": "int32 ()"}, "outputs": {}}}
    assert '"label": -1' in page_of(facts, PATH)
