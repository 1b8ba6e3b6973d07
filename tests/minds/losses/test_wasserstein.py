"""The Wasserstein loss and its penalties, against their closed forms."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from m2m_tf.minds import build_critic, losses


def drawn(seed, *shape):
    return tf.constant(np.random.default_rng(seed).normal(size=shape), "float32")


@settings(max_examples=30, deadline=None)
@given(
    seed=st.integers(0, 2**32),
    scale=st.floats(0.01, 30),
    shape=st.sampled_from([(3,), (8,), (2, 3, 2)]),
)
def test_the_penalty_of_a_linear_critic_is_its_distance_from_slope_one(seed, scale, shape):
    slope = scale * drawn(seed, int(np.prod(shape)), 1)
    real, fake = drawn(seed + 1, 5, *shape), drawn(seed + 2, 5, *shape)
    alpha = np.random.default_rng(seed).uniform(size=(5, *[1] * len(shape))).astype("float32")

    def critic(codes, training):
        return tf.reshape(codes, (5, -1)) @ slope + 3.0

    penalty = losses.gradient_penalty(critic, real, fake, alpha)
    assert float(penalty) == pytest.approx((np.linalg.norm(slope) - 1) ** 2, rel=1e-3, abs=1e-5)


def test_the_penalty_is_measured_between_real_and_fake():
    real, fake = drawn(0, 6, 2), drawn(1, 6, 2)
    alpha = np.linspace(0, 1, 6, dtype="float32")[:, None]
    seen = []

    def critic(codes, training):
        seen.append(codes.numpy())
        return tf.reduce_sum(codes, axis=1, keepdims=True)

    losses.gradient_penalty(critic, real, fake, alpha)
    np.testing.assert_allclose(seen[0], (1 - alpha) * real + alpha * fake, atol=1e-6)
    np.testing.assert_allclose(seen[0][0], real[0], atol=1e-6)
    np.testing.assert_allclose(seen[0][-1], fake[-1], atol=1e-6)


def test_the_penalty_of_each_sample_counts_alike():
    slopes = tf.constant([[1.0], [2.0], [4.0]])  # a critic of another slope for each sample

    def critic(codes, training):
        return slopes * codes

    codes = drawn(0, 3, 1)
    penalty = losses.gradient_penalty(critic, codes, codes, np.zeros((3, 1), "float32"))
    assert float(penalty) == pytest.approx((0 + 1 + 9) / 3, rel=1e-5)


@pytest.mark.parametrize("jit_compile", [False, True])
def test_a_critic_without_slope_gives_no_nan(jit_compile):
    critic = build_critic((4,), widths=(5,))
    critic.set_weights([np.zeros_like(weight) for weight in critic.get_weights()])
    codes = drawn(0, 6, 4)

    @tf.function(jit_compile=jit_compile)
    def step():
        with tf.GradientTape() as tape:
            penalty = losses.gradient_penalty(critic, codes, codes, np.zeros((6, 1), "float32"))
        return penalty, tape.gradient(penalty, [v.value for v in critic.trainable_variables])

    penalty, gradients = step()
    assert float(penalty) == pytest.approx(1.0, abs=1e-4)
    for gradient in gradients:
        assert gradient is None or np.isfinite(gradient).all()


def test_the_penalty_teaches_a_critic_slope_one():
    keras.utils.set_random_seed(0)
    critic = build_critic((2,), widths=(8,))
    optimizer = keras.optimizers.Adam(0.02)
    real, fake = drawn(0, 64, 2), drawn(1, 64, 2)

    @tf.function
    def step(alpha):
        with tf.GradientTape() as tape:
            penalty = losses.gradient_penalty(critic, real, fake, alpha)
        variables = critic.trainable_variables
        gradients = tape.gradient(penalty, [v.value for v in variables])
        optimizer.apply_gradients(
            [(g, v) for g, v in zip(gradients, variables, strict=True) if g is not None]
        )
        return penalty

    alpha = np.random.default_rng(0).uniform(size=(64, 1)).astype("float32")
    first = float(step(alpha))
    for _ in range(60):
        last = float(step(alpha))
    assert last < 0.3 * first


def test_the_wasserstein_losses_are_differences_of_means():
    real, fake = drawn(0, 7, 1), drawn(1, 7, 1)
    assert float(losses.critic_loss(real, fake)) == pytest.approx(
        np.mean(fake) - np.mean(real), abs=1e-6
    )
    assert float(losses.generator_loss(fake)) == pytest.approx(-np.mean(fake), abs=1e-6)


def test_the_drift_penalty_is_the_mean_square():
    scores = tf.constant([[1.0], [-2.0], [3.0]])
    assert float(losses.drift_penalty(scores)) == pytest.approx(14 / 3, rel=1e-6)
