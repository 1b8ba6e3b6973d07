"""The two updates of a training step: each moves its own network, the other is held."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from m2m_tf.minds.noise import StepNoise
from m2m_tf.minds.training_step import descend


@pytest.fixture
def model(make_mind):
    model = make_mind(prior="normal")
    model.batch_size = 6
    return model


@pytest.fixture
def real():
    return tf.constant(np.random.default_rng(0).normal(size=(6, 16)), "float32")


def values(network):
    return [weight.copy() for weight in network.get_weights()]


def same(network, before):
    return [np.array_equal(*pair) for pair in zip(network.get_weights(), before, strict=True)]


@pytest.mark.slow
def test_the_critics_update_holds_the_generator(model, real):
    fake, alpha = tf.random.normal((6, 16), seed=1), tf.fill((6, 1), 0.5)
    generator, critic = values(model.generator), values(model.critic)
    first = model.critic_step(real, fake, alpha)
    assert all(same(model.generator, generator)) and not any(same(model.critic, critic)[:-1])
    for _ in range(30):
        later = model.critic_step(real, fake, alpha)
    assert later["critic_loss"] < first["critic_loss"]
    assert later["score_gap"] > first["score_gap"]


def test_the_generators_update_holds_the_critic_and_moves_the_average(model, real):
    networks = (model.generator, model.critic, model.average)
    before = [values(network) for network in networks]
    logs = model.generator_step(real)
    moved, held, average = map(same, networks, before)
    assert all(held) and not all(moved) and not all(average)
    assert set(logs) == {"generator_loss", "generator_gradient_norm"}


def test_a_fake_code_stands_for_each_real_one_of_each_critic_step(model):
    codes = tf.zeros((6, model.critic_steps, 16))
    fakes = model.fake_codes(StepNoise(model, codes))
    assert fakes.shape == codes.shape
    assert len(np.unique(fakes.numpy().reshape(12, 16), axis=0)) == 12


@pytest.mark.parametrize("share", [1.0, 0.25])
def test_descending_follows_the_gradient_by_the_replicas_share(share):
    network = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, use_bias=False)])
    network.set_weights([np.float32([[3.0], [4.0]])])
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(network.weights[0].value ** 2) / 2
    norm = descend(network, keras.optimizers.SGD(0.1), tape, loss, share)
    assert float(norm) == pytest.approx(5 * share)
    expected = (1 - 0.1 * share) * np.float32([[3.0], [4.0]])
    np.testing.assert_allclose(network.get_weights()[0], expected, rtol=1e-6)
