"""The labels of a target on their way into the code store, from one pass with its images."""

import io
import itertools

import numpy as np

from m2m_tf.data.passes import Passed
from m2m_tf.data.source_labels import check_labels


class KeptLabels:
    """Takes the labels of a target's images as they come, and checks them.

    Args:
        images: `m2m.data.Images` that bring labels.
        check: A function of labels `(n,)` and of how many came before them, which raises for those
            that it refuses. It is called at once with all labels where they are known.

    Raises:
        ValueError: If the images have no labels, or the check refuses them.
    """

    def __init__(self, images, check=None):
        self._name, self._check = images.name, check
        self.fingerprint = images.labels_fingerprint
        known = images.known_labels()
        if known is not None and check:
            check(known, 0)

    def take(self, labels, start):
        """The labels of a block, a tensor, as an array `(n,)` of int64 or of names."""
        labels = check_labels(labels.numpy(), self._name, start)
        if self._check:
            self._check(labels, start)
        return labels


def read_blocks(images, size, first=0, count=None, kept=None):
    """Yields each block of the images and the labels of its images, None where none are kept.

    After a whole pass over a stream its `fingerprints` are those of this pass.

    Args:
        images: `m2m.data.Images`.
        size: Candidates in a block.
        first: The number of the first block.
        count: How many blocks; None is all that follow.
        kept: The `KeptLabels`, or None.
    """
    blocks = images.labelled_blocks(size, first) if kept else images.blocks(size, first)
    passed = Passed(images) if images.is_stream and first == 0 and count is None else None
    for block in itertools.islice(blocks, count):  # take would bury the reader's own errors
        block = block if kept else (block, None)
        if passed:
            passed.take(block[0])
        yield block
    if passed:
        images.fingerprints = passed.fingerprints


def joined(parts):
    """One array of labels from those of several blocks, of which some may be empty."""
    parts = [part for part in parts if len(part)]
    return np.concatenate(parts) if parts else np.zeros(0, "int64")


def labels_to_bytes(labels):
    """The content of a `.npy` file of labels."""
    file = io.BytesIO()
    np.save(file, labels, allow_pickle=False)
    return file.getvalue()


def read_labels(paths):
    """The labels in several such files, one after the other."""
    return joined([np.load(path, allow_pickle=False) for path in paths])
