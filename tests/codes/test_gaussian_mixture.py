"""The one fit of mixtures that the prior and the baseline share."""

import re
import warnings
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import multivariate_normal

import m2m_tf
from m2m_tf.codes.gaussian_mixture import deviations_across, fit_gaussian_mixture

PACKAGE = Path(m2m_tf.__file__).parent


def points_of(count=600, width=3, seed=0):
    rng = np.random.default_rng(seed)
    sides = np.where(rng.random(count) < 0.25, -6, 6)
    return (rng.normal(size=(count, width)) + sides[:, None]).astype("float32")


def test_no_other_file_of_the_package_fits_one():
    found = [
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if re.search(r"\bGaussianMixture\(", path.read_text(encoding="utf-8"))
    ]
    assert found == ["codes/gaussian_mixture.py"]


def test_it_finds_the_shares_and_the_places_of_two_groups():
    points = points_of(4000)
    mixture = fit_gaussian_mixture(points, 2, 1e-3, 40)
    order = np.argsort(mixture.means_[:, 0])
    share = np.mean(points[:, 0] < 0)
    np.testing.assert_allclose(mixture.weights_[order], [share, 1 - share], atol=1e-3)
    np.testing.assert_allclose(mixture.means_[order], [[-6] * 3, [6] * 3], atol=0.2)
    assert mixture.converged_


def test_its_density_is_that_of_the_gaussians_that_it_holds():
    points = points_of()
    mixture = fit_gaussian_mixture(points, 4, 1e-2, 40)
    density = sum(
        weight * multivariate_normal(mean, covariance).pdf(points)
        for weight, mean, covariance in zip(
            mixture.weights_, mixture.means_, mixture.covariances_, strict=True
        )
    )
    np.testing.assert_allclose(mixture.score_samples(points), np.log(density), atol=1e-3)


def test_covariances_are_symmetric_to_the_last_bit():
    covariances = fit_gaussian_mixture(points_of(width=20), 5, 1e-3, 40).covariances_
    np.testing.assert_array_equal(covariances, covariances.transpose(0, 2, 1))


def test_what_is_added_to_the_variances_is_the_least_that_they_are():
    flat = np.tile(points_of(width=1), (1, 3))  # varies along one line only
    covariances = fit_gaussian_mixture(flat, 1, 0.25, 40).covariances_
    assert np.linalg.eigvalsh(covariances[0]).min() == pytest.approx(0.25, rel=1e-3)


def test_a_fit_that_is_cut_off_says_so_and_does_not_warn():
    rng = np.random.default_rng(0)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        mixture = fit_gaussian_mixture(rng.random((500, 4), "float32"), 20, 1e-6, 1)
    assert not mixture.converged_


def test_one_point_is_fitted():
    mixture = fit_gaussian_mixture(np.ones((1, 3), "float32"), 1, 1e-2, 40)
    np.testing.assert_allclose(mixture.means_, [[1, 1, 1]], rtol=1e-5)  # float32


def test_a_seed_fixes_it():
    first, again = (fit_gaussian_mixture(points_of(), 8, 1e-2, 40, seed=5) for _ in range(2))
    np.testing.assert_array_equal(first.means_, again.means_)


@pytest.mark.parametrize("count", [1, 4, 9])
def test_noise_across_axes_varies_in_all_as_much_as_it_should(count):
    rng = np.random.default_rng(0)
    axes = np.linalg.qr(rng.normal(size=(10, count)))[0].T
    variances = rng.uniform(0.1, 3, 10)
    noise = rng.normal(size=(200_000, 10)) * deviations_across(axes, variances)
    noise -= (noise @ axes.T) @ axes
    assert noise.var(axis=0).sum() == pytest.approx(variances.sum(), rel=0.02)


def test_what_does_not_vary_across_the_axes_gets_no_noise():
    np.testing.assert_array_equal(deviations_across(np.eye(2, 5), np.zeros(5)), np.zeros(5))
    np.testing.assert_array_equal(deviations_across(np.eye(3), np.zeros(3)), np.zeros(3))
