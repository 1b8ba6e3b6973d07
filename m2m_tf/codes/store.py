"""The code store: codes in memory, or in a folder where they do not fit."""

import dataclasses
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import tensorflow as tf

from m2m_tf.codes.piles import Piles, shuffled
from m2m_tf.codes.shards import RowsOf, ShardedCodes
from m2m_tf.codes.split import held_out_rows
from m2m_tf.data.numpy_in_pipelines import keep_alive

MEMORY_LIMIT = 1 << 28  # bytes of codes that are held in memory; more stay on disk
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
        verbose: int = 0,
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
            verbose: 1 shows a progress bar where codes are made ready on disk.

        Returns:
            A `tf.data.Dataset` of float32 `(batch_size, group, *code_shape)`; where the store has
            labels, of pairs of these with their labels, int32 `(batch_size, group)`.
        """
        lead = (-1 if shares else batch_size, group)
        standardise = standardise or tf.identity
        batches = self._batches_in_memory if self._fits(standardise) else self._batches_on_disk
        size = batch_size * group
        batches = batches(standardise, seed, first * size, size, verbose)
        if shares:
            rows = [slice(share.start * group, share.stop * group) for share in shares]
            batches = batches.flat_map(lambda *batch: _in_turn(batch, rows))

        def grouped(codes, labels=None):
            codes = tf.reshape(codes, (*lead, *codes.shape[1:]))
            return codes if labels is None else (codes, tf.reshape(labels, lead))

        return batches.map(grouped).prefetch(4)

    def _fits(self, standardise):
        """Whether what is trained on fits into memory: along a few axes codes are small."""
        return standardise(tf.constant(self.codes[:1])).numpy().nbytes * self.count <= MEMORY_LIMIT

    def _batches_in_memory(self, standardise, seed, first, size, verbose):
        """Endless batches of codes, and their labels: passes in another order each, from a place.

        Stateless, as Keras begins a dataset twice on replicas. Codes are standardised once.
        """
        chunk = max(1, CHUNK * self.count // self.codes.nbytes)
        starts = range(0, self.count, chunk)
        parts = [standardise(tf.constant(self.codes[i : i + chunk])) for i in starts]
        codes, labels = tf.concat(parts, axis=0), self.labels
        begun, taken = divmod(first, self.count)

        def one_pass(number):
            return shuffled(self.count, seed, number)[tf.where(number == begun, taken, 0) :]

        def read(numbers):
            of_batch = tf.gather(codes, numbers)
            return of_batch if labels is None else (of_batch, tf.gather(labels, numbers))

        order = tf.data.Dataset.counter(begun).map(one_pass)
        return order.rebatch(size, drop_remainder=True).map(read)

    def _batches_on_disk(self, standardise, seed, first, size, verbose):
        """The same of codes that memory does not hold."""
        piles = Piles(self.codes, standardise, seed, self.labels, verbose)
        return keep_alive(piles.passes(seed, first).rebatch(size, drop_remainder=True), piles)


def _in_turn(batch, rows):
    """A dataset of slices of a batch, of different lengths, one after the other."""
    parts = [tuple(each[share] for each in batch) for share in rows]
    first, *others = (tf.data.Dataset.from_tensors(part) for part in parts)
    for other in others:
        first = first.concatenate(other)
    return first


def _chosen(codes, rows):
    """The codes of the rows that are True: in memory, or read when they are asked for."""
    if codes.nbytes <= MEMORY_LIMIT:
        return codes[rows]
    return RowsOf(codes, np.flatnonzero(rows))
