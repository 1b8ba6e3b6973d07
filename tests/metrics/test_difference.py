"""A difference of two Fréchet distances is called one only where images are enough to tell."""

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from m2m_tf.metrics import frechet_distance
from m2m_tf.metrics.difference import frechet_difference


@pytest.fixture(scope="module", autouse=True)
def one_thread():
    """For so few points, threads cost more than they bring."""
    with threadpool_limits(1):
        yield


def points(count, seed, dim=6, shift=0.0):
    return np.random.default_rng(seed).normal(size=(count, dim)) + shift


def test_the_value_is_the_difference_of_the_distances():
    real, first, second = points(90, 0), points(80, 1, shift=1), points(70, 2)
    found = frechet_difference(real, first, second)
    distances = [frechet_distance(real, each) for each in (first, second)]
    assert found.value == pytest.approx(distances[0] - distances[1])
    assert found.low < found.value < found.high
    assert found == frechet_difference(real, first, second, seed=0)


@pytest.mark.parametrize("dim", [6, 70])  # 70: more features than axes, and than samples
def test_sets_that_are_the_same_are_level_in_twenty_of_twenty_seeds(dim):
    for seed in range(20):
        made = points(60, seed, dim, shift=0.3)
        assert frechet_difference(points(60, 100 + seed, dim), made, made.copy(), seed).is_level


def test_draws_of_one_law_are_level_nearly_always():
    real = points(300, 99)
    found = [
        frechet_difference(real, points(150, seed), points(150, 50 + seed), seed)
        for seed in range(20)
    ]
    assert sum(each.is_level for each in found) >= 18


def test_what_is_plainly_nearer_is_not_level():
    near, far = points(150, 1, shift=0.1), points(150, 2, shift=1.0)
    found = frechet_difference(points(300, 0), near, far)
    assert found.high < 0
    assert frechet_difference(points(300, 0), far, near).low > 0


def test_pairing_tells_what_independent_draws_do_not():
    real, start = points(200, 0), points(200, 1, shift=0.5)
    paired = frechet_difference(real, start - 0.03, start)
    independent = frechet_difference(real, points(200, 2, shift=0.47), start)
    assert paired.high - paired.low < (independent.high - independent.low) / 2
    assert paired.high < 0


def test_more_images_than_are_resampled_narrow_the_interval():
    real, first, second = points(6000, 0), points(6000, 1, shift=0.2), points(6000, 2)
    few = frechet_difference(real[:2000], first[:2000], second[:2000])
    many = frechet_difference(real, first, second)
    assert many.high - many.low < 0.8 * (few.high - few.low)


def test_wide_features_are_measured_along_their_widest_axes():
    rng = np.random.default_rng(0)
    wide = rng.normal(size=(3, 60, 8)) @ rng.normal(size=(8, 1100))
    wide[1] += 1
    found = frechet_difference(*wide)
    assert found.low > 0
