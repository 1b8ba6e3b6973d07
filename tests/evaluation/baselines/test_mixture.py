"""The mixture: its law against scikit-learn's, and what held-out likelihood chooses."""

import numpy as np
import pytest
from sklearn.mixture import GaussianMixture

from m2m_tf.evaluation.baselines import mixture as mixtures
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


def test_held_out_likelihood_finds_the_number_of_blobs():
    _, facts = fit_mixture(blobs(5, 3000, number=10))
    assert facts["components"] == 10
    assert facts["converged"]


def test_one_gaussian_needs_no_mixture():
    rng = np.random.default_rng(0)
    points = (rng.normal(size=(3000, 6)) @ rng.normal(size=(6, 6))).astype("float32")
    _, facts = fit_mixture(points)
    assert facts["components"] <= 2


@pytest.fixture(scope="module")
def standardised(codes):
    return (codes - codes.mean(axis=0)) / codes.std(axis=0)


def test_draws_have_the_moments_of_the_points():
    points = blobs(2, 2000)
    law, _ = fit_mixture(points)
    draws = law.sample(40_000, np.random.default_rng(0))
    np.testing.assert_allclose(draws.mean(axis=0), points.mean(axis=0), atol=0.05)
    np.testing.assert_allclose(np.cov(draws.T), np.cov(points.T), atol=0.1)


@pytest.mark.slow
def test_a_mixture_explains_unseen_codes_of_real_digits_better_than_one_gaussian(standardised):
    law, facts = fit_mixture(standardised[:1500])
    unseen = law.directions.along(standardised[1500:]) * law.directions.deviations
    seen = law.directions.along(standardised[:1500]) * law.directions.deviations
    gaussian = GaussianMixture(1).fit(seen)
    assert facts["components"] > 1
    assert law.mixture.score(unseen) > gaussian.score(unseen) + 0.5


def test_the_choice_is_the_largest_within_a_standard_error_of_the_best():
    rng = np.random.default_rng(0)
    steps = rng.normal(size=400)
    scores = {
        (5, 0.01): steps,
        (10, 0.01): steps + rng.normal(0.5, 1, 400),
        (20, 0.03): steps + rng.normal(0.5, 1, 400),
        (50, 0.01): steps - 1,
    }
    scores[20, 0.03] += (scores[10, 0.01] - scores[20, 0.03]).mean()
    assert mixtures._largest_of_the_best(scores) == (20, 0.03)


def test_the_facts_hold_every_trial(standardised):
    _, facts = fit_mixture(standardised[:600])
    trials = facts["held_out_log_likelihood"]
    for size in (1, 2, 5, 10):
        for added in mixtures.REGULARISATIONS:
            assert f"{size} components, regularisation {added:g}" in trials
    chosen = f"{facts['components']} components, regularisation {facts['regularisation']:g}"
    assert trials[chosen] >= max(trials.values()) - 1
    assert (facts["directions"], facts["other_directions"]) == (16, 0)


def test_codes_wider_than_the_mixture_keep_their_covariance_outside_it():
    rng = np.random.default_rng(0)
    deviations = np.geomspace(3, 0.1, 100)
    turn, _ = np.linalg.qr(rng.normal(size=(100, 100)))
    codes = (deviations * rng.normal(size=(1200, 100))) @ turn
    codes = (codes / codes.std(axis=0)).astype("float32")
    law, facts = fit_mixture(codes)
    assert (facts["directions"], facts["other_directions"]) == (64, 36)
    made = law.sample(5000, rng)
    np.testing.assert_allclose(made.std(axis=0), codes.std(axis=0), rtol=0.1)


def test_more_codes_than_it_takes_are_drawn_from_and_said():
    codes = np.random.default_rng(0).normal(size=(20_500, 1)).astype("float32")
    _, facts = fit_mixture(codes)
    assert facts["count"] == 20_000
    assert facts["notes"] == ["fitted to 20,000 of 20,500 codes"]
