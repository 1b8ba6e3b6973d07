"""Latents to images, as other runtimes run it."""

import numpy as np
import pytest
import tensorflow as tf

from m2m_tf.serving.formats.latent_to_images import LatentToImages, draw_inputs
from tests.runs.conftest import drawn_model

__all__ = ["drawn_model"]


@pytest.mark.slow
def test_the_function_gives_the_models_images_with_its_weights_as_constants(drawn_model, tmp_path):
    inputs = draw_inputs(drawn_model, 5, seed=2)
    assert set(inputs) == {"latent", *(["label"] if drawn_model.classes else [])}
    made = LatentToImages(drawn_model)
    made.save_frozen(tmp_path / "frozen")
    expected = drawn_model.generate_from(inputs["latent"], label=inputs.get("label"))
    frozen = tf.saved_model.load(str(tmp_path / "frozen")).signatures["serving_default"]
    given = {name: tf.constant(value) for name, value in inputs.items()}
    for found in (made.function(*given.values()), frozen(**given)):
        np.testing.assert_allclose(found["values"], np.clip(expected, -1, 1), atol=1e-5)
        assert np.abs(found["images"].numpy() - np.round((expected + 1) * 127.5)).max() <= 1
