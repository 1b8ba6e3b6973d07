"""An encoder must give codes that are finite."""

import keras
import numpy as np
import pytest

import m2m_tf as m2m
from m2m_tf.autoencoders.check import check_codes


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_a_code_that_is_not_finite_is_refused_with_the_number_of_its_image(value):
    codes = np.zeros((5, 2, 2, 3), "float32")
    check_codes(codes, 0, "mine")
    codes[3, 1, 0, 2] = value
    with pytest.raises(ValueError, match="'mine' gives a code that is not finite for image 103"):
        check_codes(codes, 100, "mine")


def test_an_encoder_that_gives_nan_is_refused(digits):
    encoder, decoder = m2m.build_pair((28, 28, 1), code_dim=2, width=1)
    encoder.set_weights([weight * np.nan for weight in encoder.get_weights()])
    with pytest.raises(ValueError, match="'broken' gives a code that is not finite for image 0"):
        m2m.Autoencoder(encoder, decoder, name="broken").encode(digits[:4])


@pytest.mark.parametrize("value", [np.nan, np.inf])
@pytest.mark.parametrize("value_range", ["auto", (-1, 1)])
def test_a_decoder_of_weights_that_are_not_finite_is_refused(value, value_range):
    encoder, decoder = m2m.build_pair((28, 28, 1), code_dim=2, width=1)
    decoder.set_weights([np.full_like(weight, value) for weight in decoder.get_weights()])
    with pytest.raises(ValueError, match="decoder's weights '.*' are not finite"):
        m2m.Autoencoder(encoder, decoder, value_range=value_range)


@pytest.mark.parametrize("activation", ["tanh", None])
def test_networks_of_others_are_refused_where_keras_puts_channels_first(activation):
    encoder = keras.Sequential(
        [keras.Input((8, 8, 1)), keras.layers.Flatten(), keras.layers.Dense(3)]
    )
    pixels = keras.layers.Dense(64, activation=activation)
    decoder = keras.Sequential([keras.Input((3,)), pixels, keras.layers.Reshape((8, 8, 1))])
    keras.config.set_image_data_format("channels_first")
    try:
        with pytest.raises(ValueError, match="to be 'channels_last'; it is 'channels_first'"):
            m2m.Autoencoder(encoder, decoder)
    finally:
        keras.config.set_image_data_format("channels_last")
    m2m.Autoencoder(encoder, decoder)


@pytest.mark.parametrize("path", ["mine.keras", "mine.h5"])
def test_an_autoencoder_is_no_file(tmp_path, shared_autoencoder, path):
    with pytest.raises(ValueError, match="writes a folder of two .keras files and a card"):
        shared_autoencoder.save(tmp_path / path)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("word", ["overwrite", "include_optimizer"])
def test_arguments_of_keras_are_no_facts_for_a_card(tmp_path, shared_autoencoder, word):
    with pytest.raises(ValueError, match=f"Autoencoder.save has no {word}"):
        shared_autoencoder.save(tmp_path / "mine", **{word: False})
    assert not list(tmp_path.iterdir())
