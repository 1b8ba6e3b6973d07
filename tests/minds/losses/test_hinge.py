"""The hinge loss: scores past the margin are good enough."""

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from m2m_tf.minds.losses import get_loss
from m2m_tf.minds.losses.hinge import hinge_loss

SCORES = st.lists(st.floats(-50, 50, width=32), min_size=1, max_size=9)


@settings(max_examples=40, deadline=None)
@given(real=SCORES, fake=SCORES)
def test_it_is_what_real_and_fake_scores_lack_to_the_margin(real, fake):
    expected = np.mean([max(0, 1 - r) for r in real]) + np.mean([max(0, 1 + f) for f in fake])
    found = float(hinge_loss(np.float32(real)[:, None], np.float32(fake)[:, None]))
    assert found == pytest.approx(expected, rel=1e-5, abs=1e-6)


def test_scores_past_the_margin_teach_nothing():
    scores = tf.constant([[1.5], [1.0001], [0.5]])
    with tf.GradientTape() as tape:
        tape.watch(scores)
        loss = hinge_loss(scores, -scores)
    slopes = tape.gradient(loss, scores).numpy()[:, 0]
    np.testing.assert_allclose(slopes, [0, 0, -2 / 3], rtol=1e-5)


def test_the_generator_raises_fake_scores_without_a_margin():
    fake = tf.constant([[5.0], [-1.0]])
    assert float(get_loss("hinge").generator(None, fake)) == pytest.approx(-2)
