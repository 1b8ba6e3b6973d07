"""The Fréchet distance as a metric: its axioms and invariances."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from m2m_tf.metrics import (
    extrapolated_frechet_distance,
    frechet_distance,
    frechet_distance_from_moments,
)

shapes = st.fixed_dictionaries(
    {
        "seed": st.integers(0, 2**32 - 1),
        "dim": st.integers(1, 12),
        "counts": st.tuples(*[st.integers(2, 30)] * 3),
        "scale": st.floats(1e-4, 1e4),
    }
)


def drawn(seed, dim, counts, scale):
    """Three sets, each with a covariance of its own, some of them singular."""
    rng = np.random.default_rng(seed)
    return [
        scale * (rng.normal(size=(count, dim)) @ rng.normal(size=(dim, dim)) + rng.normal(size=dim))
        for count in counts
    ]


def size(*sets):
    """The sets' mean square, beside which rounding is small."""
    return sum(np.mean(np.sum(side**2, axis=1)) for side in sets)


@settings(max_examples=60, deadline=None)
@given(shapes)
def test_the_distance_is_symmetric_and_zero_to_itself(shape):
    first, second, _ = drawn(**shape)
    there, back = frechet_distance(first, second), frechet_distance(second, first)
    assert there == pytest.approx(back, rel=1e-9, abs=1e-12 * size(first, second))
    assert 0 <= frechet_distance(first, first) < 1e-12 * size(first)
    assert there > 0


@settings(max_examples=60, deadline=None)
@given(shapes)
def test_its_root_obeys_the_triangle_inequality(shape):
    first, second, third = drawn(**shape)
    a, b, c = (
        np.sqrt(frechet_distance(*pair))
        for pair in ((first, second), (second, third), (first, third))
    )
    assert c <= (a + b) * (1 + 1e-9)


@settings(max_examples=40, deadline=None)
@given(shapes)
def test_turning_shifting_and_shuffling_both_sets_changes_nothing(shape):
    first, second, _ = drawn(**shape)
    rng = np.random.default_rng(shape["seed"])
    turn = np.linalg.qr(rng.normal(size=(first.shape[1],) * 2))[0]
    shift = 10 * shape["scale"]
    moved = (rng.permutation(side) @ turn + shift for side in (first, second))
    expected = frechet_distance(first, second)
    assert frechet_distance(*moved) == pytest.approx(expected, rel=1e-9)


@settings(max_examples=40, deadline=None)
@given(shapes, st.floats(1e-3, 1e3))
def test_it_grows_with_the_square_of_the_unit(shape, factor):
    first, second, _ = drawn(**shape)
    expected = factor**2 * frechet_distance(first, second)
    assert frechet_distance(factor * first, factor * second) == pytest.approx(expected, rel=1e-9)


@settings(max_examples=40, deadline=None)
@given(shapes)
def test_moments_give_what_the_features_give(shape):
    first, second, _ = drawn(**shape)
    moments = [
        moment
        for side in (first, second)
        for moment in (side.mean(axis=0), np.atleast_2d(np.cov(side, rowvar=False)))
    ]
    assert frechet_distance_from_moments(*moments) == pytest.approx(
        frechet_distance(first, second), rel=1e-5, abs=1e-6 * size(first, second)
    )


def test_a_close_pair_keeps_its_digits():
    """The textbook sum of traces would leave none of them."""
    features = np.random.default_rng(0).normal(size=(200, 6))
    centred = features - features.mean(axis=0)
    stretched = features.mean(axis=0) + (1 + 1e-7) * centred
    expected = 1e-14 * np.trace(np.cov(features, rowvar=False))
    assert frechet_distance(features, stretched) == pytest.approx(expected, rel=1e-6)


def test_constant_features_differ_by_their_shift_alone():
    first, second = np.full((5, 3), 2.0), np.full((7, 3), 3.0)
    assert frechet_distance(first, second) == pytest.approx(3.0, rel=1e-12)
    zero = np.zeros((3, 3))
    assert frechet_distance_from_moments(np.zeros(3), zero, np.ones(3), zero) == 3.0
    assert frechet_distance_from_moments(np.zeros(3), zero, np.ones(3), np.eye(3)) == 6.0


def test_more_samples_than_the_extrapolation_uses_would_give_less_bias():
    real, generated = np.random.default_rng(0).normal(size=(2, 400, 40))
    distances = [frechet_distance(real[:count], generated[:count]) for count in (100, 200, 400)]
    assert distances[0] > distances[1] > distances[2] > 1.0
    assert abs(extrapolated_frechet_distance(real, generated)) < 0.2 * distances[2]


def test_the_extrapolation_is_the_line_through_the_means_of_disjoint_subsets():
    rng = np.random.default_rng(0)
    sides = rng.normal(size=(130, 4)), 0.5 + 2 * rng.normal(size=(95, 4))
    split = np.random.default_rng(5)
    pieces = [np.array_split(side[split.permutation(len(side))], 12) for side in sides]
    means = []
    for size in (12, 6, 4, 3):
        subsets = [
            [np.concatenate(side[start : start + size]) for start in range(0, 12, size)]
            for side in pieces
        ]
        means.append(np.mean([frechet_distance(*pair) for pair in zip(*subsets, strict=True)]))
    expected = np.polyfit([1, 2, 3, 4], means, 1)[1]
    assert extrapolated_frechet_distance(*sides, seed=5) == pytest.approx(expected, rel=1e-9)


def test_the_extrapolation_takes_sets_of_different_size():
    rng = np.random.default_rng(0)
    real, generated = rng.normal(size=(900, 16)), 0.5 + rng.normal(size=(300, 16))
    found = [extrapolated_frechet_distance(real, generated, seed=seed) for seed in range(5)]
    assert np.mean(found) == pytest.approx(4.0, rel=0.1)
    assert abs(np.mean(found) - 4.0) < frechet_distance(real, generated) - 4.0


def test_fewer_samples_than_features_are_looked_at_in_their_span(monkeypatch):
    rng = np.random.default_rng(0)
    sides = [shift + rng.normal(size=(60, 300)) @ rng.normal(size=(300, 300)) for shift in (0, 2)]
    found = extrapolated_frechet_distance(*sides)
    monkeypatch.setattr("m2m_tf.metrics.frechet._in_their_span", lambda *sides: sides)
    assert found == pytest.approx(extrapolated_frechet_distance(*sides), rel=1e-9)
