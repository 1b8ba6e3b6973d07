"""What the metrics refuse, and what they say."""

import numpy as np
import pytest

from m2m_tf.metrics import (
    density_coverage,
    extrapolated_frechet_distance,
    frechet_distance,
    frechet_distance_from_moments,
    kernel_distance,
    precision_recall,
    sliced_wasserstein,
    wasserstein,
)

METRICS = (
    frechet_distance,
    extrapolated_frechet_distance,
    kernel_distance,
    precision_recall,
    density_coverage,
    sliced_wasserstein,
    wasserstein,
)
SEEDED = (extrapolated_frechet_distance, kernel_distance, sliced_wasserstein, wasserstein)


@pytest.fixture
def features():
    return np.random.default_rng(0).normal(size=(2, 30, 4))


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("side", [0, 1])
def test_a_feature_that_is_not_finite_is_refused_with_its_index(metric, bad, side, features):
    features[side, 17, 2] = bad
    which = ("real", "generated")[side]
    with pytest.raises(ValueError, match=f"{which} .*sample 17 .*feature 2, and 1 of 30"):
        metric(*features)


@pytest.mark.parametrize("metric", METRICS)
def test_features_of_different_width_are_refused(metric, features):
    with pytest.raises(ValueError, match="same width; got 4 real and 3 generated"):
        metric(features[0], features[1, :, :3])


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("shape", [(30,), (30, 2, 2), (30, 0)])
def test_features_of_another_rank_are_refused(metric, shape, features):
    with pytest.raises(ValueError, match=r"shape \(n, dim\).*Flatten"):
        metric(np.zeros(shape), features[0])


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("words", ["text", [["a", "b"]], None, np.ones((30, 4), complex)])
def test_what_holds_no_numbers_is_refused(metric, words, features):
    with pytest.raises(ValueError, match="array of real numbers"):
        metric(features[0], words)


@pytest.mark.parametrize(
    "metric, least",
    [
        (frechet_distance, 2),
        (extrapolated_frechet_distance, 12),
        (kernel_distance, 3),
        (precision_recall, 4),
    ],
)
@pytest.mark.parametrize("side", [0, 1])
def test_too_few_samples_are_refused_and_the_least_number_is_enough(metric, least, side, features):
    sides = list(features)
    sides[side] = sides[side][: least - 1]
    which = ("real", "generated")[side]
    with pytest.raises(ValueError, match=f"at least {least} {which} samples; got {least - 1}"):
        metric(*sides)
    sides[side] = features[side][:least]
    assert np.isfinite(metric(*sides)).all()


def test_coverage_asks_for_neighbours_of_the_real_only(features):
    with pytest.raises(ValueError, match="at least 6 real samples; got 5"):
        density_coverage(features[0][:5], features[1])
    assert np.isfinite(density_coverage(features[0][:6], features[1][:1])).all()


@pytest.mark.parametrize("metric", [sliced_wasserstein, wasserstein])
def test_a_transport_distance_needs_a_sample(metric, features):
    with pytest.raises(ValueError, match="at least 1 generated samples; got 0"):
        metric(features[0], features[1][:0])


@pytest.mark.parametrize(
    "metric, setting",
    [
        (kernel_distance, {"subset_size": 2}),
        (kernel_distance, {"subsets": 0}),
        (precision_recall, {"neighbours": 0}),
        (density_coverage, {"neighbours": 1.5}),
        (sliced_wasserstein, {"projections": 0}),
        (wasserstein, {"limit": True}),
        *[(metric, {"seed": bad}) for metric in SEEDED for bad in (-1, 2**32, 0.5, None)],
    ],
)
def test_a_setting_out_of_range_is_named(metric, setting, features):
    with pytest.raises(ValueError, match=next(iter(setting))):
        metric(*features, **setting)


@pytest.mark.parametrize("metric", METRICS)
def test_the_features_are_left_as_they_were(metric, features):
    before = features.copy()
    features.setflags(write=False)
    metric(*features)
    np.testing.assert_array_equal(features, before)


@pytest.mark.parametrize("metric", METRICS)
def test_whole_numbers_and_float32_are_measured_in_float64(metric):
    whole = np.random.default_rng(0).integers(-9, 9, (2, 40, 3))
    expected = metric(*whole.astype("float64"))
    assert metric(*whole.astype("int8")) == expected
    assert metric(*whole.astype("float32")) == expected


@pytest.mark.parametrize("metric", SEEDED)
def test_the_seed_decides_the_draws(metric, features):
    settings = {kernel_distance: {"subset_size": 9}, wasserstein: {"limit": 9}}.get(metric, {})
    first = metric(*features, seed=1, **settings)
    assert first == metric(*features, seed=1, **settings)
    assert first != metric(*features, seed=2, **settings)


@pytest.mark.parametrize(
    "moments, said",
    [
        ((np.zeros(2), np.eye(3), np.zeros(3), np.eye(3)), "real moments must be a mean"),
        ((np.zeros(3), np.eye(3), np.zeros(2), np.eye(2)), "same number of features; got 3 and 2"),
        ((np.zeros(2), np.eye(2), np.zeros(2), np.eye(2) * np.nan), "generated moments .*finite"),
        ((np.zeros(2), np.array([[1, 0.5], [0, 1]]), np.zeros(2), np.eye(2)), "symmetric"),
        ((np.zeros(2), np.eye(2), np.zeros(2), np.diag([1, -0.1])), "no negative eigenvalue"),
    ],
)
def test_moments_that_are_none_are_refused(moments, said):
    with pytest.raises(ValueError, match=said):
        frechet_distance_from_moments(*moments)
