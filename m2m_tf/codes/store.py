"""The code store: codes in memory, or in a folder where they do not fit."""

import dataclasses
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import tensorflow as tf

from m2m_tf.codes.shards import RowsOf, ShardedCodes
from m2m_tf.codes.split import held_out_rows
from m2m_tf.data.numpy_in_pipelines import keep_alive, weak_reader

MEMORY_LIMIT = 1 << 30  # bytes of codes that are held in memory; more stay on disk
CHUNK = 1 << 27  # bytes of codes that are standardised at once


@dataclass
class CodeStore:
    """The codes of one target.

    Attributes:
        codes: float32 `(n, *code_shape)`: an array; a `ShardedCodes` where that is too large.
        fingerprint: The sha256 that names the target and the autoencoder.
        seconds: What encoding took; 0 where nothing was encoded.
        notes: The conversions that were made, in words.
        skipped: `(name, reason)` of each file that could not be read.
        from_cache: Whether the codes were there already.
        labels: `(n,)`, the class of each code: int32 numbers where a mind trains on them, else as
            the target has them, int64 or names; None where they were not asked for.
        labels_source: The sha256 that names the target's labels; None for others.
        value_range: `(black, white)` of the target's values; None for an array of codes.
        fingerprints: Of the images behind the codes, uint64 `(n,)`, see `data.passes`: those of a
            stream, whose order may change; None for others.
        range_given_for: The kind of the target's values, where that range was given, see `Images`;
            None where it was found.
    """

    codes: np.ndarray | ShardedCodes | RowsOf
    fingerprint: str
    seconds: float = 0.0
    notes: list[str] = field(default_factory=list)
    skipped: list[tuple[str, str]] = field(default_factory=list)
    from_cache: bool = False
    labels: np.ndarray | None = None
    labels_source: str | None = None
    value_range: tuple[float, float] | None = None
    fingerprints: np.ndarray | None = None
    range_given_for: str | None = None

    @property
    def count(self) -> int:
        """The number of codes."""
        return len(self.codes)

    def split(self, share: float) -> tuple["CodeStore", "CodeStore | None"]:
        """Splits the codes by `held_out_rows` into those to train on and those held out.

        Args:
            share: Share to hold out, in [0, 1).

        Returns:
            Two `CodeStore`s; the second is None for a share of 0.

        Raises:
            ValueError: If the share is out of range, or leaves one of them empty.
        """
        held_out = held_out_rows(self.count, share)
        if not share:
            return self, None
        return self._rows(~held_out), self._rows(held_out)

    def _rows(self, rows):
        names = ("labels", "fingerprints")
        beside = {name: getattr(self, name) for name in names}
        chosen = {name: None if each is None else each[rows] for name, each in beside.items()}
        return dataclasses.replace(self, codes=_chosen(self.codes, rows), **chosen)

    @property
    def labels_fingerprint(self) -> str | None:
        """The sha256 that names the labels; None where there are none."""
        return None if self.labels is None else hashlib.sha256(self.labels.tobytes()).hexdigest()

    def groups(
        self,
        batch_size: int,
        group: int,
        standardise: Callable[[tf.Tensor], tf.Tensor] | None,
        seed: int,
        first: int = 0,
        shares: Sequence[slice] | None = None,
    ) -> tf.data.Dataset[Any]:
        """Endless shuffled batches of groups of codes: each code once before any comes again.

        Args:
            batch_size: Groups in a batch.
            group: Codes in a group: as many as the critic's steps.
            standardise: A function of a tensor of codes, or None.
            seed: Seed of the order.
            first: Batches at the beginning that are left out.
            shares: Slices of a batch that come one after the other in its place, for the replicas
                of one worker; None gives whole batches.

        Returns:
            A `tf.data.Dataset` of float32 `(batch_size, group, *code_shape)`; where the store has
            labels, of pairs of these with their labels, int32 `(batch_size, group)`.
        """
        lead = (-1 if shares else batch_size, group)
        read = self._reader(standardise or tf.identity)

        def read_group(index):
            codes = read(index)
            codes = tf.reshape(codes, (*lead, *codes.shape[1:]))
            if self.labels is None:
                return codes
            return codes, tf.reshape(tf.gather(self.labels, index), lead)

        order = self._order(seed, first * batch_size * group)
        batches = order.rebatch(batch_size * group, drop_remainder=True)
        if shares:
            rows = [slice(share.start * group, share.stop * group) for share in shares]
            batches = batches.flat_map(lambda index: _in_turn([index[each] for each in rows]))
        return keep_alive(batches.map(read_group), self).prefetch(4)

    def _order(self, seed, first):
        """Endless passes over the numbers of the codes, each in another order, from a place on.

        Stateless, as Keras begins a dataset twice on replicas.
        """

        begun, taken = divmod(first, self.count)

        def one_pass(number):
            numbers = tf.range(self.count, dtype=tf.int64)
            order = tf.random.experimental.stateless_shuffle(numbers, [seed, number], "philox")
            return order[tf.where(number == begun, taken, 0) :]

        return tf.data.Dataset.counter(begun).map(one_pass)

    def _reader(self, standardise):
        """The function from numbers of codes to standardised codes.

        Standardised once and held, and not at every step, where what comes out fits into memory:
        along a few axes that is little, however wide codes are.
        """
        bytes_of_one = standardise(tf.constant(self.codes[:1])).numpy().nbytes
        if bytes_of_one * self.count <= MEMORY_LIMIT:
            chunk = max(1, CHUNK * self.count // self.codes.nbytes)
            starts = range(0, self.count, chunk)
            parts = [standardise(tf.constant(self.codes[i : i + chunk])) for i in starts]
            codes = tf.concat(parts, axis=0)
            return lambda index: tf.gather(codes, index)

        read = weak_reader(self, lambda store, numbers: store.codes[numbers])

        def read_from_disk(index):
            codes = tf.numpy_function(read, [index], tf.float32)
            return standardise(tf.ensure_shape(codes, (None, *self.codes.shape[1:])))

        return read_from_disk


def _in_turn(tensors):
    """A dataset of tensors of different lengths."""
    first, *others = map(tf.data.Dataset.from_tensors, tensors)
    for other in others:
        first = first.concatenate(other)
    return first


def _chosen(codes, rows):
    """The codes of the rows that are True: in memory, or read when they are asked for."""
    if codes.nbytes <= MEMORY_LIMIT:
        return codes[rows]
    return RowsOf(codes, np.flatnonzero(rows))
