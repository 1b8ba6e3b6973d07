"""How a source gives its labels with its images."""

import dataclasses
import functools
from collections.abc import Callable

import tensorflow as tf

GIVE = "Give them: fit(target, labels), one label an image."


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
        labels = read()
        if len(labels) != count:
            raise ValueError(
                f"Each image has one label, in the same order; got {len(labels):,} labels for "
                f"{count:,} images of {name!r}. Give as many labels as images."
            )
        return labels

    def open_blocks(size, skip):
        labels = tf.constant(known())
        starts = tf.data.Dataset.range(skip * size, count, size)
        return open_pairs(size, skip, starts.map(lambda start: labels[start : start + size]))

    return SourceLabels(open_blocks, known)


def no_labels(kind):
    """Those of a source that has none: to ask for them is an error."""

    def refuse(*_):
        raise ValueError(f"load_labels finds none in {kind}. {GIVE}")

    return SourceLabels(refuse, refuse)
