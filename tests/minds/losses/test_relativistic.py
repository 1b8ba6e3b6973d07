"""The relativistic loss: what counts is by how much one code wins over another."""

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from m2m_tf.minds.losses import get_loss
from m2m_tf.minds.losses.relativistic import relativistic_loss

SCORES = st.lists(st.tuples(*2 * [st.floats(-50, 50, width=32)]), min_size=1, max_size=9)


def columns(pairs):
    scores = np.array(pairs, "float32")
    return scores[:, :1], scores[:, 1:]


@settings(max_examples=40, deadline=None)
@given(pairs=SCORES)
def test_it_is_the_mean_of_softplus_of_what_the_winner_lacks(pairs):
    winning, losing = columns(pairs)
    expected = np.logaddexp(0, losing.astype("float64") - winning).mean()
    assert float(relativistic_loss(winning, losing)) == pytest.approx(expected, rel=1e-5, abs=1e-6)


@settings(max_examples=40, deadline=None)
@given(pairs=SCORES, shift=st.floats(-10, 10, width=32))
def test_a_score_added_to_both_changes_nothing(pairs, shift):
    real, fake = columns(pairs)
    for loss in (get_loss("relativistic").critic, get_loss("relativistic").generator):
        moved = float(loss(real + np.float32(shift), fake + np.float32(shift)))
        assert moved == pytest.approx(float(loss(real, fake)), rel=1e-4, abs=1e-4)


def test_codes_that_cannot_be_told_apart_cost_log_2():
    scores = tf.constant([[3.0], [-7.0]])
    loss = get_loss("relativistic")
    for each in (loss.critic, loss.generator):
        assert float(each(scores, scores)) == pytest.approx(np.log(2), rel=1e-6)


def test_what_the_critic_wins_the_generator_loses():
    real, fake = tf.constant([[2.0], [1.0]]), tf.constant([[-1.0], [0.5]])
    loss = get_loss("relativistic")
    assert float(loss.generator(real, fake)) == pytest.approx(float(loss.critic(fake, real)))
    # softplus(x) - softplus(-x) = x
    difference = float(loss.generator(real, fake) - loss.critic(real, fake))
    assert difference == pytest.approx(np.mean(real - fake), rel=1e-5)


def test_scores_far_apart_overflow_nowhere():
    far = tf.constant([[1e30]])
    assert float(relativistic_loss(far, -far)) == 0
    assert np.isfinite(float(relativistic_loss(tf.constant([[-1e4]]), tf.constant([[1e4]]))))
