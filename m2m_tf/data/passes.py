"""What a pass over a stream gave: images are known again by their content, not by their place."""

import hashlib

import numpy as np

from m2m_tf.data.batch_size import default_batch_size

REPEATS, LEAST = 4, 1000  # a stream of so many images that gave each so often does not end
MOST = 1_000_000  # images of a stream of unknown length: it makes them anew, and does not end


class Passed:
    """The fingerprints of the images of one pass, in its order.

    Args:
        images: `m2m.data.Images`.
    """

    def __init__(self, images):
        self._images = images
        self._parts, self._distinct, self._count = [], set(), 0

    def take(self, block):
        """Takes the images of a block, a tensor.

        Raises:
            ValueError: A stream that may not end gave the same images again and again, or more
                than a million.
        """
        found = fingerprints_of(block)
        self._parts.append(found)
        self._count += len(found)
        if self._images.ends:
            return
        self._distinct.update(found.tolist())
        if self._count >= max(LEAST, REPEATS * len(self._distinct)):
            raise ValueError(
                f"{self._images.name!r} gave the same {len(self._distinct):,} images again and "
                f"again, {self._count:,} so far, and seems not to end; it is encoded once. Bound "
                f"its length: dataset.take({len(self._distinct)}), or a generator that ends."
            )
        if self._count > MOST:
            raise ValueError(
                f"{self._images.name!r} gave {self._count:,} images, does not say how many it has, "
                "and seems not to end; it is encoded once. Bound it: dataset.take(n), "
                "itertools.islice(images, n); or say how many there are: "
                "dataset.apply(tf.data.experimental.assert_cardinality(n))."
            )

    @property
    def fingerprints(self):
        """uint64 `(n,)`."""
        return np.concatenate([np.zeros(0, "uint64"), *self._parts])


def fingerprints_of(images):
    """The fingerprints of images `(n, height, width, channels)` by their content, uint64 `(n,)`."""
    pixels = np.ascontiguousarray(images, "float32")
    digests = [hashlib.blake2b(image.tobytes(), digest_size=8).digest() for image in pixels]
    return np.frombuffer(b"".join(digests), "<u8").astype("uint64")


def pass_over(images):
    """The fingerprints of a pass over `m2m.data.Images`, in its order."""
    passed = Passed(images)
    for block in images.batches(default_batch_size(images.image_shape)):
        passed.take(block)
    return passed.fingerprints


def count_of(images):
    """The number of images, counted where nobody knows it.

    Raises:
        ValueError: As `Passed.take`, of a stream that does not end.
    """
    if images.count is not None:
        return images.count
    count, passed = 0, Passed(images)
    for batch in images.batches(default_batch_size(images.image_shape)):
        count += len(batch)
        if images.is_stream:
            passed.take(batch)
    return count


def check_same_order(images, known, why):
    """Refuses a stream whose images come in another order than before, or are others.

    Args:
        images: `m2m.data.Images`.
        known: Fingerprints of the pass before; None makes one more.
        why: What is paired by the order, a sentence.
    """
    if not images.is_stream:
        return
    known = pass_over(images) if known is None else known
    again = pass_over(images)
    if not np.array_equal(known, again):
        same = np.array_equal(np.sort(known), np.sort(again))
        how = "come in another order than when" if same else "have changed since"
        raise ValueError(
            f"{why}, by their order; the images of {images.name!r} {how} they were encoded. Give "
            "them in one order: without shuffle, or shuffled once, shuffle(..., "
            "reshuffle_each_iteration=False)."
        )
