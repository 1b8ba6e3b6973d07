"""The kernel distance: what it estimates, and its error."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from m2m_tf.metrics import kernel_distance


def by_hand(real, generated):
    """The unbiased estimate, pair by pair."""

    def kernel(a, b):
        return (a @ b / len(a) + 1) ** 3

    def within(side):
        count = len(side)
        pairs = [kernel(side[i], side[j]) for i in range(count) for j in range(count) if i != j]
        return np.mean(pairs)

    across = np.mean([kernel(a, b) for a in real for b in generated])
    return within(real) + within(generated) - 2 * across


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    counts=st.tuples(st.integers(3, 9), st.integers(3, 9)),
    dim=st.integers(1, 5),
)
def test_it_is_the_unbiased_estimate_over_pairs(seed, counts, dim):
    rng = np.random.default_rng(seed)
    real, generated = (rng.normal(size=(count, dim)) for count in counts)
    value, _ = kernel_distance(real, generated)
    assert value == pytest.approx(by_hand(real, generated), rel=1e-9, abs=1e-9)
    assert kernel_distance(generated, real)[0] == pytest.approx(value, rel=1e-9, abs=1e-9)


def test_the_error_is_the_jackknife_of_both_sides():
    rng = np.random.default_rng(0)
    real, generated = rng.normal(size=(12, 3)), 1 + rng.normal(size=(9, 3))
    variance = 0.0
    for side in (0, 1):
        sides = [real, generated]
        without = []
        for index in range(len(sides[side])):
            fewer = list(sides)
            fewer[side] = np.delete(sides[side], index, axis=0)
            without.append(by_hand(*fewer))
        variance += (len(without) - 1) * np.var(without)
    assert kernel_distance(real, generated)[1] == pytest.approx(np.sqrt(variance), rel=1e-9)


def test_halves_of_the_same_law_lie_evenly_around_zero():
    halves = np.random.default_rng(0).normal(size=(200, 2, 40, 6))
    values = np.array([kernel_distance(*pair)[0] for pair in halves])
    assert abs(values.mean()) < 3 * values.std() / np.sqrt(len(values))
    assert 0.25 < np.mean(values < 0) < 0.75


@pytest.mark.parametrize("settings", [{}, {"subset_size": 30, "subsets": 20}])
def test_the_error_is_what_other_samples_change(settings):
    rng = np.random.default_rng(0)
    draws = [
        kernel_distance(rng.normal(size=(120, 6)), 0.5 + rng.normal(size=(90, 6)), **settings)
        for _ in range(150)
    ]
    values, errors = np.array(draws).T
    assert 0.9 < np.sqrt(np.mean(errors**2)) / values.std() < 1.3


def test_more_subsets_leave_the_error_of_the_samples():
    rng = np.random.default_rng(0)
    real, generated = rng.normal(size=(400, 6)), 0.5 + rng.normal(size=(400, 6))
    errors = [
        kernel_distance(real, generated, subset_size=50, subsets=subsets)[1]
        for subsets in (1, 10, 200)
    ]
    whole = kernel_distance(real, generated)[1]
    assert errors[0] > errors[1] > errors[2]
    assert errors[0] == pytest.approx(whole * np.sqrt(400 / 50), rel=0.3)
    assert errors[2] == pytest.approx(whole, rel=0.15)


def test_a_set_smaller_than_the_subset_is_taken_whole():
    rng = np.random.default_rng(0)
    real, generated = rng.normal(size=(50, 4)), rng.normal(size=(70, 4))
    whole = kernel_distance(real, generated, subset_size=70, subsets=1)
    assert kernel_distance(real, generated) == pytest.approx(whole, rel=1e-9)


def test_no_sample_meets_itself_in_a_subset():
    """Where all samples are at right angles the kernel is 1, but for a sample with itself."""
    axes = 1e3 * np.eye(120)
    value, _ = kernel_distance(axes[:60], axes[60:], subset_size=30, subsets=5)
    assert value == 0
