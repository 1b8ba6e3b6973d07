"""Runs are tried through their commands, too."""

import numpy as np
import pytest

import m2m_tf
from tests.cli.conftest import m2m, model_folder, refused

__all__ = ["m2m", "model_folder", "refused"]


@pytest.fixture(scope="session", params=[None, ("cat", "dog")], ids=["plain", "classes"])
def drawn_model(request, tiny_autoencoder_folder):
    """A mind with random networks that was never trained; without classes, or with two."""
    autoencoder = m2m_tf.Autoencoder.load(tiny_autoencoder_folder)
    settings = {"prior": "normal", "standardise": "scale", "classes": request.param, "seed": 0}
    model = m2m_tf.Mind2Mind(autoencoder, **settings)
    model.statistics.adapt(np.random.default_rng(0).normal(3, 2, (50, 16)))
    if request.param:
        model.class_law.adapt(np.array([0, 0, 0, 1]))
    return model
