"""The signatures of an export: what each takes and gives, by name."""

import pytest

from m2m_tf.serving.served_model import ServedModel
from m2m_tf.serving.signatures import described, signatures_of
from tests.runs.conftest import drawn_model

__all__ = ["drawn_model"]


@pytest.mark.slow
def test_a_model_with_classes_takes_them_and_all_say_their_shapes(drawn_model):
    found = described(signatures_of(ServedModel(drawn_model), drawn_model))
    assert set(found) == {"serving_default", "sample", "png", "encode", "reconstruct"}
    images, label = "uint8 (n, 28, 28, 1)", {"label": "int32 ()"} if drawn_model.classes else {}
    latent = f"float32 (n, {drawn_model.latent_dim})"
    drawn = {"num_images": "int32 ()", "seed": "int64 ()"}
    labels = {"label": "int32 (n,)"} if drawn_model.classes else {}
    assert found["serving_default"] == {
        "inputs": {"latent": latent, **labels},
        "outputs": {"images": images},
    }
    assert found["sample"] == {
        "inputs": {**drawn, "truncation": "float32 ()", **label},
        "outputs": {"images": images, "latent": latent, **labels},
    }
    assert found["png"] == {"inputs": {**drawn, **label}, "outputs": {"png_bytes": "string (n,)"}}
    assert found["encode"] == {
        "inputs": {"images": images},
        "outputs": {"codes": "float32 (n, 16)"},
    }
    assert found["reconstruct"] == {"inputs": {"images": images}, "outputs": {"images": images}}
