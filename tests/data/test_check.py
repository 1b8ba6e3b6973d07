"""The range checks on their own."""

import numpy as np
import pytest

from m2m_tf.data.check import TOLERANCE, check_pixels


def test_every_uint8_passes():
    assert check_pixels(np.arange(256, dtype=np.uint8), "x") is None


def test_the_lowest_and_highest_value_are_given_back():
    assert check_pixels(np.array([[-0.5], [0.25]]), "x") == (-0.5, 0.25)


def test_rounding_past_one_is_let_through_and_no_more():
    check_pixels(np.full((2, 1), 1 + TOLERANCE / 2), "x")
    with pytest.raises(ValueError, match="got float64 values in"):
        check_pixels(np.full((2, 1), 1 + TOLERANCE * 2), "x")


def test_a_bad_image_is_counted_from_the_start_of_the_source():
    with pytest.raises(ValueError, match="image 513 of 'x'.* NaN"):
        check_pixels(np.array([[0.0], [np.nan]]), "x", start=512)
