"""Encoders of others: one code an image, the same one at each call."""

import re

import keras
import numpy as np
import pytest
from keras import layers

import m2m_tf as m2m
from m2m_tf.autoencoders.one_code import check_draws_nothing, unpacked, with_one_output


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


class TwoSampling(layers.Layer):
    """As Keras' own example has it: of a mean and a spread."""

    def call(self, inputs):
        mean, spread = inputs
        return mean + spread * keras.random.normal(keras.ops.shape(mean))


@pytest.mark.parametrize("kind", ["mean", "mean and spread", "nested"])
def test_the_way_to_a_mean_without_its_name_can_be_followed(kind):
    network, code, spread = encoder(names=("a", "b"))
    if kind == "nested":
        sequential = keras.Sequential([network, Sampling(name="z")])
        network = keras.Model(sequential.inputs[0], sequential.outputs[0])
    else:
        draw = Sampling(name="z")(code) if kind == "mean" else TwoSampling(name="z")([code, spread])
        network = keras.Model(network.inputs[0], draw)
    with pytest.raises(ValueError, match="'z' draws. Give the mean: keras.Model") as refusal:
        m2m.Autoencoder(network, decoder())
    [way] = re.findall(r"keras.Model\(.*\)(?=;)", str(refusal.value))
    assert way.startswith("keras.Model(encoder.input, encoder.get_layer('z').input")
    first = "[0]" if kind == "mean and spread" else ""
    assert way.endswith(f".input{first})")
    mean = network.get_layer("z").input
    mean = mean[0] if first else mean
    m2m.Autoencoder(keras.Model(network.input, mean), decoder())


@pytest.mark.parametrize("is_last", [False, True])
def test_dropout_that_is_always_on_is_told_to_be_built_without_training(is_last):
    image, drop = keras.Input((8, 8, 1)), AlwaysDropout(0.5, name="drop")
    code = layers.Dense(4)(layers.Flatten()(image if is_last else drop(image)))
    with pytest.raises(ValueError, match="'drop' draws. .*training=False") as refusal:
        m2m.Autoencoder(keras.Model(image, drop(code) if is_last else code), decoder())
    assert "Give the mean" not in str(refusal.value)


def test_codes_of_a_codebooks_entries_are_said():
    image = keras.Input((8, 8, 1))
    parts = layers.Dense(20)(layers.Flatten()(image))
    entries = keras.ops.argmax(layers.Reshape((4, 5))(parts), axis=-1)
    taken = m2m.Autoencoder(keras.Model(image, entries), decoder())
    assert "codes are whole numbers" in taken.notes[0]
    assert taken.encode(np.zeros((3, 8, 8, 1), "uint8")).dtype == np.float32
    assert m2m.Autoencoder(encoder()[0], decoder()).notes == []


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


@pytest.mark.parametrize("pack", [lambda image: {"image": image}, lambda image: [image]])
def test_a_network_of_one_output_in_a_dictionary_or_a_list_is_one_of_that_output(pack):
    code = keras.Input((4,))
    image = layers.Reshape((8, 8, 1))(layers.Dense(64, "tanh")(code))
    packed = keras.Model(code, pack(image))
    plain = unpacked(packed)
    assert plain.output_shape == (None, 8, 8, 1) and unpacked(plain) is plain
    decoded = m2m.Autoencoder(encoder()[0], packed).decode(np.ones((2, 4)))
    np.testing.assert_allclose(decoded, plain(np.ones((2, 4))), atol=1e-6)
