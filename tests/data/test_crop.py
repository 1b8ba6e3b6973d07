"""Cropping, padding and stretching to an aspect ratio."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from m2m_tf.data.crop import crop_box, resize_array, resize_image

SIDES = st.integers(1, 60)


@given(SIDES, SIDES, st.tuples(SIDES, SIDES))
def test_the_box_lies_in_the_middle_of_the_image_and_has_the_ratio(height, width, size):
    left, top, right, bottom = crop_box(height, width, size)
    assert 0 <= left < right <= width and 0 <= top < bottom <= height
    assert abs(left - (width - right)) <= 1 and abs(top - (height - bottom)) <= 1
    scale = min(height / size[0], width / size[1])
    assert abs(bottom - top - size[0] * scale) <= 1 and abs(right - left - size[1] * scale) <= 1


def halves():
    """20 rows and 40 columns: the left half 0, the right one 200."""
    return np.repeat(np.repeat([[0, 200]], 20, 1), 20, 0).astype("uint8")


def test_cropping_keeps_the_middle_and_stretching_all():
    image = Image.fromarray(halves())
    cropped = np.asarray(resize_image(image, (20, 20)))
    np.testing.assert_array_equal(cropped, halves()[:, 10:30])
    stretched = np.asarray(resize_image(image, (10, 2), fit="stretch"))
    np.testing.assert_array_equal(stretched, [[0, 200]] * 10)


@pytest.mark.parametrize(("mode", "white"), [("L", 255), ("RGB", 255), ("F", 1.0)])
def test_padding_keeps_all_and_adds_white(mode, white):
    pixels = {"L": halves(), "RGB": np.dstack([halves()] * 3), "F": np.zeros((20, 40), "f4")}[mode]
    padded = np.asarray(resize_image(Image.fromarray(pixels), (40, 40), fit="pad"))
    np.testing.assert_array_equal(padded[10:30], pixels)
    assert (padded[:10] == white).all() and (padded[30:] == white).all()


def test_shrinking_by_area_is_the_mean_of_the_pixels():
    pixels = np.random.default_rng(0).integers(0, 256, (3, 8, 8, 1)).astype("uint8")
    expected = pixels.reshape(3, 4, 2, 4, 2, 1).mean(axis=(2, 4))
    assert np.abs(resize_array(pixels, (4, 4)) - expected).max() <= 1  # Pillow rounds each axis


def test_floats_stay_in_their_range_and_integers_in_their_type():
    edges = np.sign(np.random.default_rng(0).normal(size=(2, 9, 9, 3)))
    made = resize_array(edges, (20, 20))  # Lanczos overshoots at edges
    assert made.dtype == np.float32 and np.abs(made).max() == 1
    assert resize_array(np.full((1, 5, 5, 1), 255, "uint8"), (9, 9)).dtype == np.uint8
