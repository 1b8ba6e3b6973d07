"""How a source gives its labels with its images."""

import dataclasses
import functools
import math
import numbers
from collections.abc import Callable

import numpy as np
import tensorflow as tf

_EXPECTS = "load_labels expects whole numbers or names, one an image"
_UNPACK = (
    "Give an array, numpy.array(list(labels.as_numpy_iterator())), or one dataset of pairs, "
    "tf.data.Dataset.zip(images, labels)."
)
GIVE = "Give them: fit(target, labels), one label an image; or a pair, (images, labels)."


@dataclasses.dataclass(frozen=True)
class SourceLabels:
    """What a reader says of the labels of its images.

    Attributes:
        open_blocks: `(size, skip) -> tf.data.Dataset` of pairs: the images of each block, see
            `Images`, and their labels, whole numbers or names `(n,)`.
        known: `() -> array (count,)`, the labels of all candidates, where no image has to be read
            for them; None elsewhere. Raises ValueError where the source has none.
    """

    open_blocks: Callable
    known: Callable


def labels_beside(open_pairs, read, count, name):
    """Labels that lie in an array of their own, one for each candidate.

    Args:
        open_pairs: `(size, skip, labels) -> tf.data.Dataset` of pairs, `labels` a dataset of the
            labels of each block's candidates.
        read: `() -> array (count,)`.
        count: the number of candidates.
        name: the source, for messages.
    """

    @functools.cache
    def known():
        labels = check_labels(read(), name)
        check_one_each(len(labels), count, name)
        return labels

    def open_blocks(size, skip):
        labels = tf.constant(known())
        starts = tf.data.Dataset.range(skip * size, count, size)
        return open_pairs(size, skip, starts.map(lambda start: labels[start : start + size]))

    return SourceLabels(open_blocks, known)


def check_one_each(labels, images, name):
    """Raise ValueError unless there are as many labels as images."""
    if labels != images:
        raise ValueError(
            f"Each image has one label, in the same order; got {labels:,} labels for "
            f"{images:,} images of {name!r}. Give as many labels as images."
        )


def no_labels(kind):
    """Those of a source that has none: to ask for them is an error."""

    def refuse(*_):
        raise ValueError(f"load_labels finds none in {kind}. {GIVE}")

    return SourceLabels(refuse, refuse)


def check_labels(labels, name, start=0):
    """Returns labels as an array `(n,)` of int64 or of strings; a column (n, 1) is let pass, and
    one-hot rows (n, classes) become numbers.

    Args:
        labels: The labels, or those of a block.
        name: The source, for messages.
        start: How many labels came before these.

    Raises:
        ValueError: If they are neither whole numbers nor names, or not one an image.
    """
    if isinstance(labels, tf.data.Dataset):
        raise ValueError(f"{_EXPECTS}; got a tf.data.Dataset of {labels.element_spec}. {_UNPACK}")
    labels = np.asarray(labels)
    if labels.dtype.kind in "OS":
        texts = [x.decode() if isinstance(x, bytes) else x for x in labels.reshape(-1).tolist()]
        if all(isinstance(text, str) for text in texts):
            labels = np.array(texts, "U").reshape(labels.shape)
    if labels.ndim == 2 and labels.shape[1] == 1:
        labels = labels[:, 0]
    if labels.ndim == 2 and _is_one_hot(labels):
        labels = np.argmax(labels, axis=1)
    if labels.ndim != 1 or labels.dtype.kind not in "iuU":
        got = f"got {labels.dtype} of shape {labels.shape} from {name!r}"
        raise ValueError(f"{_EXPECTS}; {got}. {_mend(labels, start)}")
    return labels if labels.dtype.kind == "U" else labels.astype("int64")


def _mend(labels, start):
    """What makes labels of what is none, a sentence."""
    if labels.ndim > 2:
        return "That is the shape of images: give the class of each instead."
    if labels.ndim == 2 and labels.dtype.kind in "iufb":
        return "These rows are not one-hot: numpy.argmax(labels, axis=1) takes the largest."
    if labels.ndim != 1:
        return "Give one label for each image."
    for number, label in enumerate(labels.tolist(), start):
        what = _no_class(label)
        if what:
            return (
                f"Label {number} (counted from 0) is {what}: leave its image out, or give it one."
            )
    return (
        "Convert them: labels.astype('int64'), or in a tf.data.Dataset by .map(lambda image, "
        "label: (image, tf.cast(label, tf.int64)))."
    )


def _no_class(label):
    """What a label is that no conversion makes one; None for a number or a name."""
    if isinstance(label, float) and math.isnan(label):
        return "NaN"
    if isinstance(label, (str, bytes, numbers.Real)):
        return None
    return "None" if label is None else type(label).__name__


def _is_one_hot(labels):
    """Whether each row has one 1 and else 0."""
    if labels.dtype.kind not in "iufb" or labels.shape[1] < 2:
        return False
    return bool(np.isin(labels, (0, 1)).all() and (labels.sum(axis=1) == 1).all())
