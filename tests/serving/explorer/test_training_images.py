"""The training images that are nearest to a code."""

import numpy as np

from m2m_tf import data
from m2m_tf.pictures.pixels import to_pixels
from m2m_tf.serving.explorer.training_images import load_training_images
from tests.runs.conftest import drawn_model

__all__ = ["drawn_model"]


def test_the_nearest_to_an_images_code_is_that_image(drawn_model, digits):
    drawn_model.trained_on = None
    found = load_training_images(drawn_model, data.load(digits[:80]))
    codes = drawn_model.autoencoder.encode(digits[[3, 7]])
    images, distances = found.nearest(codes, count=4)
    assert images.shape == (2, 4, 28, 28, 1) and distances.shape == (2, 4)
    np.testing.assert_array_equal(images[:, 0], to_pixels(digits[[3, 7]]))
    np.testing.assert_allclose(distances[:, 0], 0, atol=1e-3)
    assert (np.diff(distances) >= 0).all() and 0.2 < np.median(distances[:, 1]) < 5


def test_images_that_the_model_was_not_fitted_to_are_said_to_be_others(drawn_model, digits):
    drawn_model.trained_on = {"fingerprint": "another", "validation_split": 0.5}
    found = load_training_images(drawn_model, data.load(digits[:40]))
    assert len(found.images) == 40
    assert "was fitted to other images" in found.notes[0]
