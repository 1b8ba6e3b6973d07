"""What every reader returns: images in one form, whatever they came from."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from typing import Any

import numpy as np
import numpy.typing as npt
import tensorflow as tf

from m2m_tf.data.errors import ClearDataset, clear_errors
from m2m_tf.data.readers.skips import Skips
from m2m_tf.data.source_labels import SourceLabels, no_labels
from m2m_tf.data.value_range import BYTES

IGNORED_LABELS = "ignored the labels"  # the note of a dataset that has some


class Images:
    """Images read one way: float32 (height, width, channels) in [-1, 1], finite, streamed.

    `m2m_tf.data.load` makes it. Each pass gives the same images in the same order, if the source
    does.

    Attributes:
        value_range: `(low, high)`, the values of the source that are black and white.
        range_given_for: the kind of its values, `"float"`, `"whole"`, `"uint8"` or `"bool"`, where
            that range was given; None where it was found.
        is_stream: whether the source is read anew in each pass and may change its order.
        ends: whether the source is known to end.
        fingerprints: of a stream's images, uint64 `(count,)`, in the order of the pass in which
            they were encoded; None before it.

    Args:
        name: where the images come from, for messages.
        image_shape: (height, width, channels) of every image; channels is 1 or 3.
        count: number of candidate images, those to be skipped included; None where nobody knows.
        fingerprint: hexadecimal sha256 that changes when the images or what is made of them change.
        open_blocks: `(size, skip) -> tf.data.Dataset` of float32 (n, height, width, channels): the
            images among each `size` candidates in turn, but for the first `skip` blocks. A block
            has fewer images where some were skipped, and the last one may be short.
        notes: sentences about conversions made; a reader may add some while it streams.
        skips: the `Skips` of a reader of files; None for the others.
        labels: the `SourceLabels`; by default those of a source that has none.

    Example:
        >>> digits = m2m_tf.data.load("demo:digits")
        >>> digits.image_shape, digits.count
        ((28, 28, 1), 10000)
        >>> for batch in digits.batches(256):
        ...     codes = encoder(batch)
    """

    def __init__(
        self,
        name: str,
        image_shape: Sequence[int],
        count: int | None,
        fingerprint: str,
        open_blocks: Callable[[int, int], tf.data.Dataset[Any]],
        notes: Iterable[str] = (),
        skips: Skips | None = None,
        labels: SourceLabels | None = None,
    ) -> None:
        self.name = name
        self.image_shape: tuple[int, ...] = tuple(image_shape)
        self.count = count
        self.fingerprint = fingerprint
        self.notes: list[str] = notes if isinstance(notes, list) else list(notes)
        self._open_blocks = open_blocks
        self._skips = skips
        self._labels = labels or no_labels(f"{name!r}")
        self.value_range: tuple[float, float] = BYTES
        self.range_given_for: str | None = None
        self.is_stream: bool = False
        self.ends: bool = True
        self.fingerprints: npt.NDArray[np.uint64] | None = None

    @property
    def skipped(self) -> list[tuple[str, str]]:
        """[(file name, reason)] of the files that could not be read; complete after one pass."""
        return self._skips.listed() if self._skips else []

    def skipped_among(self, start: int, stop: int) -> list[tuple[str, str]]:
        """Those of `skipped` that are the candidates from number `start` to below `stop`."""
        return self._skips.listed(start, stop) if self._skips else []

    def recall_skipped(self, skipped: Iterable[tuple[str, str]]) -> None:
        """Takes up the list of an earlier pass that is not made again."""
        if self._skips:
            self._skips.recall(skipped)

    @property
    def dataset(self) -> tf.data.Dataset[Any]:
        """Unbatched tf.data.Dataset of float32 (height, width, channels)."""
        images = self._open_blocks(256, 0).unbatch()
        if self.count is not None and self._skips is None:
            images = images.apply(tf.data.experimental.assert_cardinality(self.count))
        return ClearDataset(images)

    def batches(self, batch_size: int) -> tf.data.Dataset[Any]:
        """tf.data.Dataset of float32 (batch, height, width, channels); the last may be short.

        Raises:
            ValueError: while iterating, for an image that breaks the contract, or too many
                unreadable files. Inside a compiled loop (Keras `fit`) use `clear_errors` to get it.
        """
        if int(batch_size) != batch_size or batch_size < 1:
            raise ValueError(f"batches expects a batch_size of 1 or more; got {batch_size!r}.")
        blocks = self._open_blocks(int(batch_size), 0)
        batches = blocks.rebatch(batch_size) if self._skips else blocks
        return _ahead(batches)

    def blocks(self, size: int, skip: int = 0) -> tf.data.Dataset[Any]:
        """The images among each `size` candidates in turn, from block number `skip` on.

        Candidates are counted with those that cannot be read, so that a reader who stopped after
        some blocks goes on where it was.

        Args:
            size: candidates in a block.
            skip: blocks that are passed over.

        Returns:
            tf.data.Dataset of float32 (size at most, height, width, channels); a block of which no
            file could be read is empty.
        """
        return _ahead(self._open_blocks(size, skip))

    def labelled_blocks(self, size: int, skip: int = 0) -> tf.data.Dataset[Any]:
        """`blocks`, each with the labels of its images; files that are skipped have none in it.

        Both come from one pass, so an order that changes from pass to pass, as that of
        `dataset.shuffle(...)`, gives no image another's label.

        Args:
            size: candidates in a block.
            skip: blocks that are passed over.

        Returns:
            tf.data.Dataset of pairs: float32 (n, height, width, channels), and labels (n,), whole
            numbers or names.

        Raises:
            ValueError: the source has no labels.
        """
        pairs = self._labels.open_blocks(size, skip)
        self.notes[:] = [note for note in self.notes if note != IGNORED_LABELS]
        return _ahead(pairs)

    def known_labels(self) -> npt.NDArray[Any] | None:
        """The labels of all candidates, where no image has to be read for them.

        Returns:
            An array (count,) of int64 or of names; None where only a pass over the images tells.

        Raises:
            ValueError: the source has no labels, or they are no whole numbers or names.
        """
        return self._labels.known()

    @property
    def brings_labels(self) -> bool:
        """Whether the source has labels, as far as can be told before the images are read."""
        try:
            self.known_labels()
        except ValueError:
            return False
        return True

    @property
    def labels_fingerprint(self) -> str:
        """hexadecimal sha256 that changes when the labels change."""
        labels = self.known_labels()
        if labels is None:
            return self.fingerprint
        return hashlib.sha256(f"{labels.dtype.str} ".encode() + labels.tobytes()).hexdigest()

    def clear_errors(self) -> AbstractContextManager[None]:
        """Context in which a pipeline made from these images raises ValueError, not tf.errors."""
        return clear_errors()

    def numpy(self, limit: int | None = None) -> npt.NDArray[np.float32]:
        """The first `limit` images (all by default): float32 (count, height, width, channels)."""
        limit = self.count if limit is None else limit
        batch_size = 256 if limit is None else max(1, min(256, limit))
        taken, total = [np.zeros((0, *self.image_shape), np.float32)], 0
        for batch in self.batches(batch_size):
            taken.append(batch.numpy())
            total += len(batch)
            if limit is not None and total >= limit:
                break
        return np.concatenate(taken)[:limit]

    def __repr__(self) -> str:
        count = "unknown number" if self.count is None else self.count
        return f"<Images {self.name!r}: {count} of shape {self.image_shape}>"


def _ahead(batches):
    # One batch ahead, not AUTOTUNE: a batch of large images is gigabytes.
    return ClearDataset(batches.prefetch(1))
