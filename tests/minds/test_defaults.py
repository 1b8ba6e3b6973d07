"""Which networks, measure and rate a mind has by default."""

import keras
import numpy as np
import pytest

import m2m_tf as m2m
from m2m_tf.minds.defaults import networks_for


@pytest.fixture(scope="module")
def map_model():
    pair = m2m.build_pair((16, 16, 1), code_shape=(4, 4, 2), width=2)
    model = m2m.Mind2Mind(m2m.Autoencoder(*pair), seed=0)
    model.compile()
    return model


def convolutions(network):
    return [layer for layer in network.layers if isinstance(layer, keras.layers.Conv2D)]


def test_vectors_have_dense_networks_and_maps_convolutional_ones():
    assert networks_for((8,)).generator is m2m.build_generator
    assert networks_for((8,)).critic is m2m.build_critic
    assert networks_for((4, 4, 2)).generator is m2m.build_map_generator
    assert networks_for((4, 4, 2)).critic is m2m.build_map_critic


def test_a_mind_on_maps_is_convolutional_and_keeps_places(map_model):
    assert convolutions(map_model.generator) and convolutions(map_model.critic)
    assert map_model.statistics.kind == "scale"


def test_its_generator_moves_slowly_from_the_mixture(map_model):
    rate = map_model.generator_optimizer._learning_rate
    assert float(rate(10_000)) == pytest.approx(1e-4)
    assert float(map_model.critic_optimizer.learning_rate) == pytest.approx(2e-3)


@pytest.mark.slow
def test_before_training_it_generates_the_mixture(map_model, digits):
    map_model.fit(digits[:300, 6:22, 6:22], epochs=1, batch_size=300, verbose=0)
    latent = map_model.sample_latent(20, seed=0)
    codes = map_model.statistics.standardise(map_model.generate_codes(20, seed=0))
    np.testing.assert_allclose(np.reshape(codes, (20, -1)), latent, atol=1e-3)
