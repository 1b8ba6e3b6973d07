"""The mixture prior: latents of the law that was fitted to the codes."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from m2m_tf.codes import CodeStore
from m2m_tf.minds.priors.fit_mixture import CODES_A_COMPONENT, fit_mixture
from m2m_tf.minds.priors.mixture import AXES, COMPONENTS, MixturePrior


def fitted(codes, labels=None, classes=0, seed=0):
    """A prior fitted to codes as they are."""
    codes = np.asarray(codes, "float32")
    prior = MixturePrior(codes[0].size, classes)
    prior.adapt(CodeStore(codes, "any", labels=labels), tf.identity, seed)
    return prior


def drawn(prior, count, seed=0, labels=None):
    return prior.latent_of(prior.draw((count, prior.noise_dim), [seed, 0]), labels).numpy()


def clusters(count, dim, at, deviation=0.1, seed=0):
    """Codes around the points `at`, in turn: `(count, dim)` and the number of each one's point."""
    rng = np.random.default_rng(seed)
    which = np.arange(count) % len(at)
    centres = np.zeros((len(at), dim))
    centres[:, 0] = at
    codes = centres[which] + deviation * rng.normal(size=(count, dim))
    return codes.astype("float32"), which


def moments_of(mixture):
    """Mean and covariance of a `FittedMixture` along its axes, from its parameters alone."""
    weights = mixture.model.weights_.astype("float64")
    means = (mixture.means.astype("float64") - mixture.mean) @ mixture.axes.T
    mean = weights @ means
    covariances = np.einsum("kij,kil->kjl", mixture.factors, mixture.factors)
    second = np.einsum("k,kij->ij", weights, covariances) + (means.T * weights) @ means
    return mean, second - np.outer(mean, mean)


def test_draws_have_the_mean_and_the_covariance_of_the_fitted_mixture():
    rng = np.random.default_rng(0)
    codes = rng.gamma(2.0, size=(300, 5)) @ rng.normal(size=(5, 5))
    prior, mixture = fitted(codes), fit_mixture(codes.astype("float32"), 5)
    points = (drawn(prior, 60_000) - mixture.mean) @ mixture.axes.T
    mean, covariance = moments_of(mixture)
    deviations = np.sqrt(np.diag(covariance))
    # Of 60,000 draws a mean strays by deviation / 245, a covariance by about 1/100 of the variances
    # (their tails are heavier than a Gaussian's): four times that is allowed.
    np.testing.assert_array_less(np.abs(points.mean(0) - mean), 4 * deviations / 60_000**0.5)
    off = np.abs(np.cov(points.T) - covariance) / np.outer(deviations, deviations)
    assert off.max() < 0.04


def test_draws_have_the_mean_and_the_covariance_of_the_codes():
    rng = np.random.default_rng(1)
    codes = rng.normal(size=(2000, 4)) @ np.diag([3, 2, 1, 0.5]) + [1, 2, 3, 4]
    latent = drawn(fitted(codes), 40_000)
    np.testing.assert_allclose(latent.mean(0), codes.mean(0), atol=0.08)
    # To each variance the fit adds 1e-3 of the widest, which is 9.
    np.testing.assert_allclose(np.cov(latent.T), np.cov(codes.T), atol=0.25, rtol=0.06)


def test_components_come_as_often_as_their_weights():
    codes, which = clusters(44, 3, at=[-5, 5, 5, 5], deviation=0.01)  # 44 codes: two components
    latent = drawn(fitted(codes), 20_000)
    assert np.mean(latent[:, 0] < 0) == pytest.approx(0.25, abs=4 * (0.25 * 0.75 / 20_000) ** 0.5)
    np.testing.assert_allclose(np.abs(latent[:, 0]), 5, atol=1.0)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**32), used=st.integers(1, COMPONENTS), rows=st.integers(1, 3))
def test_no_noise_however_extreme_draws_a_component_without_weight(seed, used, rows):
    rng = np.random.default_rng(seed)
    prior = MixturePrior(2, classes=0 if rows == 1 else rows)
    weights = np.full((rows, COMPONENTS), 1e-30)
    for row in weights:
        with_weight = rng.choice(COMPONENTS, used, replace=False)
        row[with_weight] = rng.dirichlet(np.ones(used))
    prior.log_weights.assign(np.log(np.maximum(weights, 1e-30)))
    prior.means.assign(np.repeat(np.arange(COMPONENTS)[:, None], 2, axis=1))
    noise = np.zeros((7, prior.noise_dim), "float32")
    noise[:, 0] = [-30, -6, -1, 0, 1, 6, 30]
    prior.axes.assign(np.eye(2))
    for row in range(rows):
        labels = tf.fill([7], row) if rows > 1 else None
        component = prior.latent_of(noise, labels).numpy()[:, 0].astype(int)
        assert (weights[row, component] > 1e-20).all()
        assert (np.diff(component) >= 0).all()


def test_a_seed_fixes_the_latents_and_the_fit():
    codes, _ = clusters(100, 4, at=[-1, 1])
    prior, again = fitted(codes, seed=3), fitted(codes, seed=3)
    for ours, theirs in zip(prior.weights, again.weights, strict=True):
        np.testing.assert_array_equal(ours, theirs)
    latent = drawn(prior, 20, seed=5)
    np.testing.assert_array_equal(drawn(again, 20, seed=5), latent)
    assert not np.array_equal(drawn(prior, 20, seed=6), latent)
    np.testing.assert_array_equal(drawn(prior, 5, seed=5), latent[:5])


@pytest.mark.parametrize("dim", [4, AXES + 10])
def test_truncation_draws_towards_the_means_of_the_components(dim):
    codes, _ = clusters(400, dim, at=[-6, 6])
    prior = fitted(codes)
    noise = prior.draw((200, prior.noise_dim), [0, 0])
    whole, half, none = (prior.latent_of(noise, None, share).numpy() for share in (1.0, 0.5, 0.0))
    np.testing.assert_allclose(half, (whole + none) / 2, atol=1e-5)
    means = prior.means.numpy()[: prior.components_count]
    apart = np.linalg.norm(none[:, None] - means, axis=2).min(axis=1)
    assert apart.max() < 1e-5 and len(np.unique(none.round(3), axis=0)) == len(means)


def test_latents_of_a_class_come_from_its_components():
    codes, labels = clusters(400, 4, at=[-6, 6])
    prior = fitted(codes, labels, classes=2)
    asked = np.arange(1000) % 2
    latent = drawn(prior, 1000, labels=tf.constant(asked))
    np.testing.assert_array_equal(latent[:, 0] > 0, asked == 1)


def test_classes_that_share_a_component_have_it_in_their_own_shares():
    codes, side = clusters(400, 3, at=[-6, 6])
    # Class 0 lies on both sides alike; class 1 with one code in four on the left.
    labels = np.where(np.arange(400) < 200, 0, 1)
    keep = (labels == 0) | (side == 1) | (np.arange(400) % 6 == 0)
    prior = fitted(codes[keep], labels[keep], classes=2)
    for label in range(2):
        share = np.mean(side[keep][labels[keep] == label] == 0)
        latent = drawn(prior, 10_000, labels=tf.fill([10_000], label))
        assert np.mean(latent[:, 0] < 0) == pytest.approx(share, abs=0.02)


def test_a_class_too_rare_for_the_codes_that_are_drawn_has_its_own_codes(monkeypatch):
    monkeypatch.setattr("m2m_tf.minds.priors.mixture.COUNT", 60)
    codes, _ = clusters(3000, 3, at=[-6])
    labels = np.zeros(3000, int)
    codes[1234, 0], labels[1234] = 6, 1  # the one image of class 1
    prior = fitted(codes, labels, classes=2)
    assert np.isfinite(prior.log_weights).all()
    assert (drawn(prior, 50, labels=tf.ones(50, tf.int32))[:, 0] > 0).all()
    assert (drawn(prior, 50, labels=tf.zeros(50, tf.int32))[:, 0] < 0).all()


def mixed_axes(dim, seed=0):
    return np.linalg.qr(np.random.default_rng(seed).normal(size=(dim, dim)))[0]


@pytest.mark.slow
@pytest.mark.parametrize("turned", [False, True])
def test_what_lies_outside_the_axes_is_as_wide_as_that_of_the_codes(turned):
    rng = np.random.default_rng(0)
    deviations = np.r_[np.full(AXES, 2.0), np.full(80 - AXES, 0.5)]
    codes = deviations * rng.normal(size=(3000, 80))
    codes = (codes @ mixed_axes(80) if turned else codes).astype("float32")
    prior = fitted(codes)
    axes = prior.axes.numpy()
    np.testing.assert_allclose(axes @ axes.T, np.eye(AXES), atol=1e-4)
    noise = prior.draw((4000, prior.noise_dim), [0, 0]).numpy()
    within = noise.copy()
    within[:, 1 + AXES :] = 0
    outside = prior.latent_of(noise).numpy() - prior.latent_of(within).numpy()
    np.testing.assert_allclose(outside @ axes.T, 0, atol=1e-4)
    # 16 values of variance 1/4, less what the components' means take, 1 in 22 of it
    expected = 16 * 0.25 * (1 - 1 / CODES_A_COMPONENT)
    assert np.mean(np.sum(outside**2, axis=1)) == pytest.approx(expected, rel=0.05)


def test_noise_is_as_long_as_what_it_is_used_for():
    assert MixturePrior(5).noise_dim == 1 + 5
    assert MixturePrior(AXES).noise_dim == 1 + AXES
    assert MixturePrior(80).noise_dim == 1 + AXES + 80


@pytest.mark.parametrize("count", [1, 2, CODES_A_COMPONENT - 1, 50])
def test_few_codes_are_fitted(count):
    codes = np.random.default_rng(0).normal(size=(count, 3)) + [10, 0, 0]
    latent = drawn(fitted(codes), 200)
    assert np.isfinite(latent).all()
    np.testing.assert_allclose(latent.mean(0), codes.mean(0), atol=0.5)


@pytest.mark.parametrize("count, dim", [(2, 80), (30, 80), (30, 1100)])
def test_fewer_codes_than_axes_are_fitted(count, dim):
    codes = np.random.default_rng(0).normal(size=(count, dim))
    prior = fitted(codes)
    axes = prior.axes.numpy()
    np.testing.assert_allclose(axes @ axes.T, np.eye(AXES), atol=1e-4)
    latent = drawn(prior, 2000)
    np.testing.assert_allclose(latent.mean(0), codes.mean(0), atol=0.25)


@pytest.mark.parametrize("dim", [3, 80])
def test_constant_codes_give_latents_beside_them(dim):
    latent = drawn(fitted(np.full((100, dim), 7.0)), 50)
    np.testing.assert_allclose(latent, 7, atol=0.3)  # 1e-3 is added to each variance


def test_code_maps_give_flat_latents():
    codes = np.random.default_rng(0).normal(size=(50, 2, 2, 3))
    assert drawn(fitted(codes), 4).shape == (4, 12)


@pytest.mark.parametrize("seed", [-1, -(2**62), 2**62, 2**32])
def test_any_seed_of_a_model_does(seed):
    assert np.isfinite(drawn(fitted(np.eye(4), seed=seed), 3)).all()


@pytest.mark.parametrize("dim, classes", [(3, 0), (70, 2)])
def test_a_saved_prior_draws_the_same(tmp_path, dim, classes):
    codes, labels = clusters(100, dim, at=[-3, 3])
    prior = fitted(codes, labels, classes)
    assert prior.trainable_weights == []
    asked = tf.constant([0, 1, 1, 0]) if classes else None
    path = tmp_path / "prior.keras"

    @keras.saving.register_keras_serializable(package="test_mixture")
    class Holder(keras.Model):
        def __init__(self, prior, **kwargs):
            super().__init__(**kwargs)
            self.prior, self.built = prior, True

        def call(self, noise):
            return self.prior.latent_of(noise)

        def get_config(self):
            return {"prior": keras.saving.serialize_keras_object(self.prior)}

        @classmethod
        def from_config(cls, config):
            return cls(keras.saving.deserialize_keras_object(config["prior"]))

    Holder(prior).save(path)
    loaded = keras.models.load_model(path, safe_mode=True).prior
    np.testing.assert_array_equal(drawn(loaded, 4, labels=asked), drawn(prior, 4, labels=asked))


@pytest.mark.slow
def test_the_law_is_the_same_in_a_compiled_graph():
    codes, _ = clusters(200, 70, at=[-3, 3])
    prior = fitted(codes)
    noise = prior.draw((50, prior.noise_dim), [0, 0])
    compiled = tf.function(prior.latent_of, jit_compile=True)
    np.testing.assert_allclose(compiled(noise), prior.latent_of(noise), atol=1e-4)


@pytest.mark.parametrize("dim", [5, AXES + 6])
def test_before_it_is_fitted_it_is_a_standard_normal(dim):
    latent = drawn(MixturePrior(dim), 20_000)
    np.testing.assert_allclose(latent.mean(axis=0), 0, atol=0.04)
    np.testing.assert_allclose(np.cov(latent.T), np.eye(dim), atol=0.06)
