"""The one way from a seed to images, of a model and of its exports."""

import numpy as np
import pytest
import tensorflow as tf

import m2m_tf as m2m
from m2m_tf.minds.sampler import Sampler
from m2m_tf.serving.formats.latent_to_images import LatentToImages
from m2m_tf.serving.served_model import ServedModel, pixels_of


@pytest.fixture(scope="module", params=[None, 3])
def model(shared_autoencoder, request):
    """A mind with random networks; without classes, or with three, of which one is rare."""
    settings = {"prior": "normal", "standardise": "scale", "classes": request.param, "seed": 0}
    model = m2m.Mind2Mind(shared_autoencoder, **settings)
    model.statistics.adapt(np.random.default_rng(0).normal(3, 2, (50, 16)))
    if request.param:
        model.class_law.adapt(np.array([0, 0, 0, 1, 1, 1, 1, 2]))
    return model


@pytest.fixture(scope="module")
def drawn(model):
    """Labels and latents of nine images."""
    labels = model.sampler.draw_labels(9, 4) if model.classes else None
    return labels, model.sampler.draw_latent(9, 4, labels)


def test_it_is_prior_generator_statistics_and_decoder_in_turn(model, drawn):
    labels, latent = drawn
    law = model.latent_law
    noise = law.draw((9, law.noise_dim), [4, 0])
    np.testing.assert_array_equal(latent, law.latent_of(noise, labels))
    inputs = [latent, tf.one_hot(labels, 3)] if model.classes else latent
    codes = model.statistics.restore(model.average(inputs, training=False))
    np.testing.assert_array_equal(model.sampler.codes_of(latent, labels), codes)
    images = model.autoencoder.decoder(codes, training=False)
    np.testing.assert_array_equal(model.sampler.images_of(latent, labels), images)


@pytest.mark.parametrize("seed", [0, -3, 2**31, 2**62])
def test_a_seed_draws_the_same_in_a_graph_whose_seeds_are_tensors(model, seed):
    @tf.function
    def in_graph(count, seed):
        labels = model.sampler.draw_labels(count, seed) if model.classes else None
        latent = model.sampler.draw_latent(count, seed, labels, 0.7)
        return latent if labels is None else (latent, labels)

    found = in_graph(tf.constant(9), tf.constant(seed, tf.int64))
    latent, labels = found if model.classes else (found, None)
    np.testing.assert_allclose(latent, model.sample_latent(9, seed, truncation=0.7), atol=1e-5)
    if model.classes:
        np.testing.assert_array_equal(labels, model.sample_labels(9, seed))


def test_labels_and_latents_of_a_seed_are_drawn_apart(model):
    if model.classes:
        shares = (model.sampler.draw_labels(500, 7) == 0, model.sampler.draw_latent(500, 7)[:, 0])
        assert abs(np.corrcoef(*map(np.asarray, shares))[0, 1]) < 0.2


def test_a_copy_has_one_of_its_own_parts(model):
    copy = m2m.Mind2Mind.from_config(model.get_config())
    assert copy.sampler.decoder is copy.autoencoder.decoder
    assert copy.sampler.decoder is not model.sampler.decoder


def test_model_server_and_other_formats_make_images_by_it_alone(model, drawn, monkeypatch):
    """Whatever it is made to give, all of them give."""
    labels, latent = drawn

    def striped(sampler, latent, labels=None):
        stripes = tf.linspace(-1.0, 1.0, 28)[:, None]
        return tf.ones((tf.shape(latent)[0], 28, 28, 1)) * stripes

    monkeypatch.setattr(Sampler, "images_of", striped)
    fresh = m2m.Mind2Mind.from_config(model.get_config())  # with nothing traced before
    expected = striped(fresh.sampler, latent, labels)
    served, other = ServedModel(fresh), LatentToImages(fresh)
    label = [] if labels is None else [labels]
    any_class = [] if labels is None else [tf.constant(-1)]
    count, seed = tf.constant(9), tf.constant(4, tf.int64)
    np.testing.assert_array_equal(fresh.generate(9, seed=4), expected)
    np.testing.assert_array_equal(fresh(latent, *label), expected)
    inputs = {"latent": latent, **({} if labels is None else {"label": labels})}
    np.testing.assert_array_equal(other(inputs)["values"], expected)
    pixels = pixels_of(expected)
    np.testing.assert_array_equal(served.images_of(latent, *label)["images"], pixels)
    np.testing.assert_array_equal(served.sample(count, seed, 1.0, *any_class)["images"], pixels)
    files = served.png(count, seed, *any_class)["png_bytes"]
    np.testing.assert_array_equal([tf.io.decode_png(file) for file in files], pixels)


def test_model_and_server_draw_by_it_alone(model, monkeypatch):
    def constant(sampler, count, seed, labels=None, truncation=1.0):
        return tf.fill((count, 128), 0.25 * truncation)

    monkeypatch.setattr(Sampler, "draw_latent", constant)
    any_class = [tf.constant(-1)] if model.classes else []
    count, seed = tf.constant(5), tf.constant(4, tf.int64)
    served = ServedModel(model).sample(count, seed, 0.5, *any_class)
    np.testing.assert_array_equal(served["latent"], np.full((5, 128), 0.125))
    np.testing.assert_array_equal(model.sample_latent(5, truncation=0.5), served["latent"])
