"""The labels of a source's images: which class each belongs to."""

import itertools
from typing import Any

import numpy as np
import numpy.typing as npt

from m2m_tf.data.hints import ImageSource
from m2m_tf.data.load import load
from m2m_tf.data.source_labels import check_labels

_BLOCK = 256


def load_labels(source: ImageSource | tuple[Any, npt.ArrayLike]) -> npt.NDArray[Any]:
    """Reads the labels of a source that `load` reads the images of, in the same order.

    Args:
        source: A folder or a zip of images with one sub-folder a class, whose name is the label;
            an IDX file or folder whose labels file lies beside (train-images-idx3-ubyte.gz,
            train-labels-idx1-ubyte.gz); a `.npz` with `labels`, `y` or `y_train`;
            "tfds:NAME[:SPLIT]"; "demo:digits"; a pair (images, labels); a `tf.data.Dataset` of
            (image, label) or {"image": ..., "label": ...}, batched or not, which is read twice, as
            an order that changes would give images another's label; or
            the `Images` of one of these.

    Returns:
        An array `(n,)` of int64, or of names. Files that turn out to be no images have a label
        too; `Images.labelled_blocks` leaves out both.

    Raises:
        ValueError: If the source has no labels, or they are no whole numbers or names.

    Example:
        >>> m2m_tf.data.load_labels("demo:digits")[:3]
        array([9, 0, 2])
    """
    if isinstance(source, tuple) and len(source) == 2:
        return check_labels(source[1], "labels")
    images = load(source, at_least=1)
    known = images.known_labels()
    return _read(images) if known is None else known


def _read(images):
    """Those that only a pass over the images tells."""
    blocks = images.labelled_blocks(_BLOCK)
    labels = [found.numpy() for _, found in blocks]
    for first, second in itertools.zip_longest(labels, (found for _, found in blocks)):
        if first is None or second is None or not np.array_equal(first, second):
            raise ValueError(
                f"load_labels expects {images.name!r} to give its elements in the same order each "
                "time; its labels came in another order the second time. Leave the shuffling out "
                "(codes are shuffled anyway), or pass shuffle(..., reshuffle_each_iteration=False)."
            )
    return check_labels(np.concatenate(labels), images.name)
