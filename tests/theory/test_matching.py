"""Exact Wasserstein-1 between two sets of as many points."""

import itertools

import numpy as np
import pytest
from scipy.spatial.distance import cdist
from scipy.stats import wasserstein_distance

from m2m_tf.theory import matching
from m2m_tf.theory.matching import distances, match, pairwise, wasserstein_1


def draw(seed, *shape):
    return np.random.default_rng(seed).normal(size=shape).astype("float32")


@pytest.mark.parametrize("seed", range(5))
def test_no_other_pairing_is_shorter(seed):
    points, others = draw(seed, 6, 2), draw(seed + 100, 6, 2)
    costs = cdist(points, others)
    least = min(costs[range(6), list(order)].mean() for order in itertools.permutations(range(6)))
    assert wasserstein_1(points, others) == pytest.approx(least, rel=1e-6)


def test_on_a_line_it_is_scipys():
    points, others = draw(0, 200, 1), 2 * draw(1, 200, 1) + 1
    expected = wasserstein_distance(points[:, 0], others[:, 0])
    assert wasserstein_1(points, others) == pytest.approx(expected, rel=1e-6)


def test_a_set_in_another_order_is_matched_to_itself():
    points = draw(0, 50, 3, 2, 1)
    order = np.random.default_rng(1).permutation(50)
    np.testing.assert_array_equal(points[order][match(points, points[order])], points)


def test_distances_do_not_depend_on_the_chunks(monkeypatch):
    points, others = draw(0, 40, 3, 5), draw(1, 40, 3, 5)
    expected = cdist(points.reshape(40, -1), others.reshape(40, -1))
    monkeypatch.setattr(matching, "COLUMNS", 4)
    monkeypatch.setattr(matching, "VALUES", 50)
    np.testing.assert_allclose(pairwise(points, others), expected, rtol=1e-6)
    np.testing.assert_allclose(distances(points, others), np.diag(expected), rtol=1e-6)


def test_points_far_from_the_origin_keep_their_distances():
    points, others = draw(0, 20, 4).astype("float64"), draw(1, 20, 4).astype("float64")
    expected = cdist(points, others)
    np.testing.assert_allclose(pairwise(points + 1e6, others + 1e6), expected, rtol=1e-6)
