"""The mixture prior of code maps."""

import numpy as np
import pytest
import tensorflow as tf

from m2m_tf.codes import CodeStore
from m2m_tf.minds.priors import make_prior, map_mixture
from m2m_tf.minds.priors.map_mixture import DIRECTIONS, MapMixturePrior, sizes_for
from m2m_tf.minds.priors.mixture import MixturePrior


def fitted(codes, labels=None, classes=0):
    prior = MapMixturePrior(codes[0].size, classes)
    prior.adapt(CodeStore(np.asarray(codes, "float32"), "any", labels=labels), tf.identity, 0)
    return prior


def drawn(prior, count, labels=None, truncation=1.0):
    noise = prior.draw((count, prior.noise_dim), [0, 0])
    return prior.latent_of(noise, labels, truncation).numpy()


def planes(count=400, dim=40, seed=0):
    """Codes near two planes of two directions, far apart: codes and the number of each's plane."""
    rng = np.random.default_rng(seed)
    which = np.arange(count) % 2
    bases = np.linalg.qr(rng.normal(size=(2, dim, 2)))[0]
    at = np.zeros((2, dim))
    at[:, 0] = (-50, 50)
    points = rng.normal(size=(count, 2))
    return at[which] + np.einsum("nj,nij->ni", points, bases[which]), which, at, bases


@pytest.mark.parametrize("code_shape", [(4, 4, 2), (32,)])
def test_maps_and_vectors_have_it(code_shape):
    assert isinstance(make_prior("mixture", 32, code_shape), MapMixturePrior)
    shared = make_prior("shared_mixture", 32, code_shape)
    assert type(shared) is MixturePrior


@pytest.mark.parametrize(
    ("count", "sizes"),
    [
        (1, [1]),
        (44, [2, 1]),
        (500, [33, 22, 15, 11, 7]),
        (2700, [180, 122, 84, 60, 42]),
        (9000, [200, 140]),
        (20_000, [400, 312]),
    ],
)
def test_many_codes_have_fewer_components_than_they_allow(count, sizes):
    assert sizes_for(count) == sizes


@pytest.mark.parametrize(("answers", "components"), [([True], 40), ([False, False, True], 18)])
def test_the_most_components_whose_draws_keep_their_distance_are_taken(
    monkeypatch, answers, components
):
    answers = iter(answers)
    monkeypatch.setattr(map_mixture, "keeps_distance", lambda *_: next(answers))
    codes = np.random.default_rng(0).normal(size=(600, 32))
    assert fitted(codes).components_count == components


def test_without_any_that_do_the_fewest_are(monkeypatch):
    monkeypatch.setattr(map_mixture, "keeps_distance", lambda *_: False)
    codes = np.random.default_rng(0).normal(size=(600, 32))
    assert fitted(codes, np.arange(600) % 2, 2).components_count == 9


def test_before_it_is_fitted_it_draws_along_its_first_directions():
    latent = drawn(MapMixturePrior(20), 4000)
    np.testing.assert_allclose(latent.std(axis=0)[:DIRECTIONS], 1, atol=0.1)
    assert np.all(latent[:, DIRECTIONS:] == 0)


def test_draws_stay_in_the_planes_of_the_codes():
    codes, _, at, bases = planes()
    latent = drawn(fitted(codes), 2000)
    nearest = (latent[:, 0] > 0).astype(int)
    across = latent - at[nearest]
    across -= np.einsum("ni,nij,nkj->nk", across, bases[nearest], bases[nearest])
    assert np.linalg.norm(across, axis=1).max() < 0.05
    assert np.mean(nearest) == pytest.approx(0.5, abs=0.05)


@pytest.mark.slow
def test_draws_vary_as_much_as_the_codes():
    rng = np.random.default_rng(0)
    codes = rng.normal(size=(2000, 4, 4, 4)) * rng.uniform(0.2, 2, (4, 4, 4))
    latent = drawn(fitted(codes), 20_000)
    total = codes.reshape(2000, -1).var(axis=0).sum()
    assert latent.var(axis=0).sum() == pytest.approx(total, rel=0.05)


def test_truncation_shrinks_draws_to_the_mean_of_their_component():
    codes, _, at, _ = planes()
    prior = fitted(codes)
    assert np.ptp(drawn(prior, 500, truncation=0.0), axis=0)[1:].max() < 3
    spread = [
        np.square(drawn(prior, 500, truncation=t) - drawn(prior, 500, truncation=0.0)).sum()
        for t in (0.5, 1.0)
    ]
    assert spread[0] == pytest.approx(spread[1] / 4, rel=1e-4)


def test_each_class_draws_its_own_components():
    codes, which, *_ = planes()
    prior = fitted(codes, labels=which, classes=2)
    for label in (0, 1):
        latent = drawn(prior, 200, labels=tf.fill([200], label))
        assert np.all((latent[:, 0] > 0) == bool(label))


@pytest.mark.parametrize("count", [1, 2, 30])
def test_few_codes_and_equal_codes_are_fitted(count):
    latent = drawn(fitted(np.ones((count, 12))), 10)
    np.testing.assert_allclose(latent, 1, atol=1e-4)
