"""Mean and covariance in one pass."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from m2m_tf.codes.moments import Moments


def drawn(seed, count, dim=4):
    """Rows far from 0 beside how they vary, where a sum of squares would lose all digits."""
    rng = np.random.default_rng(seed)
    return rng.normal(size=(count, dim)) @ rng.normal(size=(dim, dim)) + 1e6


def measured(rows, cuts, **options):
    moments = Moments(**options)
    for part in np.split(rows, sorted(cuts)):
        if len(part):
            moments.add(part)
    return moments


@settings(max_examples=50, deadline=None)
@given(seed=st.integers(0, 2**32), cuts=st.lists(st.integers(0, 40), max_size=5))
def test_parts_give_the_moments_of_the_whole(seed, cuts):
    rows = drawn(seed, 40)
    moments = measured(rows, cuts)
    scale = rows.var(axis=0).max()
    assert moments.count == 40
    np.testing.assert_allclose(moments.mean, rows.mean(axis=0), rtol=1e-12)
    expected = np.cov(rows.T, bias=True)
    np.testing.assert_allclose(moments.covariance, expected, atol=1e-8 * scale)
    np.testing.assert_allclose(moments.variance, rows.var(axis=0), atol=1e-8 * scale)


@settings(max_examples=50, deadline=None)
@given(seed=st.integers(0, 2**32), cut=st.integers(1, 39))
def test_moments_of_two_processes_are_joined(seed, cut):
    rows = drawn(seed, 40)
    first, second = measured(rows[:cut], []), measured(rows[cut:], [7])
    first.join(second)
    whole = measured(rows, [])
    np.testing.assert_allclose(first.mean, whole.mean, rtol=1e-12)
    np.testing.assert_allclose(
        first.covariance, whole.covariance, atol=1e-8 * rows.var(axis=0).max()
    )


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_variances_alone_are_those_of_the_covariance(dtype):
    rows = (drawn(3, 40) - 1e6).astype(dtype)
    alone, whole = (measured(rows, [11, 25], diagonal=each) for each in (True, False))
    np.testing.assert_allclose(alone.variance, whole.variance, rtol=1e-5)
    assert alone.variance.dtype == whole.covariance.dtype == "float64"
