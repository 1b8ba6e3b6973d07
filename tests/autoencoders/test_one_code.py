"""Encoders of others: one code an image, the same one at each call."""

import keras
import numpy as np
import pytest
from keras import layers

import m2m_tf as m2m
from m2m_tf.autoencoders.one_code import check_draws_nothing, with_one_output


class Sampling(layers.Layer):
    """As a variational autoencoder has it."""

    def call(self, inputs):
        return inputs + keras.random.normal(keras.ops.shape(inputs))


class AlwaysDropout(layers.Dropout):
    """Dropout that is never off."""

    def call(self, inputs, training=None):
        return super().call(inputs, training=True)


class Doubled(layers.Layer):
    """A layer of a user's that draws nothing."""

    def call(self, inputs):
        return 2 * inputs


def encoder(last=None, names=("z_mean", "z_log_var")):
    image = keras.Input((8, 8, 1))
    flat = layers.Flatten()(image)
    code, spread = (layers.Dense(4, name=name)(flat) for name in names)
    return keras.Model(image, last(code) if last else code), code, spread


def decoder():
    sizes = [keras.Input((4,)), layers.Dense(64, activation="tanh"), layers.Reshape((8, 8, 1))]
    return keras.Sequential(sizes)


@pytest.mark.parametrize("layer", [Sampling(), AlwaysDropout(0.5)])
def test_an_encoder_that_draws_is_refused_with_the_way_to_its_mean(layer):
    network, _, _ = encoder(layer)
    with pytest.raises(ValueError, match="encoder draws: .*get_layer..z_mean...output"):
        m2m.Autoencoder(network, decoder())
    mean = keras.Model(network.input, network.get_layer("z_mean").output)
    m2m.Autoencoder(mean, decoder())


def test_a_decoder_that_draws_is_refused():
    drawing = keras.Sequential([keras.Input((4,)), AlwaysDropout(0.5), decoder()])
    with pytest.raises(ValueError, match="decoder draws"):
        m2m.Autoencoder(encoder()[0], drawing)


@pytest.mark.parametrize(
    "layer", [Doubled(), layers.Dropout(0.5), layers.GaussianNoise(1.0), layers.RandomFlip()]
)
def test_what_draws_only_in_training_is_taken(layer):
    image = keras.Input((8, 8, 1))
    network = keras.Model(image, layers.Dense(4)(layers.Flatten()(layer(image))))
    check_draws_nothing("encoder", network)
    taken = m2m.Autoencoder(network, decoder())
    images = np.linspace(-1, 1, 128, dtype="float32").reshape(2, 8, 8, 1)
    np.testing.assert_array_equal(taken.encode(images), taken.encode(images))


@pytest.mark.parametrize("kind", ["list", "dictionary", "mu"])
def test_of_a_variational_encoders_outputs_the_mean_is_taken(kind):
    network, mean, spread = encoder(names=("mu", "sigma") if kind == "mu" else ("z_mean", "z_var"))
    outputs = [mean, spread, Sampling(name="z")(mean)]
    if kind == "dictionary":
        outputs = dict(zip(("z_var", "mean", "z"), (spread, mean, outputs[2]), strict=True))
    whole = keras.Model(network.input, outputs)
    taken = m2m.Autoencoder(whole, decoder())
    images = np.random.default_rng(0).uniform(-1, 1, (3, 8, 8, 1)).astype("float32")
    np.testing.assert_allclose(taken.encode(images), np.asarray(network(images)), atol=1e-6)
    assert "codes are" in taken.notes[0]


def test_outputs_that_do_not_say_which_is_the_mean_are_refused_with_how_to_name_it():
    network, one, other = encoder(names=("a", "b"))
    whole = keras.Model(network.input, [one, other])
    with pytest.raises(ValueError, match="this one has 2: 'a', 'b'.*encoder.outputs.0."):
        m2m.Autoencoder(whole, decoder())
    assert with_one_output(network) == (network, None)


def test_a_list_of_one_output_is_that_output():
    network, mean, _ = encoder()
    m2m.Autoencoder(keras.Model(network.input, [mean]), decoder())
