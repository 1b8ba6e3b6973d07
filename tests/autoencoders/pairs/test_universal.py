"""The universal pair: any size that is a multiple of 8."""

import keras
import numpy as np
import pytest

from m2m_tf.autoencoders.pairs.universal import build_universal_pair, check_sides
from m2m_tf.autoencoders.pretraining.linear import fit_components, set_linear_path


@pytest.mark.parametrize("shape", [(32, 32, 3), (64, 40, 3), (24, 32, 1)])
def test_codes_are_an_eighth_of_the_image_a_side(shape):
    encoder, decoder = build_universal_pair(shape, channels=5)
    assert encoder.output_shape == (None, shape[0] // 8, shape[1] // 8, 5)
    assert decoder.output_shape == (None, *shape)


def test_all_layers_are_keras_own():
    for network in build_universal_pair((32, 32, 3)):
        assert {type(layer).__module__.split(".")[0] for layer in network.layers} == {"keras"}


@pytest.mark.slow
def test_it_starts_as_the_principal_components_of_patches(emoji):
    encoder, decoder = build_universal_pair(emoji.shape[1:], channels=64)
    pixels = np.rint((emoji + 1) * 127.5).astype(np.uint8)
    set_linear_path(encoder, decoder, fit_components(encoder, pixels))
    rebuilt = decoder.predict(encoder.predict(emoji, verbose=0), verbose=0)
    patches = emoji.reshape(-1, 8, 8, 8, 8, 3).transpose(0, 1, 3, 2, 4, 5).reshape(-1, 192)
    centred = patches - patches.mean(axis=0)
    lost = np.linalg.eigvalsh(centred.T @ centred / len(centred))[:-64].sum() / 192
    # Clipping to [-1, 1] takes a little off; one bias a channel adds a little.
    assert np.mean((rebuilt - emoji) ** 2) == pytest.approx(lost, rel=0.25)


def test_what_is_far_away_changes_no_code():
    """Codes are local, so that a window in training stands for images of any size."""
    keras.utils.set_random_seed(0)
    encoder, _ = build_universal_pair((32, 256, 3))
    encoder.get_layer("correction").set_weights(
        [
            np.random.default_rng(0).normal(size=w.shape)
            for w in encoder.get_layer("correction").weights
        ]
    )
    image = np.random.default_rng(0).uniform(-1, 1, (1, 32, 256, 3)).astype("float32")
    other = image.copy()
    other[:, :, 128:] = 1
    codes, changed = encoder.predict(np.concatenate([image, other]), verbose=0)
    np.testing.assert_allclose(codes[:, :8], changed[:, :8], rtol=1e-4, atol=1e-4)
    assert np.abs(codes[:, 16:] - changed[:, 16:]).max() > 0.1


@pytest.mark.parametrize(
    ("shape", "message"),
    [
        ((30, 33, 3), "got 30x33. The nearest sizes are 24x32 and 32x40"),
        ((4, 64, 3), "The nearest sizes are 8x64 and 8x64"),
        ((64, 64), "expected an image_shape"),
        ((64, 64, 4), "1 or 3 channels"),
    ],
)
def test_a_shape_that_does_not_fit_is_refused_with_what_would(shape, message):
    with pytest.raises(ValueError, match=f"(?i){message}"):
        check_sides(shape)


def test_more_channels_than_a_patch_has_values_are_refused():
    with pytest.raises(ValueError, match="more than the 64 values"):
        build_universal_pair((32, 32, 1), channels=65)
