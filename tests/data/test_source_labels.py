"""Labels of a source: whole numbers or names, one an image."""

import re

import numpy as np
import pytest
import tensorflow as tf

from m2m_tf.data import load_labels
from m2m_tf.data.source_labels import check_labels, labels_beside, no_labels


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (np.array([3, 1], "uint8"), [3, 1]),
        ([[3], [1]], [3, 1]),
        (np.eye(3)[[2, 0]], [2, 0]),
        (["cat", "dog"], ["cat", "dog"]),
        ([b"cat", b"dog"], ["cat", "dog"]),
        (np.array(["cat", "dog"], object), ["cat", "dog"]),
    ],
)
def test_numbers_names_and_one_hot_rows_are_labels(given, kept):
    labels = check_labels(given, "d")
    assert labels.tolist() == kept and labels.dtype.kind in "iU"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ([0.5, 1.0], "got float64 of shape .2,. from 'd'. Convert them"),
        ([[0.2, 0.8]], "not one-hot: numpy.argmax"),
        ([["a", "b"]], "one an image"),
        ([None, "cat"], "got object"),
        ([0.0, 1.0], r"tf.data.Dataset by \.map\(lambda image, label: .*tf.cast"),
        (["cat", None], r"Label 1 \(counted from 0\) is None: leave its image out"),
        ([None] * 3, "Label 0 .* is None"),
        (np.array(["cat", np.nan], object), "Label 1 .* is NaN"),
        ([3.0, 1.0, np.nan], "Label 2 .* is NaN"),
        ([3, {}], "Label 1 .* is dict"),
        (np.zeros((2, 8, 8, 1)), "shape of images"),
        (tf.data.Dataset.range(3), "got a tf.data.Dataset.*as_numpy_iterator.*Dataset.zip"),
        (3, "Give one label for each image"),
    ],
)
def test_what_is_no_label_is_refused_with_what_mends_it(given, said):
    with pytest.raises(ValueError, match=said) as refused:
        check_labels(given, "d")
    assert ("astype" in str(refused.value)) == ("Convert" in said or "tf.cast" in said)


def test_the_map_that_is_advised_makes_labels_of_floats(pixels):
    binary = tf.data.Dataset.from_tensor_slices((pixels[:8], np.ones((8, 1), "float32"))).batch(4)
    with pytest.raises(ValueError, match="Convert them") as refused:
        load_labels(binary)
    advised = re.search(r"by \.map\((.*)\)\.$", str(refused.value))[1]
    mended = binary.map(eval(advised, {"tf": tf}))  # noqa: S307 - it is what a user pastes
    assert load_labels(mended).tolist() == [1] * 8


def test_a_label_of_a_later_block_has_its_number_among_all():
    with pytest.raises(ValueError, match="Label 258 "):
        check_labels([1.0, 2.0, np.nan], "d", start=256)


def test_another_number_of_labels_than_of_images_is_refused():
    source = labels_beside(None, lambda: np.arange(5), 6, "d")
    with pytest.raises(ValueError, match="got 5 labels for 6 images of 'd'"):
        source.known()


def test_a_block_comes_with_the_labels_of_its_own_candidates():
    def open_pairs(size, skip, labels):
        return labels

    source = labels_beside(open_pairs, lambda: np.arange(10), 10, "d")
    blocks = [block.tolist() for block in source.open_blocks(4, 1).as_numpy_iterator()]
    assert blocks == [[4, 5, 6, 7], [8, 9]]


def test_to_ask_a_source_that_has_none_is_an_error():
    source = no_labels("an array")
    for ask in (source.known, lambda: source.open_blocks(4, 0)):
        with pytest.raises(ValueError, match="finds none in an array. Give them: fit"):
            ask()
