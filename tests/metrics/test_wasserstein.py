"""Wasserstein-1: exact, in batches, along directions."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from m2m_tf.metrics import sliced_wasserstein, wasserstein

seeds = st.integers(0, 2**32 - 1)
dims = st.integers(1, 10)


def drawn(seed, dim, counts):
    rng = np.random.default_rng(seed)
    return [rng.normal(size=dim) + rng.normal(size=(count, dim)) for count in counts]


@settings(max_examples=40, deadline=None)
@given(seeds, dims, st.integers(1, 25))
def test_the_distance_is_a_metric_on_samples(seed, dim, count):
    first, second, third = drawn(seed, dim, [count] * 3)
    there, back = wasserstein(first, second).value, wasserstein(second, first).value
    assert there == pytest.approx(back, rel=1e-9)
    assert wasserstein(first, first[::-1]).value == 0
    detour = there + wasserstein(second, third).value
    assert wasserstein(first, third).value <= detour * (1 + 1e-9)


@settings(max_examples=40, deadline=None)
@given(seeds, dims, st.integers(1, 40), st.floats(1e-3, 1e3))
def test_a_shifted_copy_is_as_far_as_the_shift(seed, dim, count, length):
    (points,) = drawn(seed, dim, [count])
    shift = np.random.default_rng(seed + 1).normal(size=dim)
    shift *= length / np.linalg.norm(shift)
    assert wasserstein(points, points + shift).value == pytest.approx(length, rel=1e-9)


@settings(max_examples=40, deadline=None)
@given(seeds, dims, st.integers(1, 40))
def test_the_sliced_distance_is_never_above(seed, dim, count):
    first, second = drawn(seed, dim, [count] * 2)
    assert sliced_wasserstein(first, second, projections=8) <= wasserstein(first, second).value * (
        1 + 1e-9
    )


@settings(max_examples=30, deadline=None)
@given(seeds, dims, st.integers(2, 60), st.integers(1, 30))
def test_batches_give_at_least_the_exact_distance(seed, dim, count, limit):
    first, second = drawn(seed, dim, [count] * 2)
    found = wasserstein(first, second, limit=limit)
    assert found.batches == -(-count // limit) and found.exact == (count <= limit)
    assert found.value >= wasserstein(first, second).value * (1 - 1e-9)


def test_above_the_limit_the_result_says_so():
    first, second = drawn(0, 3, [50, 50])
    found = wasserstein(first, second, limit=20)
    assert (found.count, found.batches, found.exact) == (50, 3, False)
    assert any("3 disjoint batches" in note for note in found.notes)
    exact = wasserstein(first, second)
    assert (exact.count, exact.batches, exact.exact, exact.notes) == (50, 1, True, ())
    assert float(exact) == exact.value


@pytest.mark.parametrize("swapped", [False, True])
def test_of_the_larger_set_as_many_are_drawn_as_the_smaller_has(swapped):
    few, many = drawn(0, 3, [20, 90])
    found = wasserstein(many, few) if swapped else wasserstein(few, many)
    assert (found.count, found.batches, found.exact) == (20, 1, True)
    which = "real" if swapped else "generated"
    assert found.notes == (f"20 of 90 {which} samples drawn at random, to match the other side",)


@pytest.mark.parametrize("limit", [2000, 25])
def test_of_the_larger_set_the_samples_are_drawn_at_random(limit):
    """The nearest or the first ones would all lie at 0."""
    few, many = np.zeros((100, 1)), np.repeat([0.0, 1.0], 200)[:, None]
    assert wasserstein(few, many, limit=limit).value == pytest.approx(0.5, abs=0.2)


@settings(max_examples=40, deadline=None)
@given(seeds, st.integers(1, 12), st.integers(1, 12), st.integers(2, 4))
def test_the_sliced_distance_does_not_see_repetition(seed, count, other, times):
    """The same laws, with every sample several times: exact for unequal counts."""
    first, second = drawn(seed, 3, [count, other])
    expected = sliced_wasserstein(first, second, projections=5)
    repeated = sliced_wasserstein(np.repeat(first, times, axis=0), second, projections=5)
    assert repeated == pytest.approx(expected, rel=1e-9)
    assert sliced_wasserstein(first, np.repeat(first, times, axis=0)) < 1e-12


def test_along_a_line_the_sliced_distance_is_the_distance():
    first, second = drawn(0, 1, [30, 30])
    assert sliced_wasserstein(first, second, projections=3) == pytest.approx(
        wasserstein(first, second).value, rel=1e-12
    )


def test_a_shift_shows_by_its_mean_length_along_a_direction():
    (points,) = drawn(0, 3, [10])
    found = sliced_wasserstein(points, points + [0, 0, 4], projections=20_000)
    assert found == pytest.approx(2.0, rel=0.02)  # in three dimensions, half of it


def test_the_blocks_of_directions_add_up():
    first, second = drawn(0, 4, [30, 20])
    directions = np.random.default_rng(7).normal(size=(70, 4))
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    quantiles = (np.arange(6000) + 0.5) / 6000
    apart = [
        np.mean(
            np.abs(
                np.quantile(first @ direction, quantiles, method="inverted_cdf")
                - np.quantile(second @ direction, quantiles, method="inverted_cdf")
            )
        )
        for direction in directions
    ]
    found = sliced_wasserstein(first, second, projections=70, seed=7)
    assert found == pytest.approx(np.mean(apart), rel=1e-9)
