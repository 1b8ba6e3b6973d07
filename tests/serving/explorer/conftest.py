"""A small model and its training images, to look at."""

import numpy as np
import pytest

import m2m_tf as m2m
from m2m_tf.serving.explorer.explore import Explorer
from m2m_tf.serving.explorer.training_images import load_training_images


@pytest.fixture(scope="session")
def run_folder(tiny_autoencoder_folder, digits, tmp_path_factory):
    """A folder with `model/`, fitted for two epochs, and `digits.npy` that it was fitted to."""
    folder = tmp_path_factory.mktemp("explored")
    np.save(folder / "digits.npy", np.rint((digits[:600] + 1) * 127.5).astype("uint8"))
    model = m2m.Mind2Mind(m2m.Autoencoder.load(tiny_autoencoder_folder), seed=0)
    model.compile(jit_compile=False)
    model.fit(folder / "digits.npy", epochs=2, batch_size=64, validation_split=0.1, verbose=0)
    model.save(folder / "model")
    return folder


@pytest.fixture(scope="session")
def explorer(run_folder):
    model = m2m.Mind2Mind.load(run_folder / "model")
    images = m2m.data.load(run_folder / "digits.npy", model.autoencoder.image_shape)
    return Explorer(model, load_training_images(model, images))
