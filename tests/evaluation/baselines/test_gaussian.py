"""The Gaussian: its moments, and how they are shrunk."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.covariance import ledoit_wolf

from m2m_tf.evaluation.baselines.gaussian import fit_gaussian


def covariance(gaussian):
    return gaussian.factor.T @ gaussian.factor + gaussian.noise**2 * np.eye(len(gaussian.mean))


@settings(max_examples=40, deadline=None)
@given(count=st.integers(3, 60), dim=st.integers(2, 30), seed=st.integers(0, 2**32))
def test_the_covariance_is_that_of_ledoit_and_wolf(count, dim, seed):
    rng = np.random.default_rng(seed)
    points = (rng.normal(size=(count, dim)) @ rng.normal(size=(dim, dim)) + 3).astype("float32")
    gaussian, facts = fit_gaussian(points)
    expected, shrinkage = ledoit_wolf(points.astype("float64"))
    assert facts["shrinkage"] == pytest.approx(shrinkage, abs=1e-3)
    np.testing.assert_allclose(covariance(gaussian), expected, atol=2e-3 * np.abs(expected).max())
    np.testing.assert_allclose(gaussian.mean, points.mean(axis=0), rtol=1e-4, atol=1e-4)


def test_draws_have_the_moments_of_the_gaussian():
    rng = np.random.default_rng(0)
    for count in (5, 500):
        points = (rng.normal(size=(count, 8)) * np.arange(1, 9)).astype("float32")
        gaussian, _ = fit_gaussian(points)
        draws = gaussian.sample(50_000, rng)
        expected = covariance(gaussian)
        np.testing.assert_allclose(np.cov(draws.T), expected, atol=0.03 * expected.max())
        np.testing.assert_allclose(draws.mean(axis=0), gaussian.mean, atol=0.2)


def test_shrinkage_is_said_where_codes_are_few_and_vanishes_where_they_are_many():
    points = np.random.default_rng(0).normal(size=(20_000, 8)) @ np.diag(range(1, 9))
    few, many = (fit_gaussian(points[:count].astype("float32"))[1] for count in (6, 20_000))
    assert "6 codes are few for 8" in few["notes"][0]
    assert few["shrinkage"] > 0.2
    assert many["shrinkage"] < 0.001
    assert many["notes"] == []
