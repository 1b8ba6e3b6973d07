"""The distance from points to the nearest of another set."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from m2m_tf.metrics import frechet_distance
from m2m_tf.metrics.chamfer import chamfer_distance


def ring(count, seed, radius=1.0):
    angles = np.random.default_rng(seed).uniform(0, 2 * np.pi, count)
    return radius * np.stack([np.cos(angles), np.sin(angles)], axis=1)


def test_it_is_the_mean_way_there_and_the_mean_way_back():
    assert chamfer_distance([[0.0], [1.0]], [[0.0], [4.0]]) == pytest.approx(0.5 + 1.5)


def test_it_sees_the_shape_where_moments_see_none():
    real = ring(500, 0)
    gaussian = np.random.default_rng(1).normal(size=(500, 2)) * np.sqrt(0.5)
    wider = ring(500, 2, radius=1.1)
    assert frechet_distance(real, gaussian) < frechet_distance(real, wider)
    assert chamfer_distance(real, wider) < chamfer_distance(real, gaussian)


def test_points_that_are_all_the_same_are_far():
    real = ring(500, 0)
    assert chamfer_distance(real, np.zeros((500, 2))) > chamfer_distance(real, ring(500, 1, 1.5))


@given(st.integers(0, 2**32 - 1))
def test_it_is_symmetric_and_zero_for_the_same_points(seed):
    first, second = np.random.default_rng(seed).normal(size=(2, 20, 3))
    assert chamfer_distance(first, second) == pytest.approx(chamfer_distance(second, first))
    assert chamfer_distance(first, first) == pytest.approx(0, abs=1e-6)


def test_numbers_that_are_not_finite_are_refused():
    with pytest.raises(ValueError, match="finite"):
        chamfer_distance(ring(5, 0), np.full((5, 2), np.nan))
