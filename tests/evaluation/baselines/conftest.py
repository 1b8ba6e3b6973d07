"""Codes of real digits, and autoencoders of other code shapes."""

import keras
import numpy as np
import pytest
from threadpoolctl import threadpool_limits

import m2m_tf as m2m


@pytest.fixture(scope="module", autouse=True)
def one_thread():
    """For so few codes, threads cost more than they bring."""
    with threadpool_limits(1):
        yield


@pytest.fixture(scope="session")
def autoencoder(shared_autoencoder):
    """The autoencoder `tiny`, of codes of 16."""
    return shared_autoencoder


@pytest.fixture(scope="session")
def codes(autoencoder, digits):
    """The codes of 2,000 real digits, float32 `(2000, 16)`; not to be changed."""
    codes = autoencoder.encode(digits)
    codes.setflags(write=False)
    return codes


@pytest.fixture(scope="session")
def make_autoencoder():
    """A function that makes an untrained autoencoder of images (4, 4, 1), of any code shape."""

    def make(code_shape, activation=None):
        keras.utils.set_random_seed(0)
        layers = keras.layers
        encoder = keras.Sequential(
            [
                keras.Input((4, 4, 1)),
                layers.Flatten(),
                layers.Dense(int(np.prod(code_shape)), activation=activation),
                layers.Reshape(code_shape),
            ]
        )
        decoder = keras.Sequential(
            [
                keras.Input(code_shape),
                layers.Flatten(),
                layers.Dense(16, activation="tanh"),
                layers.Reshape((4, 4, 1)),
            ]
        )
        return m2m.Autoencoder(encoder, decoder)

    return make
