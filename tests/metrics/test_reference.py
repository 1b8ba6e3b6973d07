"""The metrics against other packages' values and closed forms; reference/ says how they came."""

import numpy as np
import pytest

from m2m_tf.metrics import extrapolated_frechet_distance, frechet_distance
from tests.metrics.reference.agreement import REFERENCE, TOLERANCES, differences
from tests.metrics.reference.feature_sets import feature_sets


@pytest.fixture(scope="module")
def found():
    return differences()


def test_the_features_are_those_that_the_references_were_made_of():
    for name, pair in feature_sets().items():
        sums = [side.sum() for side in pair]
        np.testing.assert_allclose(sums, REFERENCE["feature_sets"][name]["sums"], rtol=1e-9)


@pytest.mark.parametrize("metric, reference", TOLERANCES)
def test_each_metric_agrees_with_its_reference(found, metric, reference):
    differing = found[metric, reference]
    assert len(differing) >= 3
    assert max(differing.values()) < TOLERANCES[metric, reference], differing


def test_the_extrapolation_takes_most_of_the_bias_away():
    many = np.random.RandomState(0)
    mixing, other = many.normal(size=(2, 24, 24)) / 5
    real, generated = many.normal(size=(2, 20_000, 24))
    real, generated = real @ mixing, 0.1 + generated @ (mixing + 0.3 * other)
    truth = frechet_distance(real, generated)
    starts = range(0, 10_000, 500)
    parts = [(real[start : start + 500], generated[start : start + 500]) for start in starts]
    biased = np.mean([frechet_distance(*part) for part in parts]) - truth
    left = np.mean([extrapolated_frechet_distance(*part) for part in parts]) - truth
    assert biased > 0.1 * truth
    assert abs(left) < 0.2 * biased
