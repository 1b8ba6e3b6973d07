"""Latents to images, as other runtimes run it."""

import numpy as np
import pytest

from m2m_tf.serving.formats.latent_to_images import LatentToImages, draw_inputs
from tests.runs.conftest import drawn_model

__all__ = ["drawn_model"]


@pytest.mark.slow
def test_it_gives_the_models_images(drawn_model):
    inputs = draw_inputs(drawn_model, 5, seed=2)
    assert set(inputs) == {"latent", *(["label"] if drawn_model.classes else [])}
    expected = drawn_model.generate_from(inputs["latent"], label=inputs.get("label"))
    found = LatentToImages(drawn_model)(inputs)
    np.testing.assert_allclose(found["values"], np.clip(expected, -1, 1), atol=1e-5)
    assert np.abs(found["images"].numpy() - np.round((expected + 1) * 127.5)).max() <= 1
