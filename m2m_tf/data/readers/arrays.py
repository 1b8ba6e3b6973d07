"""Images from a NumPy array, in memory or mapped from a file: sliced batch by batch."""

import hashlib
import math

import numpy as np
import tensorflow as tf

from m2m_tf.data.check import check_dtype, joined, look_at
from m2m_tf.data.convert import channel_notes, channels_last, convert
from m2m_tf.data.images import Images
from m2m_tf.data.numpy_in_pipelines import keep_alive, weak_reader
from m2m_tf.data.readers.mapped_files import let_go
from m2m_tf.data.source_labels import labels_beside, no_labels
from m2m_tf.data.value_range import find_range

FIRST = "took (channels, height, width) for images with their channels first"
_CHUNK_BYTES = 1 << 25


def from_array(array, options, name="array", read_labels=None):
    """Images from (n, h, w), (n, h, w, c) or (n, c, h, w), of numbers whose range can be told.

    Args:
        array: the images.
        options: a `LoadOptions`.
        name: for messages.
        read_labels: `() -> array (n,)`, where labels lie beside the images.

    Raises:
        ValueError: another shape, kind of number or range, NaN, or fewer than 2 images.
    """
    held, array = array, channels_last(array) if array.ndim == 4 else array
    check_array(array, name, options.at_least)
    found = (*array.shape[1:3], array.shape[3] if array.ndim == 4 else 1)
    shape = options.settle(name, found)
    resized = shape[:2] != found[:2]
    content, seen = _survey(array, name)
    value_range, said = find_range(seen, name, options.value_range)
    notes = channel_notes(found[2], shape[2]) + size_notes(found, shape, options.fit)
    if array is not held:
        notes.append(FIRST)
    if said:
        notes.append(said)

    def open_blocks(size, skip):
        def read(held, start):
            block = np.array(held[start : start + size])
            let_go(held)
            return convert(block, shape, name, options.method, start, options.fit, value_range)

        starts = tf.data.Dataset.range(skip * size, len(array), size)
        blocks = starts.map(mapped(weak_reader(array, read), (None, *shape)))
        return keep_alive(blocks, array).with_options(_one_thread())

    def open_pairs(size, skip, labels):
        return tf.data.Dataset.zip(open_blocks(size, skip), labels)

    labels = no_labels(f"an object of {type(array).__name__}")
    if read_labels:
        labels = labels_beside(open_pairs, read_labels, len(array), name)
    fingerprint = options.fingerprint(content, shape, resized, value_range)
    images = Images(name, shape, len(array), fingerprint, open_blocks, notes, labels=labels)
    images.value_range, images.range_given_for = value_range.pair, value_range.given_for
    return images


def _one_thread():
    """Slicing is cheap: more threads would only take the cores from the encoder."""
    options = tf.data.Options()
    options.autotune.enabled = False
    options.threading.private_threadpool_size = 1
    options.threading.max_intra_op_parallelism = 1
    return options


def check_array(array, name, at_least=1):
    """Raise ValueError unless the array can hold images."""
    check_dtype(array.dtype, name)
    if array.ndim not in (3, 4) or (array.ndim == 4 and array.shape[3] not in (1, 3, 4)):
        hint = _unflat(array.shape[1]) if array.ndim == 2 else ""
        raise ValueError(f"{_expects()}; got {array.shape} from {name!r}.{hint}")
    if array.ndim == 3 and array.shape[2] in (1, 3, 4):
        raise ValueError(
            f"{_expects()}; got {array.shape} from {name!r}, which looks like one image. "
            "A set of one is images[numpy.newaxis]."
        )
    if min(array.shape[1:], default=0) < 1:
        raise ValueError(f"{_expects()}; got {array.shape} from {name!r}, which holds no pixel.")
    check_count(len(array), name, at_least)


def _unflat(width):
    """What gives flat images their shape back, taken for squares where they can be."""
    grey, colour = math.isqrt(width), math.isqrt(width // 3)
    shape = "images.reshape(-1, height, width)"
    if grey**2 == width:
        shape = f"images.reshape(-1, {grey}, {grey})"
    elif 3 * colour**2 == width:
        shape = (
            f"images.reshape(-1, 3, {colour}, {colour}), as CIFAR's rows are, channels first, or "
            f"images.reshape(-1, {colour}, {colour}, 3)"
        )
    return f" Give the flat images their shape back: {shape}."


def check_count(count, name, at_least):
    """Raise ValueError for too few images."""
    if count < at_least:
        raise ValueError(
            f"load expects at least {at_least} images; got {count} from {name!r}. Give it more."
        )


def size_notes(found, shape, fit="crop", sizes=1):
    """What resizing does, in words; of how many sizes images are, that of the first is found."""
    if tuple(found[:2]) == tuple(shape[:2]) and sizes == 1:
        return []
    done = {"crop": "cropped and resized", "pad": "resized and padded", "stretch": "stretched"}[fit]
    of = f"from {tuple(found[:2])}" if sizes == 1 else "of several sizes"
    return [f"{done} images {of} to {tuple(shape[:2])}"]


def mapped(function, shape):
    """A NumPy function as a tf.data map to float32 of the given static shape."""

    def call(*inputs):
        return tf.ensure_shape(tf.numpy_function(function, inputs, tf.float32), shape)

    return call


def _expects():
    return "load expects an array (n, height, width) or (n, height, width, 1, 3 or 4 channels)"


def _survey(array, name):
    """One pass in chunks: sha256 of the content, and what is `Seen` of its values."""
    digest = hashlib.sha256(f"{array.dtype.str} {array.shape}".encode())
    step = max(1, _CHUNK_BYTES // (array[:1].nbytes or 1))
    parts = []
    for start in range(0, len(array), step):
        chunk = np.ascontiguousarray(array[start : start + step])
        parts.append(look_at(chunk, name, start))
        digest.update(chunk.view(np.uint8).reshape(-1))
        let_go(array)
    return digest.hexdigest(), joined(parts)
