"""The source of pretraining: its images as bytes in memory, and batches of them."""

import numpy as np
import tensorflow as tf

from m2m_tf import data
from m2m_tf.autoencoders.augment import build_augmentation
from m2m_tf.data.weakly_held import keeping, reading
from m2m_tf.pictures.pixels import to_pixels

HELD_OUT_SHARE = 10  # one image in ten, where no held-out set is given
LARGEST = 1 << 32  # bytes


def read_source(images, held_out, image_size, resize):
    """Reads the training and the held-out images.

    Args:
        images: The source, `m2m.data.Images`.
        held_out: Images, as `m2m.data.load` takes them; None is the last tenth of the source.
        image_size: Size to resize those held out to first; None leaves them.
        resize: `"area"` or `"lanczos"`.

    Returns:
        Two uint8 arrays `(n, height, width, channels)`.

    Raises:
        ValueError: If the images are unfit, or too many for memory.
    """
    train = _bytes_of(images)
    if held_out is not None:
        shape = images.image_shape
        others = data.load(held_out, image_shape=shape, image_size=image_size, resize=resize)
        return train, _bytes_of(others)
    last = max(1, len(train) // HELD_OUT_SHARE)
    return train[:-last], train[-last:]


def to_images(pixels):
    """uint8 pixels, an array or a tensor, as a float32 tensor in [-1, 1]."""
    return tf.cast(pixels, tf.float32) / 127.5 - 1


def training_batches(pixels, batch_size, augment, seed):
    """Endless shuffled batches of images; gathered, as arrays are faster than rows."""
    augmentation = build_augmentation(seed, pixels.shape[-1])
    augmented = int(batch_size * augment)
    gather = _gatherer(pixels)

    def make_batch(index):
        batch = to_images(gather(index))
        if augmented:
            turned = augmentation(batch[:augmented], training=True)
            batch = tf.concat([turned, batch[augmented:]], axis=0)
        return batch

    order = tf.data.Dataset.range(len(pixels)).shuffle(len(pixels), seed=seed).repeat()
    batches = order.batch(batch_size, drop_remainder=True)
    batches = batches.map(make_batch, num_parallel_calls=tf.data.AUTOTUNE)
    return keeping(batches, pixels).prefetch(4)


def evaluation_batches(pixels):
    """All images once, in their order."""
    rows = tf.data.Dataset.range(len(pixels)).batch(data.images_at_once(pixels.shape[1:]))
    gather = _gatherer(pixels)
    return keeping(rows.map(lambda index: to_images(gather(index))), pixels).prefetch(1)


def _gatherer(pixels):
    """A function from numbers to rows, by NumPy: a tensor would be a second copy of the source."""
    shape = pixels.shape[1:]
    read = reading(pixels, lambda held, rows: held[rows])

    def gather(index):
        batch = tf.numpy_function(read, [index], tf.uint8)
        return tf.ensure_shape(batch, (index.shape[0], *shape))

    return gather


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
        for batch in images.batches(data.images_at_once(images.image_shape))
    )
    if images.count is None:
        return np.concatenate(list(batches))
    pixels, count = np.empty((images.count, *images.image_shape), np.uint8), 0
    for batch in batches:  # in place: a list of them would be a second copy
        pixels[count : count + len(batch)] = batch
        count += len(batch)
    return pixels[:count]
