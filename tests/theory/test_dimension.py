"""The effective dimension against its closed forms, and bad input."""

import numpy as np
import pytest

from m2m_tf.theory import dimension, effective_dimension


def codes_of(variances, count=200, seed=0):
    """Codes whose sample covariance has exactly these eigenvalues, turned at random."""
    random = np.random.default_rng(seed)
    raw = random.normal(size=(count, len(variances)))
    white = np.linalg.qr(raw - raw.mean(axis=0))[0] * np.sqrt(count)
    turn = np.linalg.qr(random.normal(size=(len(variances), len(variances))))[0]
    return (white * np.sqrt(variances)) @ turn + 3.0


@pytest.mark.parametrize(
    ("variances", "ratio", "at_95", "at_99"),
    [
        ([1, 1, 1, 1], 4, 4, 4),
        ([1, 0, 0], 1, 1, 1),
        ([9, 1], 100 / 82, 2, 2),
        ([90, 6, 3.5, 0.5], 100**2 / (8100 + 36 + 12.25 + 0.25), 2, 3),
    ],
)
def test_known_variances_give_known_dimensions(variances, ratio, at_95, at_99):
    found = effective_dimension(codes_of(variances))
    assert found.participation_ratio == pytest.approx(ratio, rel=1e-6)
    assert (found.components_95, found.components_99) == (at_95, at_99)
    assert (found.dim, found.count) == (len(variances), 200)


def test_a_scale_and_a_shift_change_nothing():
    codes = codes_of([5, 2, 1, 0.1]).astype("float32")
    first, second = effective_dimension(codes), effective_dimension(codes * 7 - 20)
    assert first.participation_ratio == pytest.approx(second.participation_ratio, rel=1e-4)


def test_code_values_that_do_not_vary_are_counted_as_dead():
    codes = np.concatenate([codes_of([1, 2]), np.full((200, 3), 0.7)], axis=1).astype("float32")
    found = effective_dimension(codes)
    assert (found.dead, found.dim, found.components_99) == (3, 5, 2)


def test_constant_codes_have_dimension_zero():
    found = effective_dimension(np.full((10, 4), 0.1, "float32"))
    assert found == dimension.EffectiveDimension(0.0, 0, 0, 4, 4, 10)


def test_fewer_codes_than_code_values_give_the_same_as_their_covariance():
    codes = np.random.default_rng(0).normal(size=(12, 3, 4, 5))
    found = effective_dimension(codes)
    values = np.linalg.eigvalsh(np.cov(codes.reshape(12, -1), rowvar=False))
    assert found.participation_ratio == pytest.approx(values.sum() ** 2 / (values**2).sum())
    assert found.components_99 <= 11
    assert found.dim == 60


def test_many_wide_codes_are_measured_on_a_draw(monkeypatch):
    monkeypatch.setattr(dimension, "MOST", 50)
    found = effective_dimension(np.random.default_rng(0).normal(size=(90, 60)))
    assert found.count == 50


def test_unfit_codes_are_refused():
    codes = codes_of([1, 2])
    damaged = codes.copy()
    damaged[5] = np.inf
    for bad, message in (
        (damaged, "number 5 holds a NaN"),
        (codes[:1], "at least 2 codes; got 1"),
        (codes[:, 0], "float array"),
        (np.array([["a"], ["b"]]), "float array"),
    ):
        with pytest.raises(ValueError, match=message):
            effective_dimension(bad)
