"""Pairs of the style-based kind, as ALAE is."""

import keras
import numpy as np
import pytest
from keras import layers

import m2m_tf as m2m

SHAPE = (16, 16, 3)


def build_encoder(dim=12):
    return keras.Sequential([keras.Input(SHAPE), layers.Flatten(), layers.Dense(dim)])


def build_synthesis(dim=12, style_layers=3, noise_shape=(16, 16, 1)):
    """Each layer's style scales a feature map, to which noise is added, as in StyleGAN."""
    styles = keras.Input((style_layers, dim) if style_layers else (dim,))
    noise = keras.Input(noise_shape)
    x = layers.Flatten()(styles)
    x = layers.Reshape((16, 16, 2))(layers.Dense(512, "leaky_relu")(x))
    x = layers.Concatenate()([x, noise])
    return keras.Model([styles, noise], layers.Conv2D(3, 3, padding="same")(x))


@pytest.fixture
def codes():
    return np.random.default_rng(0).normal(size=(5, 12)).astype("float32")


def test_the_code_is_repeated_for_each_layer_and_the_noise_is_fixed(codes):
    synthesis = build_synthesis()
    autoencoder = m2m.Autoencoder.from_styles(build_encoder(), synthesis, seed=3)
    assert (autoencoder.image_shape, autoencoder.code_shape) == (SHAPE, (12,))
    noise = np.random.default_rng(3).normal(size=(16, 16, 1)).astype("float32")
    styles = np.repeat(codes[:, None], 3, axis=1)
    expected = synthesis([styles, np.repeat(noise[None], 5, axis=0)])
    np.testing.assert_allclose(autoencoder.decode(codes), np.clip(expected, -1, 1), atol=1e-5)
    np.testing.assert_array_equal(autoencoder.decode(codes), autoencoder.decode(codes))


def test_a_synthesis_network_of_one_style_gets_the_code_as_it_is(codes):
    autoencoder = m2m.Autoencoder.from_styles(build_encoder(), build_synthesis(style_layers=0))
    assert autoencoder.decode(codes).shape == (5, *SHAPE)


def test_it_is_frozen_and_its_folder_loads(codes, tmp_path):
    autoencoder = m2m.Autoencoder.from_styles(build_encoder(), build_synthesis())
    assert autoencoder.trainable_weights == []
    autoencoder.save(tmp_path / "pair")
    loaded = m2m.Autoencoder.load(tmp_path / "pair")
    np.testing.assert_allclose(loaded.decode(codes), autoencoder.decode(codes), atol=1e-6)


def test_a_code_of_another_length_is_refused():
    with pytest.raises(ValueError, match=r"the encoder gives \(None, 11\), the synthesis network"):
        m2m.Autoencoder.from_styles(build_encoder(11), build_synthesis())


def test_noise_of_no_fixed_shape_is_refused():
    styles, noise = keras.Input((12,)), keras.Input((None, None, 1))
    x = layers.Reshape((16, 16, 3))(layers.Dense(768)(styles))
    synthesis = keras.Model([styles, noise], layers.Add()([x, noise]))
    with pytest.raises(ValueError, match="noise of a style pair is fixed"):
        m2m.Autoencoder.from_styles(build_encoder(), synthesis)
