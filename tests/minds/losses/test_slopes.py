"""R1 + R2: the penalty on the critic's slope at real and at fake codes."""

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from m2m_tf.minds.losses.slopes import score_both, scores_and_slopes


def drawn(seed, *shape):
    return tf.constant(np.random.default_rng(seed).normal(size=shape), "float32")


@settings(max_examples=30, deadline=None)
@given(
    seed=st.integers(0, 2**32),
    scale=st.floats(0.01, 30),
    shape=st.sampled_from([(3,), (8,), (2, 3, 2)]),
)
def test_the_penalty_of_a_linear_critic_is_its_squared_slope(seed, scale, shape):
    slope = scale * drawn(seed, int(np.prod(shape)), 1)
    real, fake = drawn(seed + 1, 5, *shape), drawn(seed + 2, 5, *shape)

    def critic(codes, training):
        return tf.reshape(codes, (-1, int(np.prod(shape)))) @ slope + 3.0

    _, _, penalty = score_both(critic, real, fake, None)
    # Half of R1 and half of R2, each the squared slope.
    assert float(penalty) == pytest.approx(np.sum(slope.numpy() ** 2), rel=1e-4)


def test_real_and_fake_codes_count_alike():
    def critic(codes, training):
        return tf.reduce_sum(codes**2, axis=1, keepdims=True) / 2  # its gradient is the code

    real, fake = drawn(0, 6, 3), 4 * drawn(1, 6, 3)
    _, _, penalty = score_both(critic, real, fake, None)
    r1, r2 = (np.mean(np.sum(codes.numpy() ** 2, axis=1)) for codes in (real, fake))
    assert float(penalty) == pytest.approx((r1 + r2) / 2, rel=1e-5)
    scores, squares = scores_and_slopes(critic, real)
    np.testing.assert_allclose(squares, np.sum(real.numpy() ** 2, axis=1), rtol=1e-5)
    np.testing.assert_allclose(scores, critic(real, True))


def test_a_critic_that_is_flat_everywhere_costs_nothing_and_gives_no_nan():
    weight = tf.Variable(0.0)

    def critic(codes, training):
        return weight * tf.reduce_sum(codes, axis=1, keepdims=True)

    with tf.GradientTape() as tape:
        _, _, penalty = score_both(critic, drawn(0, 4, 2), drawn(1, 4, 2), None)
    assert float(penalty) == 0 and float(tape.gradient(penalty, weight)) == 0
