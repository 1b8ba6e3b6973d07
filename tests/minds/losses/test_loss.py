"""What all losses of a game have in common."""

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from m2m_tf.minds.losses import LOSSES, get_loss

every_loss = pytest.mark.parametrize("name", [name for name in LOSSES if name != "flow"])


def slopes_of(function, real, fake):
    with tf.GradientTape() as tape:
        tape.watch([real, fake])
        loss = function(real, fake)
    return tape.gradient(loss, [real, fake], unconnected_gradients="zero")


@every_loss
@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_critic_and_generator_pull_opposite_ways(name, seed):
    scores = np.random.default_rng(seed).uniform(-0.9, 0.9, size=(2, 5, 1)).astype("float32")
    real, fake = tf.constant(scores)
    loss = get_loss(name)
    up, down = slopes_of(loss.critic, real, fake)
    assert (up.numpy() < 0).all() and (down.numpy() > 0).all()
    of_real, of_fake = slopes_of(loss.generator, real, fake)
    assert (of_fake.numpy() < 0).all()
    assert (of_real.numpy() > 0).all() if loss.is_relative else not of_real.numpy().any()


@every_loss
def test_the_scores_are_the_critics_of_real_and_of_fake_codes(name):
    real, fake = tf.random.normal((2, 6, 3), seed=0)

    def critic(codes, training):
        return tf.reduce_sum(codes**2, axis=1, keepdims=True)

    alpha = tf.random.uniform((6, 1), seed=1)
    real_scores, fake_scores, penalty = get_loss(name).score(critic, real, fake, alpha)
    np.testing.assert_allclose(real_scores, critic(real, True), rtol=1e-6)
    np.testing.assert_allclose(fake_scores, critic(fake, True), rtol=1e-6)
    assert penalty.shape == () and float(penalty) > 0
