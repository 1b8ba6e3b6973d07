"""The source of pretraining: its images as bytes in memory, and batches of them."""

import functools
import hashlib

import numpy as np
import tensorflow as tf

from m2m_tf import data
from m2m_tf.autoencoders.pretraining.augment import build_augmentation
from m2m_tf.data.numpy_in_pipelines import keep_alive, weak_reader
from m2m_tf.pictures.pixels import to_pixels

HELD_OUT_SHARE = 10  # one image in ten, where no held-out set is given
LARGEST = 1 << 32  # bytes


def read_source(images, held_out, **loading):
    """Reads the training and the held-out images.

    Args:
        images: The source, `m2m.data.Images`.
        held_out: Images, as `m2m.data.load` takes them; None is the last tenth of the source.
        **loading: How those held out are loaded: `image_size`, `resize`, `fit` and `value_range`,
            as `m2m.data.load` takes them.

    Returns:
        Two uint8 arrays `(n, height, width, channels)`.

    Raises:
        ValueError: If the images are unfit, or too many for memory.
    """
    train = _bytes_of(images)
    if held_out is not None:
        shape = images.image_shape
        others = data.load(held_out, image_shape=shape, **loading)
        return train, _bytes_of(others)
    last = max(1, len(train) // HELD_OUT_SHARE)
    return train[:-last], train[-last:]


def fingerprint_of(pixels):
    """What names these images: the first half of the sha256 of their shape and bytes."""
    digest = hashlib.sha256(repr(pixels.shape).encode())
    digest.update(np.ascontiguousarray(pixels).data)
    return digest.hexdigest()[:32]


def to_images(pixels):
    """uint8 pixels, an array or a tensor, as a float32 tensor in [-1, 1]."""
    return tf.cast(pixels, tf.float32) / 127.5 - 1


def training_batches(pixels, batch_size, augment, seed, window=None, first_epoch=0):
    """Shuffled batches of images, epoch after epoch without end.

    An epoch is as many whole batches as there are, in an order that follows from the seed and its
    number; what else is drawn follows from the seed and the batch's. So it can begin at any epoch.

    Args:
        pixels: uint8 array `(n, height, width, channels)`.
        batch_size: Images in a batch.
        augment: Share of each batch that is augmented.
        seed: Seed of all that is drawn.
        window: `(height, width)`: an image is seen through one of that size, elsewhere each time.
        first_epoch: The epoch to begin with, from 0.

    Returns:
        A `tf.data.Dataset` of float32 `(batch_size, height, width, channels)` in [-1, 1].
    """
    augmentation = build_augmentation(seed, pixels.shape[-1])
    augmented = int(batch_size * augment)
    steps = len(pixels) // batch_size
    shape = (batch_size, *(window or pixels.shape[1:3]), pixels.shape[-1])

    def batch_of(held, number):
        epoch, place = divmod(int(number), steps)
        rows = _order(seed, epoch, len(held))[place * batch_size :][:batch_size]
        return held[rows] if window is None else _windows(held, rows, window, seed, number)

    read = weak_reader(pixels, batch_of)

    def make_batch(number):
        batch = tf.ensure_shape(tf.numpy_function(read, [number], tf.uint8), shape)
        images = to_images(batch)
        if augmented:
            turned = augmentation(images[:augmented], number)
            images = tf.concat([turned, images[augmented:]], axis=0)
        return images

    numbers = tf.data.Dataset.counter(first_epoch * steps)
    batches = numbers.map(make_batch, num_parallel_calls=tf.data.AUTOTUNE)
    return keep_alive(batches, pixels).prefetch(4)


def evaluation_batches(pixels):
    """All images once, in their order."""
    rows = tf.data.Dataset.range(len(pixels)).batch(data.default_batch_size(pixels.shape[1:]))
    read = weak_reader(pixels, lambda held, numbers: held[numbers])

    def gather(numbers):  # by NumPy: a tensor would be a second copy of the source
        batch = tf.numpy_function(read, [numbers], tf.uint8)
        return to_images(tf.ensure_shape(batch, (None, *pixels.shape[1:])))

    return keep_alive(rows.map(gather), pixels).prefetch(1)


def middles(pixels, window):
    """The middles of images, a view: uint8 `(n, height, width, channels)` of the window's size."""
    top, left = ((side - part) // 2 for side, part in zip(pixels.shape[1:3], window, strict=True))
    return pixels[:, top : top + window[0], left : left + window[1]]


@functools.lru_cache(maxsize=2)
def _order(seed, epoch, count):
    """The numbers of the images in the order of an epoch."""
    return np.random.default_rng((seed, epoch, 1)).permutation(count)


def _windows(pixels, rows, window, seed, number):
    """A window of each of these rows, at a place that follows from the seed and the number."""
    height, width = window
    random = np.random.default_rng((seed, number))
    tops = random.integers(pixels.shape[1] - height + 1, size=len(rows))
    lefts = random.integers(pixels.shape[2] - width + 1, size=len(rows))
    places = zip(rows, tops, lefts, strict=True)
    return np.stack([pixels[i, y : y + height, x : x + width] for i, y, x in places])


def _bytes_of(images):
    """All images as bytes, a quarter of what floats take."""
    size = np.prod(images.image_shape) * (images.count or 0)
    if size > LARGEST:
        raise ValueError(
            f"Pretraining keeps the source in memory, {LARGEST >> 30} GiB at most; {images.name!r} "
            f"has {images.count:,} images of {images.image_shape}, {size / 2**30:.1f} GiB. Give "
            "fewer images, or a smaller image_size."
        )
    batches = (
        to_pixels(batch.numpy())
        for batch in images.batches(data.default_batch_size(images.image_shape))
    )
    if images.count is None:
        return np.concatenate(list(batches))
    pixels, count = np.empty((images.count, *images.image_shape), np.uint8), 0
    for batch in batches:  # in place: a list of them would be a second copy
        pixels[count : count + len(batch)] = batch
        count += len(batch)
    return pixels[:count]
