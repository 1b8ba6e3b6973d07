"""Labels of a source: whole numbers or names, one an image."""

import numpy as np
import pytest

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
    ],
)
def test_what_is_no_label_is_refused(given, said):
    with pytest.raises(ValueError, match=said):
        check_labels(given, "d")


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
