"""Draws that keep their distance from codes, and draws that do not."""

import numpy as np
import pytest

from m2m_tf.minds.priors.distance_kept import keeps_distance


def normal(count, dim=8, seed=0):
    return np.random.default_rng(seed).normal(size=(count, dim)).astype("float32")


@pytest.mark.parametrize("seed", range(5))
def test_new_points_of_the_same_law_do(seed):
    assert keeps_distance(normal(4000, seed=seed), normal(4000, seed=seed + 100))


@pytest.mark.parametrize("share", [0.1, 1.0])
@pytest.mark.parametrize("noise", [0.0, 0.02])
def test_points_beside_codes_do_not(share, noise):
    codes, draws = normal(2000), normal(2000, seed=1)
    copied = int(share * len(draws))
    draws[:copied] = codes[:copied] + noise * normal(copied, seed=2)
    assert not keeps_distance(codes, draws)


def test_of_one_or_two_codes_nothing_is_asked():
    assert keeps_distance(normal(1), normal(5)) and keeps_distance(normal(2), normal(5))


def test_codes_that_are_all_one_are_no_error():
    assert keeps_distance(np.zeros((50, 3), "float32"), np.zeros((50, 3), "float32"))
