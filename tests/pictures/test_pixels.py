"""Float images become the pixels that they stand for, or are refused."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from m2m_tf.pictures.pixels import enlarge, scale_to_show, to_pixels


def test_minus_one_is_black_and_one_is_white():
    images = np.array([-1.0, 0.0, 1.0], np.float32).reshape(1, 1, 3, 1)
    assert to_pixels(images).ravel().tolist() == [0, 128, 255]


@given(st.lists(st.integers(0, 255), min_size=1, max_size=20))
def test_uint8_through_floats_and_back_is_exact(values):
    pixels = np.array(values, np.uint8).reshape(1, 1, -1, 1)
    floats = pixels.astype(np.float32) / 127.5 - 1
    assert (to_pixels(floats) == pixels).all()


def test_uint8_is_taken_as_it_is():
    pixels = np.arange(12, dtype=np.uint8).reshape(1, 2, 2, 3)
    assert (to_pixels(pixels) == pixels).all()


def test_rounding_beyond_one_is_clipped():
    assert to_pixels(np.full((1, 1, 1, 1), 1 + 1e-6)).item() == 255


@pytest.mark.parametrize("shape", [(28, 28), (28, 28, 1), (2, 28, 28, 2), (0, 28, 28, 1)])
def test_what_is_no_batch_of_images_is_refused(shape):
    with pytest.raises(ValueError, match="got .*batch axis"):
        to_pixels(np.zeros(shape, np.float32))


def test_values_outside_the_range_are_refused_with_the_range_seen():
    with pytest.raises(ValueError, match=r"in \[0, 255\]; got float32 in \[0, 200\]"):
        to_pixels(np.array([0.0, 200.0], np.float32).reshape(2, 1, 1, 1))


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_an_image_that_is_not_finite_is_named(value):
    images = np.zeros((3, 2, 2, 1), np.float32)
    images[1, 0, 0, 0] = value
    with pytest.raises(ValueError, match="image 1 has NaN"):
        to_pixels(images)


def test_enlarging_repeats_pixels():
    pixels = np.array([[1, 2]], np.uint8).reshape(1, 1, 2, 1)
    assert enlarge(pixels, 2)[0, :, :, 0].tolist() == [[1, 1, 2, 2], [1, 1, 2, 2]]


@pytest.mark.parametrize("scale", [0, 1.5])
def test_a_scale_that_is_no_whole_number_is_refused(scale):
    with pytest.raises(ValueError, match="whole number"):
        enlarge(np.zeros((1, 1, 1, 1), np.uint8), scale)


def test_small_images_are_enlarged_to_be_seen_and_large_ones_left():
    assert scale_to_show((28, 28), 84) == 3
    assert scale_to_show((1024, 1024), 84) == 1


@pytest.mark.parametrize("kind", [bool, "int64", "uint16"])
def test_truth_values_and_other_whole_numbers_are_refused(kind):
    with pytest.raises(ValueError, match="got (bool|int64|uint16). Convert them first"):
        to_pixels(np.ones((1, 2, 2, 1), kind))
