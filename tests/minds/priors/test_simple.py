"""The priors that are the same whatever the codes are."""

import numpy as np
import pytest
import tensorflow as tf

from m2m_tf.minds.priors import make_prior


def draw_of(name):
    return make_prior(name, 3, (16,)).draw


def test_uniform_fills_minus_one_to_one():
    latent = draw_of("uniform")((50_000, 2), [0, 0]).numpy()
    assert latent.dtype == np.float32
    assert -1 <= latent.min() < -0.99 and 0.99 < latent.max() < 1
    np.testing.assert_allclose(latent.mean(axis=0), 0, atol=0.02)
    np.testing.assert_allclose(latent.var(axis=0), 1 / 3, atol=0.02)


def test_normal_has_mean_0_and_deviation_1():
    latent = draw_of("normal")((50_000, 2), [0, 0]).numpy()
    np.testing.assert_allclose(latent.mean(axis=0), 0, atol=0.02)
    np.testing.assert_allclose(latent.std(axis=0), 1, atol=0.02)
    assert np.mean(np.abs(latent) < 1) == pytest.approx(0.683, abs=0.01)


@pytest.mark.parametrize("name", ["uniform", "normal"])
def test_a_seed_gives_the_same_latent_in_a_graph(name):
    prior = draw_of(name)
    in_graph = tf.function(lambda seed: prior((20, 3), seed))
    np.testing.assert_array_equal(in_graph(tf.constant([7, 1])), prior((20, 3), [7, 1]))


@pytest.mark.parametrize("name", ["uniform", "normal"])
def test_either_number_of_the_seed_changes_the_latent(name):
    draws = [draw_of(name)((20,), seed).numpy() for seed in ([7, 1], [8, 1], [7, 2])]
    assert len({draw.tobytes() for draw in draws}) == 3


@pytest.mark.parametrize("name", ["uniform", "normal"])
def test_more_latents_of_a_seed_begin_with_the_fewer(name):
    few, many = (draw_of(name)((count, 3), [7, 1]).numpy() for count in (5, 50))
    np.testing.assert_array_equal(many[:5], few)


@pytest.mark.parametrize("name", ["uniform", "normal"])
def test_the_noise_is_the_latent(name):
    prior = make_prior(name, 3, (16,))
    prior.adapt(None, None)  # there is nothing to fit
    noise = prior.draw((5, prior.noise_dim), [0, 0])
    assert noise.shape == (5, 3)
    np.testing.assert_array_equal(prior.latent_of(noise), noise)
    np.testing.assert_allclose(prior.latent_of(noise, truncation=0.25), noise / 4)
