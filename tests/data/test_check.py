"""The checks on pixels on their own."""

import re

import numpy as np
import pytest

from m2m_tf.data.check import check_dtype, check_pixels, joined, look_at
from m2m_tf.data.convert import SCALED
from m2m_tf.data.value_range import BYTES, TOLERANCE, Seen, ValueRange


def test_every_uint8_passes():
    check_pixels(np.arange(256, dtype=np.uint8), ValueRange(*BYTES, 0, "uint8"), "x")


def test_what_is_seen_is_the_kind_the_ends_and_the_number():
    assert look_at(np.array([[-0.5], [0.25]]), "x") == Seen("float", -0.5, 0.25, 2)
    assert look_at(np.array([[3, 700]], np.uint16), "x") == Seen("whole", 3, 700, 1)
    assert look_at(np.zeros((0, 2), bool), "x").count == 0


def test_what_is_seen_of_parts_is_seen_of_the_whole():
    parts = [np.array([[0.1], [0.7]]), np.array([[-0.2]])]
    assert joined([look_at(part, "x") for part in parts]) == Seen("float", -0.2, 0.7, 3)


def test_rounding_past_one_is_let_through_and_no_more():
    check_pixels(np.full((2, 1), 1 + TOLERANCE / 2), SCALED, "x")
    with pytest.raises(ValueError, match=r"got values in \[1.0002, 1.0002\] from 'x'"):
        check_pixels(np.full((2, 1), 1 + TOLERANCE * 2), SCALED, "x")


def test_a_bad_image_is_counted_from_the_start_of_the_source():
    with pytest.raises(ValueError, match="image 513 of 'x'.* NaN"):
        check_pixels(np.array([[0.0], [np.nan]]), SCALED, "x", start=512)


@pytest.mark.parametrize("dtype", [complex, object, "U1", "datetime64[s]"])
def test_what_is_no_number_is_refused(dtype):
    with pytest.raises(ValueError, match="uint8 in .* or as floats"):
        check_dtype(dtype, "x")


@pytest.mark.parametrize(
    "dtype, mend", [(complex, r"astype\('float32'\)"), (object, r"list\(images")]
)
def test_what_mends_it_fits(dtype, mend):
    with pytest.raises(ValueError, match=mend):
        check_dtype(dtype, "x")


COLOURS = np.linspace(0, 1, 4 * 8 * 8 * 3).reshape(4, 8, 8, 3)


@pytest.mark.parametrize(
    ("colours", "opacity"),
    [
        ((COLOURS * 255).astype("uint8"), 1),
        (COLOURS * 255, 1),
        (COLOURS * 2 - 1, 0.5),
        (COLOURS * 2 - 1, 0),
        ((COLOURS * 65535).astype("uint16"), 255),
        ((COLOURS * 65535).astype("uint16"), 1),
        ((COLOURS * 4095).astype("int64"), 255),
    ],
)
def test_opacity_in_another_range_than_the_colours_is_refused(colours, opacity):
    beside = np.full((4, 8, 8, 1), opacity).astype(colours.dtype)
    with pytest.raises(ValueError, match="expects the opacity of images, their last channel, in"):
        look_at(np.concatenate([colours, beside], axis=3), "x")


@pytest.mark.parametrize(
    ("colours", "opacity"),
    [
        ((COLOURS * 255).astype("uint8"), 0),
        ((COLOURS * 255).astype("uint8"), 255),
        (COLOURS * 2 - 1, 1),
        (COLOURS * 2 - 1, -1),
        (COLOURS, 0.5),
        ((COLOURS * 65535).astype("uint16"), 65535),
        ((COLOURS * 65535).astype("uint16"), 0),
        ((COLOURS * 300).astype("uint16"), 255),
        (COLOURS * 270, 255),
    ],
)
def test_opacity_in_the_range_of_the_colours_is_taken(colours, opacity):
    beside = np.full((4, 8, 8, 1), opacity).astype(colours.dtype)
    assert look_at(np.concatenate([colours, beside], axis=3), "x").count == 4


def test_the_opacity_that_is_advised_is_taken():
    colours, opacity = (COLOURS * 65535).astype("uint16"), np.full((4, 8, 8, 1), 255, "uint8")
    with pytest.raises(ValueError, match=r"\[0, 65535\]; got values in \[255, 255\]") as refused:
        look_at(np.concatenate([colours, opacity], axis=3), "x")
    advised = re.search(r"Give (.*), or the", str(refused.value))[1]
    mended = eval(advised, {"opacity": opacity})  # noqa: S307 - it is what a user pastes
    assert look_at(np.concatenate([colours, mended], axis=3), "x") == Seen("whole", 0, 65535, 4)
