"""Standardised codes on disk, in piles that are each shuffled in memory."""

import math
import tempfile
import threading
import weakref

import numpy as np
import tensorflow as tf

from m2m_tf.data.numpy_in_pipelines import weak_reader
from m2m_tf.progress import Bar

PILE = 1 << 25  # bytes: a few piles are in memory at once, one of them read ahead


class Piles:
    """Codes that were standardised once and dealt at random into piles on disk.

    A pass takes the piles in a random order and shuffles each in memory, so the disk is read in
    long runs. A pass over one pile is in the order of codes in memory. The file has no name: it
    goes with the process, however that ends.

    Args:
        codes: An array of codes `(n, *code_shape)`, read in chunks.
        standardise: A function of a tensor of codes.
        seed: Seed of the dealing.
        labels: int32 `(n,)`, or None.
        verbose: 1 shows a progress bar.

    Raises:
        OSError: If the folder for temporary files has not the room.
    """

    def __init__(self, codes, standardise, seed, labels=None, verbose=0):
        first = standardise(tf.constant(codes[:1])).numpy()
        self.count, self.shape = len(codes), first.shape[1:]
        self.number = max(1, math.ceil(first.nbytes * self.count / PILE))
        # The codes that are dealt first are one a pile, and so on: as many in each, or one fewer.
        self.ends = np.cumsum([len(range(i, self.count, self.number)) for i in range(self.number)])
        self._bytes_of_one, self._lock = first.nbytes, threading.Lock()
        self._file = tempfile.TemporaryFile(prefix="m2m-codes-", buffering=0)
        weakref.finalize(self, self._file.close)
        self.labels = None if labels is None else np.empty(self.count, "int32")
        self._deal(codes, standardise, np.random.default_rng(abs(seed)), labels, verbose)

    @property
    def starts(self):
        """The place of each pile's first code, `(number,)`."""
        return np.concatenate([[0], self.ends[:-1]])

    def _deal(self, codes, standardise, rng, labels, verbose):
        bar = Bar(self.count, verbose)
        rows = max(1, PILE // max(self._bytes_of_one, codes.nbytes // self.count))
        for start in range(0, self.count, rows):
            part = standardise(tf.constant(codes[start : start + rows])).numpy()
            order = np.arange(len(part)) if self.number == 1 else rng.permutation(len(part))
            for pile in range(min(self.number, len(part))):
                dealt = (start + pile) % self.number
                chosen = order[pile :: self.number]
                place = self.starts[dealt] + (start + pile) // self.number
                self._write(part[chosen], place)
                if labels is not None:
                    self.labels[place : place + len(chosen)] = labels[start + chosen]
            bar.update(start + len(part), finalize=start + len(part) == self.count)

    def _write(self, codes, place):
        try:
            self._file.seek(int(place) * self._bytes_of_one)
            left = memoryview(codes.tobytes())
            while left:
                left = left[self._file.write(left) :]
        except OSError as error:
            size = self._bytes_of_one * self.count / 1e6
            raise OSError(
                f"'{tempfile.gettempdir()}' expects room for {size:,.0f} MB of codes to train on: "
                f"{error.strerror}. Let TMPDIR name a folder of a larger drive."
            ) from error

    def read(self, pile):
        """The codes of a pile, float32 `(m, *shape)`."""
        start, end = int(self.starts[pile]), int(self.ends[pile])
        codes = np.empty((end - start, *self.shape), "float32")
        with self._lock:
            self._file.seek(start * self._bytes_of_one)
            left = memoryview(codes).cast("B")
            while left:
                left = left[self._file.readinto(left) :]
        return codes

    def passes(self, seed, first):
        """Endless passes over the codes, each in another order, from a place on.

        Args:
            seed: Seed of the order.
            first: Codes at the beginning that are left out.

        Returns:
            A `tf.data.Dataset` of float32 `(m, *shape)`, some codes of a pile; where there are
            labels, of pairs of these with their labels.
        """
        begun, taken = divmod(first, self.count)
        starts, counts = tf.constant(self.starts), tf.constant(self.ends - self.starts)
        read = weak_reader(self, lambda piles, pile: piles.read(pile))
        labels = None if self.labels is None else tf.constant(self.labels)

        def one_pass(number):
            order = shuffled(self.number, seed, number)
            gone = tf.where(number == begun, tf.constant(taken, tf.int64), 0)
            past = tf.cumsum(tf.gather(counts, order), exclusive=True)
            gone = tf.clip_by_value(gone - past, 0, tf.gather(counts, order))
            piles = tf.data.Dataset.from_tensor_slices((order, gone))
            piles = piles.filter(lambda pile, gone: gone < counts[pile])
            return piles.map(lambda pile, gone: (number, pile, gone))

        def read_pile(number, pile, gone):
            order = shuffled(counts[pile], seed, number * self.number + pile)[gone:]
            codes = tf.numpy_function(read, [pile], tf.float32)
            codes = tf.gather(tf.ensure_shape(codes, (None, *self.shape)), order)
            if labels is None:
                return codes
            return codes, tf.gather(labels[starts[pile] :], order)

        passes = tf.data.Dataset.counter(begun).flat_map(one_pass)
        return passes.map(read_pile).prefetch(1)


def shuffled(count, seed, number):
    """The numbers below `count`, int64, in the order that a seed and a number give."""
    numbers = tf.range(tf.cast(count, tf.int64))
    return tf.random.experimental.stateless_shuffle(numbers, [seed, number], "philox")
