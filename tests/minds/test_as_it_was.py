"""A model that thawing did no good is what it was before."""

import keras
import numpy as np
import pytest

import m2m_tf as m2m
from m2m_tf.minds.as_it_was import AsItWas
from tests.minds.conftest import small_networks

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def images(digits):
    return digits[:60]


@pytest.mark.parametrize("encoder", [False, True])
def test_what_was_thawed_is_given_back(images, tiny_autoencoder_folder, encoder, tmp_path):
    keras.utils.set_random_seed(0)
    autoencoder = m2m.Autoencoder.load(tiny_autoencoder_folder)
    model = m2m.Mind2Mind(autoencoder, **small_networks(), critic_steps=1, seed=0)
    model.compile(jit_compile=False)
    model.fit(images, epochs=1, batch_size=20, validation_split=0.2, verbose=0)
    generated, steps = model.generate(5, seed=0), int(model.generator_optimizer.iterations)
    fingerprint, frozen = model.trained_on["fingerprint"], model.autoencoder
    before = AsItWas(model)
    model.thaw(images, epochs=1, batch_size=16, encoder=encoder, mind_epochs=1, verbose=0)
    assert np.abs(model.generate(5, seed=0) - generated).max() > 1e-4
    before.give_back(model)
    np.testing.assert_allclose(model.generate(5, seed=0), generated, atol=1e-6)
    assert model.autoencoder is frozen and model.trained_on["fingerprint"] == fingerprint
    assert int(model.generator_optimizer.iterations) == steps
    model.save(tmp_path / "model")
    loaded = m2m.Mind2Mind.load(tmp_path / "model")
    np.testing.assert_allclose(loaded.generate(5, seed=0), generated, atol=1e-5)
    model.fit(images, epochs=1, batch_size=20, validation_split=0.2, verbose=0)
