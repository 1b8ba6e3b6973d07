"""The fit of the mixture prior: what each part of it says of the codes."""

import numpy as np
import pytest

from m2m_tf.minds.priors.fit_mixture import AXES, CODES_A_COMPONENT, COMPONENTS, fit_mixture


def normal(count, dim, seed=0):
    return np.random.default_rng(seed).normal(size=(count, dim)).astype("float32")


@pytest.mark.parametrize(
    ("count", "components"), [(2, 1), (2 * CODES_A_COMPONENT - 1, 1), (2 * CODES_A_COMPONENT, 2)]
)
def test_a_component_is_fitted_for_every_22_codes(count, components):
    mixture = fit_mixture(normal(count, 3), 3)
    assert mixture.means.shape == (components, 3)
    assert mixture.factors.shape == (components, 3, 3)
    assert mixture.weights_of(None, None, 0).shape == (1, components)
    assert COMPONENTS == 400


def test_the_axes_are_the_widest_and_orthonormal():
    codes = normal(200, 6) * np.float32([1, 5, 1, 1, 3, 1])
    axes = fit_mixture(codes, 2).axes
    np.testing.assert_allclose(axes @ axes.T, np.eye(2), atol=1e-5)
    np.testing.assert_allclose(np.abs(axes[:, [1, 4]]), np.eye(2), atol=0.1)


@pytest.mark.parametrize("count, dim", [(2, 80), (30, 80), (30, 1100)])
def test_fewer_codes_than_axes_have_orthonormal_axes_all_the_same(count, dim):
    axes = fit_mixture(normal(count, dim), AXES).axes
    np.testing.assert_allclose(axes @ axes.T, np.eye(AXES), atol=1e-4)


def test_a_component_has_the_covariance_of_its_codes_and_the_rest_its_deviations():
    codes = normal(2 * CODES_A_COMPONENT - 1, 4) * np.float32([4, 2, 0.5, 0.5])
    mixture = fit_mixture(codes, 2)
    covariance = mixture.factors[0].T @ mixture.factors[0]
    expected = np.cov((codes - codes.mean(0)) @ mixture.axes.T, rowvar=False, bias=True)
    np.testing.assert_allclose(covariance, expected, atol=0.03)
    np.testing.assert_allclose(mixture.means[0], codes.mean(0), atol=1e-4)
    across = np.square(mixture.deviations) @ (1 - np.square(mixture.axes).sum(axis=0))
    assert across == pytest.approx(codes.var(0).sum() - np.trace(expected), rel=1e-3)


def test_the_shares_of_a_class_are_those_of_its_codes():
    labels = np.arange(88) % 2
    codes = normal(88, 3) * 0.1 + np.float32([9, 0, 0]) * labels[:, None]
    mixture = fit_mixture(codes.astype("float32"), 3)
    weights = mixture.weights_of(codes, labels, 2)
    np.testing.assert_allclose(weights.sum(axis=1), 1, atol=1e-5)
    of_one = mixture.means[:, 0] > 4.5
    np.testing.assert_allclose(weights[:, of_one].sum(axis=1), [0, 1], atol=1e-6)
