"""All figures at once, with what limits them."""

import json

import numpy as np
import pytest

from m2m_tf import metrics
from m2m_tf.features import Features
from m2m_tf.metrics import METRICS, measure


def features(seed, count=60, dim=8, extractor="pixels", resize="none", notes=(), shift=0.0):
    values = shift + np.random.default_rng(seed).normal(size=(count, dim))
    return Features(values.astype("float32"), extractor, resize, notes)


def test_each_figure_is_the_pure_functions_value():
    real, generated = features(0), features(1, count=70, shift=0.5)
    pair = real.values, generated.values
    found = measure(real, generated, seed=3)
    assert tuple(found) == METRICS
    kernel, error = metrics.kernel_distance(*pair, seed=3)
    precision, recall = metrics.precision_recall(*pair)
    density, coverage = metrics.density_coverage(*pair)
    expected = {
        "frechet_distance": metrics.frechet_distance(*pair),
        "frechet_distance_extrapolated": metrics.extrapolated_frechet_distance(*pair, seed=3),
        "kernel_distance": kernel,
        "precision": precision,
        "recall": recall,
        "density": density,
        "coverage": coverage,
        "sliced_w1": metrics.sliced_wasserstein(*pair, seed=3),
    }
    assert {name: float(figure) for name, figure in found.items()} == expected
    errors = {name: figure.error for name, figure in found.items() if figure.error is not None}
    assert errors == {"kernel_distance": error}


def test_each_figure_says_how_it_was_measured():
    found = measure(features(0, resize="bilinear"), features(1, count=70, resize="bilinear"))
    for name, figure in found.items():
        assert (figure.metric, figure.extractor, figure.resize) == (name, "pixels", "bilinear")
        assert (figure.real_count, figure.generated_count) == (60, 70)
        json.dumps(figure.to_json())


@pytest.mark.parametrize("asked", ["recall", ["recall"], ("sliced_w1", "density"), METRICS[::-1]])
def test_only_the_metrics_asked_for_are_measured_in_their_order(asked):
    names = {asked} if isinstance(asked, str) else set(asked)
    found = measure(features(0), features(1), metrics=asked)
    assert list(found) == [name for name in METRICS if name in names]
    everything = measure(features(0), features(1))
    assert found == {name: everything[name] for name in found}


@pytest.mark.parametrize("asked", ["fid", ["recall", "fid"], []])
def test_an_unknown_metric_is_refused_with_those_there_are(asked):
    with pytest.raises(ValueError, match="frechet_distance, .*sliced_w1; got"):
        measure(features(0), features(1), metrics=asked)


@pytest.mark.parametrize("name", ["extractor", "resize"])
def test_features_made_otherwise_are_refused(name):
    with pytest.raises(ValueError, match=f"one {name}; got .* 'other' for the generated"):
        measure(features(0), features(1, **{name: "other"}))


def test_the_notes_of_the_features_come_with_the_figures_once():
    note = "converted grey images to colour"
    found = measure(features(0, notes=[note]), features(1, notes=[note, "another"]))
    assert all(figure.notes == (note, "another") for figure in found.values())


@pytest.mark.filterwarnings("ignore:overflow")
def test_features_so_large_that_they_overflow_are_refused():
    large = Features(features(0).values * 1e37, "pixels")
    assert measure(large, features(1), metrics="frechet_distance")
    with pytest.raises(ValueError, match="kernel_distance came out as .* ± inf"):
        measure(large, features(1), metrics="kernel_distance")
