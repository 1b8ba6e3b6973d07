"""The mixture: its law against scikit-learn's, and what held-out likelihood chooses."""

import numpy as np
import pytest
from scipy.special import logsumexp
from scipy.stats import multivariate_normal
from sklearn.mixture import GaussianMixture

from m2m_tf.evaluation.baselines.maximisation import LEAST_VARIANCE, maximise
from m2m_tf.evaluation.baselines.mixture import fit_mixture


def blobs(seed, count, dim=5, number=4, distance=8):
    """Points of variance 1 along each axis, of some Gaussians apart from each other."""
    rng = np.random.default_rng(seed)
    centres = distance * np.random.default_rng(99).normal(size=(number, dim))
    shapes = np.random.default_rng(98).normal(size=(number, dim, dim))
    chosen = rng.integers(number, size=count)
    points = np.einsum("nij,nj->ni", shapes[chosen], rng.normal(size=(count, dim)))
    points = points + centres[chosen]
    return ((points - points.mean(axis=0)) / points.std(axis=0)).astype("float32")


def covariances(mixture):
    return mixture.factors @ mixture.factors.transpose(0, 2, 1)


def test_without_shrinkage_it_is_the_mixture_of_scikit_learn():
    points = blobs(0, 1500)
    ours = maximise(points, 4, 0, 5, np.ones(5), seed=0, iterations=100)
    theirs = GaussianMixture(4, reg_covar=LEAST_VARIANCE, n_init=3, random_state=0).fit(points)
    assert ours.converged
    ours_first = np.argsort(ours.means[:, 0])
    theirs_first = np.argsort(theirs.means_[:, 0])
    np.testing.assert_allclose(ours.weights[ours_first], theirs.weights_[theirs_first], atol=1e-3)
    np.testing.assert_allclose(ours.means[ours_first], theirs.means_[theirs_first], atol=1e-2)
    np.testing.assert_allclose(
        covariances(ours)[ours_first], theirs.covariances_[theirs_first], atol=1e-2
    )
    np.testing.assert_allclose(ours.densities(points), theirs.score_samples(points), atol=0.1)


@pytest.mark.parametrize("width", [1, 3, 5])
def test_the_density_is_that_of_its_gaussians(width):
    points = blobs(1, 300)
    mixture = maximise(points, 6, 5, width, np.ones(5), seed=0, iterations=3)
    each = []
    for index in range(6):
        covariance = np.diag(np.r_[np.zeros(width), mixture.deviations[index] ** 2])
        covariance[:width, :width] = covariances(mixture)[index]
        law = multivariate_normal(mixture.means[index], covariance)
        each.append(np.log(mixture.weights[index]) + law.logpdf(points))
    np.testing.assert_allclose(mixture.densities(points), logsumexp(each, axis=0), atol=1e-2)


@pytest.mark.parametrize("width", [2, 5])
def test_draws_have_the_moments_of_the_mixture(width):
    points = blobs(2, 2000)
    mixture = maximise(points, 4, 5, width, np.ones(5), seed=0, iterations=20)
    draws = mixture.sample(40_000, np.random.default_rng(0))
    np.testing.assert_allclose(draws.mean(axis=0), points.mean(axis=0), atol=0.03)
    np.testing.assert_allclose(np.cov(draws.T), np.cov(points.T), atol=0.08)
    # A draw is as likely as a point, so the shape is right beyond the moments.
    assert mixture.densities(draws).mean() == pytest.approx(
        mixture.densities(points).mean(), abs=0.15
    )


def test_endless_shrinkage_gives_every_component_the_same_covariance():
    mixture = maximise(blobs(3, 500), 4, 1e6, 5, np.ones(5), seed=0, iterations=2)
    for covariance in covariances(mixture)[1:]:
        np.testing.assert_allclose(covariance, covariances(mixture)[0], atol=1e-2)


def test_a_fit_that_is_cut_short_says_that_it_has_not_converged():
    points = blobs(4, 400, distance=1)
    assert not maximise(points, 8, 5, 5, np.ones(5), seed=0, iterations=2).converged
    settled = maximise(points, 8, 5, 5, np.ones(5), seed=0, iterations=500)
    assert settled.converged
    assert 2 < settled.iterations < 500


def test_held_out_likelihood_finds_the_number_of_blobs():
    _, facts = fit_mixture(blobs(5, 3000, number=10))
    assert facts["components"] == 10
    assert facts["converged"]


def test_one_gaussian_needs_no_mixture():
    rng = np.random.default_rng(0)
    points = (rng.normal(size=(3000, 6)) @ rng.normal(size=(6, 6))).astype("float32")
    _, facts = fit_mixture(points)
    assert facts["components"] <= 2


def test_a_mixture_explains_unseen_codes_of_real_digits_better_than_one_gaussian(codes):
    law, facts = fit_mixture(codes[:1500])
    by_size = facts["held_out_log_likelihood"]
    assert by_size[facts["components"]] > by_size[1] + 0.5
    points = law.directions.along(codes)
    unseen = law.mixture.densities(points[1500:]).mean()
    gaussian = maximise(points[:1500], 1, 0, 16, np.ones(16), 0, 1).densities(points[1500:])
    assert unseen > gaussian.mean() + 0.5
    assert unseen == pytest.approx(by_size[facts["components"]], abs=1)


def test_the_facts_hold_every_trial(codes):
    _, facts = fit_mixture(codes[:600])
    sizes = [trial["components"] for trial in facts["trials"]]
    assert {1, 2, 5, 10, 20} <= set(sizes)
    assert len({trial["strength"] for trial in facts["trials"]}) == 3
    best = max(trial["held_out_log_likelihood"] for trial in facts["trials"])
    assert max(facts["held_out_log_likelihood"].values()) == best
    assert facts["held_out_log_likelihood"][facts["components"]] >= best - 1
    assert (facts["directions"], facts["other_directions"]) == (16, 0)


def test_codes_wider_than_the_mixture_keep_their_covariance_outside_it():
    rng = np.random.default_rng(0)
    deviations = np.geomspace(3, 0.1, 100)
    codes = (deviations * rng.normal(size=(1200, 100))).astype("float32")
    law, facts = fit_mixture(codes)
    assert (facts["directions"], facts["other_directions"]) == (64, 36)
    made = law.sample(5000, rng)
    np.testing.assert_allclose(made.std(axis=0), codes.std(axis=0), rtol=0.1)


def test_more_codes_than_it_takes_are_drawn_from_and_said():
    codes = np.random.default_rng(0).normal(size=(20_500, 1)).astype("float32")
    _, facts = fit_mixture(codes)
    assert facts["count"] == 20_000
    assert facts["notes"] == ["fitted to 20,000 of 20,500 codes"]
