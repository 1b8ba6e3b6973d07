"""Each form of images that the hint names is taken, and gives the same images."""

import numpy as np
import pytest
import tensorflow as tf

from m2m_tf.data import load

FORMS = {
    "a path": lambda pixels, path: str(path),
    "a Path": lambda pixels, path: path,
    "an array": lambda pixels, path: pixels,
    "a tensor": lambda pixels, path: tf.constant(pixels),
    "a dataset": lambda pixels, path: tf.data.Dataset.from_tensor_slices(pixels).batch(8),
    "Images": lambda pixels, path: load(pixels),
    "a list": lambda pixels, path: list(pixels),
    "a function": lambda pixels, path: lambda: iter(pixels),
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_gives_the_same_images(pixels, tmp_path, form):
    pixels = pixels[:20, ..., None]
    np.save(tmp_path / "digits.npy", pixels)
    images = load(FORMS[form](pixels, tmp_path / "digits.npy"))
    np.testing.assert_allclose(images.numpy(20), pixels / np.float32(127.5) - 1, atol=1e-6)
