"""Precision, recall, density and coverage: their range, their symmetry, their known cases."""

import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from m2m_tf.metrics import density_coverage, neighbours, precision_recall

pairs = st.fixed_dictionaries(
    {
        "seed": st.integers(0, 2**32 - 1),
        "dim": st.integers(1, 6),
        "counts": st.tuples(st.integers(8, 40), st.integers(8, 40)),
        "shift": st.floats(0, 2),
        "offset": st.sampled_from([0.0, 1e3]),
    }
)


def drawn(seed, dim, counts, shift, offset):
    rng = np.random.default_rng(seed)
    real = offset + rng.normal(size=(counts[0], dim))
    return real, offset + shift + rng.normal(size=(counts[1], dim))


def distances(first, second):
    return np.linalg.norm(first[:, None] - second[None], axis=-1)


@settings(max_examples=15, deadline=None)
@given(pairs, st.integers(1, 7))
def test_each_figure_is_what_its_definition_counts(pair, k):
    real, generated = drawn(**pair)
    real_radii = np.sort(distances(real, real), axis=1)[:, k]
    generated_radii = np.sort(distances(generated, generated), axis=1)[:, k]
    across = distances(real, generated)
    inside = across <= real_radii[:, None]
    assert precision_recall(real, generated, k) == pytest.approx(
        (inside.any(axis=0).mean(), (across <= generated_radii).any(axis=1).mean())
    )
    assert density_coverage(real, generated, k) == pytest.approx(
        (inside.sum(axis=0).mean() / k, inside.any(axis=1).mean())
    )


@settings(max_examples=10, deadline=None)
@given(pairs)
def test_recall_is_precision_with_the_sides_swapped(pair):
    real, generated = drawn(**pair)
    precision, recall = precision_recall(real, generated)
    assert precision_recall(generated, real) == (recall, precision)
    assert 0 <= precision <= 1 and 0 <= recall <= 1


@settings(max_examples=10, deadline=None)
@given(pairs)
def test_a_copy_of_the_real_set_has_every_figure_at_one(pair):
    real, _ = drawn(**pair)
    assert precision_recall(real, real.copy()) == (1.0, 1.0)
    assert density_coverage(real, real.copy()) == pytest.approx((1.0, 1.0))


def test_sets_far_apart_share_nothing():
    real = np.random.default_rng(0).normal(size=(50, 3))
    assert precision_recall(real, real + 100) == (0.0, 0.0)
    assert density_coverage(real, real + 100) == (0.0, 0.0)


def test_a_generator_stuck_at_one_image_has_precision_without_recall():
    real = np.random.default_rng(0).normal(size=(200, 3))
    stuck = np.tile(real.mean(axis=0), (50, 1))
    precision, recall = precision_recall(real, stuck)
    assert (precision, recall) == (1.0, 0.0)
    assert density_coverage(real, stuck)[1] < 0.1


def test_one_outlier_raises_precision_but_hardly_density():
    rng = np.random.default_rng(0)
    real, generated = rng.normal(size=(200, 3)), 20 + rng.normal(size=(200, 3))
    real[0] = 30.0
    assert precision_recall(real, generated)[0] == 1.0
    assert density_coverage(real, generated)[0] <= 1 / 5
    assert density_coverage(real, generated)[1] <= 1 / 200


@pytest.mark.parametrize("dim", [8, 32])
def test_coverage_of_the_same_law_is_what_its_paper_expects(dim):
    real, generated = np.random.default_rng(dim).normal(size=(2, 1000, dim))
    density, coverage = density_coverage(real, generated)
    assert coverage == pytest.approx(1 - 1 / 2**5, abs=0.02)
    assert density == pytest.approx(1.0, abs=0.1)


def test_images_that_are_all_the_same_are_measured():
    same = np.full((20, 4), 0.1)
    assert precision_recall(same, same) == (1.0, 1.0)
    assert precision_recall(same, same + 1) == (0.0, 0.0)
    assert density_coverage(same, same) == (0.0, 0.0)  # open balls without a radius hold nothing


def test_copies_lie_in_each_others_balls_however_rounding_falls():
    rng = np.random.default_rng(0)
    images = rng.normal(size=(30, 300))
    real, generated = np.repeat(images, 4, axis=0), rng.permutation(np.repeat(images, 5, axis=0))
    assert precision_recall(real, generated) == (1.0, 1.0)
    assert density_coverage(real, generated, neighbours=3) == (0.0, 0.0)


def test_a_large_offset_costs_no_digits():
    real, generated = np.random.default_rng(0).integers(-3000, 3000, (2, 300, 3)) / 1024
    far = real + 2.0**24, generated + 2.0**24  # exact in float64
    assert precision_recall(*far) == precision_recall(real, generated)
    assert density_coverage(*far) == density_coverage(real, generated)


@pytest.mark.slow
def test_many_samples_are_compared_in_blocks():
    count = 6000
    sides = np.random.default_rng(0).normal(size=(2, count, 4))
    tracemalloc.start()
    figures = neighbours.neighbour_figures(*sides, 3, 5)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 3 * neighbours.BLOCK_BYTES < 8 * count**2
    assert figures == (precision_recall(*sides), density_coverage(*sides))
