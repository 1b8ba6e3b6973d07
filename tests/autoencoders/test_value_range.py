"""Networks that hold images of another range are brought to [-1, 1]."""

import keras
import numpy as np
import pytest
from keras import layers

import m2m_tf as m2m
from m2m_tf.autoencoders.value_range import (
    OURS,
    as_it_came,
    brought,
    checked_range,
    range_given,
    range_taken,
    to_our_range,
)

SHAPE = (8, 8, 1)


def encoder(*before):
    return keras.Sequential([keras.Input(SHAPE), *before, layers.Flatten(), layers.Dense(3)])


def decoder(*after, activation=None):
    dense = layers.Dense(64, activation=activation)
    return keras.Sequential([keras.Input((3,)), dense, layers.Reshape(SHAPE), *after])


@pytest.mark.parametrize(
    "activation, bounds",
    [
        ("tanh", (-1, 1)),
        ("sigmoid", (0, 1)),
        ("hard_sigmoid", (0, 1)),
        ("relu6", (0, 6)),
        ("relu", (0, np.inf)),
        ("softplus", (0, np.inf)),
        (None, None),
        ("gelu", None),
    ],
)
def test_the_last_activation_bounds_what_a_decoder_gives(activation, bounds):
    assert range_given(decoder(activation=activation)) == bounds
    after = [layers.Activation(activation)] if activation else []
    assert range_given(decoder(*after, layers.Cropping2D(0))) == bounds


def test_bounds_are_followed_through_scales_and_models():
    assert range_given(decoder(layers.Rescaling(255), activation="sigmoid")) == (0, 255)
    assert range_given(decoder(layers.Rescaling(-2, 1), activation="sigmoid")) == (-1, 1)
    assert range_given(decoder(layers.ReLU(max_value=1.0))) == (0, 1)
    inner = decoder(activation="sigmoid")
    assert range_given(keras.Model(inner.inputs, layers.Identity()(inner.outputs[0]))) == (0, 1)
    assert range_given(keras.Sequential([keras.Input((3,)), inner])) == (0, 1)


@pytest.mark.parametrize(
    "scale, offset, taken",
    [
        (1 / 255, 0, (0, 255)),
        (1 / 127.5, -1, (0, 255)),
        (2, -1, (0, 1)),
        (1, -0.5, (0, 1)),
        (0.5, 0.5, (-1, 1)),
        (7, 3, None),
    ],
)
def test_a_first_layer_that_scales_says_what_an_encoder_takes(scale, offset, taken):
    assert range_taken(encoder(layers.Rescaling(scale, offset))) == taken
    assert range_taken(encoder()) is None


@pytest.mark.parametrize("value_range", ["auto", (0, 1)])
def test_a_pair_of_0_to_1_is_taken_for_what_it_is(value_range):
    ours, theirs = encoder(), decoder(activation="sigmoid")
    taken = m2m.Autoencoder(ours, theirs, value_range=value_range)
    images = np.random.default_rng(0).uniform(-1, 1, (5, *SHAPE)).astype("float32")
    codes = np.asarray(ours((images + 1) / 2))
    np.testing.assert_allclose(taken.encode(images), codes, atol=1e-5)
    np.testing.assert_allclose(taken.decode(codes), np.asarray(theirs(codes)) * 2 - 1, atol=1e-5)
    assert taken.decode(codes).min() < 0 and "[0, 1]" in taken.notes[0]


def test_pixels_in_and_0_to_1_out_are_each_read_right():
    pair = encoder(layers.Rescaling(1 / 255)), decoder(activation="sigmoid")
    assert to_our_range(*pair)[2] == ((0, 255), (0, 1))
    assert to_our_range(*pair, (0, 255))[2] == ((0, 255), (0, 1))


def test_a_pair_of_ours_is_left_as_it_is():
    ours, theirs = encoder(), decoder(activation="tanh")
    taken = m2m.Autoencoder(ours, theirs)
    assert taken.encoder is ours and taken.decoder is theirs and taken.notes == []
    theirs = decoder(activation="sigmoid")  # by the user's word
    assert m2m.Autoencoder(ours, theirs, value_range=(-1, 1)).decoder is theirs


@pytest.mark.parametrize("activation", ["relu", "relu6", "softplus", "exponential"])
def test_values_without_an_end_are_refused_until_the_range_is_said(activation):
    with pytest.raises(ValueError, match=r"value_range=\(0, 1\)"):
        m2m.Autoencoder(encoder(), decoder(activation=activation))
    pair = encoder(), decoder(activation=activation)
    assert to_our_range(*pair, (0, 255))[2] == ((0, 255), (0, 255))
    with pytest.raises(ValueError, match="from 0 up, never -2"):
        to_our_range(*pair, (-2, 2))


def test_a_linear_decoder_that_gives_pixels_of_nothing_is_refused():
    pair = encoder(), decoder()
    pair[1].layers[0].set_weights([np.zeros((3, 64)), np.full(64, 120.0)])
    with pytest.raises(ValueError, match=r"values from 120 to 120.*value_range=\(0, 1\)"):
        m2m.Autoencoder(*pair)


@pytest.mark.parametrize("value_range", [(0, 1), (0, 255), (-1, 1)])
def test_what_was_brought_to_ours_is_found_again_as_it_came(value_range):
    ours, theirs = encoder(), decoder()
    again = as_it_came(*brought(ours, theirs, value_range, value_range))
    assert again[:2] == (ours, theirs)
    np.testing.assert_allclose(again[2:], [value_range] * 2, atol=1e-4)


def test_untrained_linear_networks_are_taken_as_ours():
    assert to_our_range(encoder(), decoder())[2] == (OURS, OURS)


@pytest.mark.slow
def test_what_was_brought_to_ours_stays_so_when_saved_and_at_another_size(tmp_path):
    pair = m2m.build_pair((16, 16, 1), code_shape=(4, 4, 1), width=1)
    squashed = keras.Model(pair[1].input, layers.Activation("sigmoid")(pair[1].output))
    taken = m2m.Autoencoder(pair[0], squashed)
    taken.save(tmp_path)
    loaded = m2m.Autoencoder.load(tmp_path)
    codes = np.random.default_rng(0).normal(size=(3, 4, 4, 1))
    np.testing.assert_array_equal(loaded.decode(codes), taken.decode(codes))
    again = m2m.Autoencoder(loaded.encoder, loaded.decoder)
    assert again.decoder is loaded.decoder
    assert taken.at((32, 32, 1)).decode(np.zeros((1, 8, 8, 1))).shape == (1, 32, 32, 1)


@pytest.mark.parametrize(
    "given", [(1, 0), (0, 1, 2), "pixels", (0, np.inf), 255, None, ("a", "b"), [], {}]
)
def test_what_is_no_range_is_refused(given):
    with pytest.raises(ValueError, match="value_range is 'auto', or .low, high."):
        m2m.Autoencoder(encoder(), decoder(), value_range=given)
    with pytest.raises(ValueError, match="value_range is"):
        to_our_range(encoder(), decoder(), given)


@pytest.mark.parametrize("given", [[0, 1], np.array([0, 1])])
def test_a_range_comes_as_any_pair(given):
    assert checked_range(given) == (0.0, 1.0) and checked_range("auto") == "auto"
    taken = m2m.Autoencoder(encoder(), decoder(activation="sigmoid"), value_range=given)
    assert "[0, 1]" in taken.notes[0]
