"""What many tests share: real digits, and an autoencoder trained on them for seconds."""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras
import pytest

import m2m_tf as m2m


@pytest.fixture(scope="session")
def digits():
    """2,000 real digits, float32 `(2000, 28, 28, 1)` in [-1, 1]; not to be changed."""
    images = m2m.data.load("demo:digits").numpy(2000)
    images.setflags(write=False)
    return images


@pytest.fixture(scope="session")
def tiny_autoencoder_folder(digits, tmp_path_factory):
    """The folder of an autoencoder of 28x28 grey images with codes of 16, named `tiny`."""
    folder = tmp_path_factory.mktemp("autoencoders") / "tiny"
    m2m.pretrain(digits, folder, code_dim=16, width=4, epochs=1, augment=0, verbose=0, name="tiny")
    keras.utils.clear_session()
    return folder


@pytest.fixture
def tiny_autoencoder(tiny_autoencoder_folder):
    """That autoencoder, loaded anew for each test."""
    return m2m.Autoencoder.load(tiny_autoencoder_folder)
