"""A comparison shows three labelled rows that a person can read."""

import numpy as np
import pytest
from PIL import Image

from m2m_tf.pictures import comparison, labelled_rows, save_comparison


def row(value, channels=1, count=4):
    return np.full((count, 28, 28, channels), value, np.uint8)


@pytest.mark.parametrize("channels", [1, 3])
def test_the_rows_stand_in_order_from_the_top(channels):
    picture = comparison(row(10, channels), row(20, channels), row(30, channels))
    right_column = picture[:, -5, 0]
    order = [value for value in (10, 20, 30) if value in right_column]
    tops = [int(np.argmax(right_column == value)) for value in order]
    assert order == [10, 20, 30] and tops == sorted(tops)


def test_each_row_has_a_label_in_front_of_it():
    picture = comparison(row(255), row(255), row(255))[..., 0]
    for part in np.array_split(picture, 3):
        assert (part < 100).any(axis=0)[: part.shape[1] // 3].sum() > 20


def test_a_digit_of_28_pixels_is_shown_three_times_as_large():
    assert comparison(row(1), row(1), row(1)).shape[0] == 3 * 84 + 4 * 2


def test_rows_of_different_lengths_are_refused():
    with pytest.raises(ValueError, match=r"target \(4, 28, 28, 1\).*generated \(3, 28, 28, 1\)"):
        comparison(row(1), row(1), row(1, count=3))


def test_rows_take_any_labels():
    two = labelled_rows({"generated": row(1), "nearest training image": row(2)})
    assert two.shape[0] == 2 * 84 + 3 * 2
    assert two.shape[1] > labelled_rows({"a": row(1), "b": row(2)}).shape[1]


def test_a_saved_comparison_is_a_png_of_the_same_size(tmp_path):
    path = save_comparison(tmp_path / "comparison.png", row(1), row(2), row(3))
    height, width, _ = comparison(row(1), row(2), row(3)).shape
    with Image.open(path) as picture:
        assert picture.size == (width, height)


def test_no_rows_are_refused():
    with pytest.raises(ValueError, match="Expected a row of images or more"):
        labelled_rows({})
