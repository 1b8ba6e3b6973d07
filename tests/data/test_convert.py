"""Channels and scale: what goes in comes out as the contract says."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from PIL import Image

from m2m_tf.data import load
from m2m_tf.data.convert import to_float, with_channels


def test_black_is_minus_one_and_white_is_one():
    assert to_float(np.array([0, 255], np.uint8)).tolist() == [-1, 1]


@given(hnp.arrays(np.uint8, hnp.array_shapes(max_side=5)))
def test_uint8_to_floats_and_back_is_exact(pixels):
    floats = to_float(pixels)
    assert floats.dtype == np.float32
    np.testing.assert_array_equal(np.rint((floats + 1) * 127.5).astype(np.uint8), pixels)


@given(hnp.arrays(np.uint8, (3, 4, 4, 1)))
def test_grey_to_colour_and_back_to_grey_is_the_same(pixels):
    np.testing.assert_array_equal(with_channels(with_channels(pixels, 3), 1), pixels)


@given(hnp.arrays(np.uint8, (2, 3, 3, 3)))
def test_colour_to_grey_is_that_of_pillow_within_rounding(pixels):
    ours = with_channels(pixels, 1)[..., 0]
    theirs = [np.asarray(Image.fromarray(image).convert("L")) for image in pixels]
    assert np.abs(ours.astype(int) - np.stack(theirs)).max() <= 1


@settings(deadline=None)  # the first call loads what later ones have
@given(hnp.arrays(np.uint8, (2, 3, 3, 4)), st.sampled_from([1, 3]))
def test_transparent_uint8_and_floats_are_composited_alike(pixels, channels):
    from_pixels = to_float(with_channels(pixels, channels))
    from_floats = with_channels(to_float(pixels), channels)
    np.testing.assert_allclose(from_pixels, from_floats, atol=2.1 / 127.5)


def test_what_is_fully_transparent_is_white(colour):
    transparent = np.concatenate([colour, np.zeros_like(colour[..., :1])], axis=-1)
    assert (load(transparent).numpy() == 1).all()


def test_what_is_opaque_keeps_its_colour(colour):
    opaque = np.concatenate([colour, np.full_like(colour[..., :1], 255)], axis=-1)
    images = load(opaque)
    assert images.image_shape == (28, 28, 3)
    np.testing.assert_array_equal(images.numpy(), load(colour).numpy())


def test_a_conversion_is_said(colour, pixels):
    assert load(colour, image_shape=(28, 28, 1)).notes == [
        "converted colour images to grey (Rec. 601 luma)"
    ]
    assert load(pixels, image_shape=(28, 28, 3)).notes == [
        "converted grey images to colour (3 equal channels)"
    ]
    assert load(pixels, image_shape=(28, 28, 1)).notes == []


def test_channels_that_contradict_the_image_shape_are_refused(pixels):
    with pytest.raises(ValueError, match="Leave channels out"):
        load(pixels, image_shape=(28, 28, 1), channels=3)
