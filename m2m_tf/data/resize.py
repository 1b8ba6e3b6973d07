"""The public `resize`: arrays and datasets to another size."""

from typing import Literal, TypeVar

import numpy as np
import tensorflow as tf

from m2m_tf.data.check import look_at
from m2m_tf.data.convert import (
    channels_last,
    convert,
    unscaled_bytes,
    with_axis,
    with_channels,
)
from m2m_tf.data.errors import ClearDataset
from m2m_tf.data.options import LoadOptions
from m2m_tf.data.readers.arrays import check_array, mapped
from m2m_tf.data.readers.datasets import peek
from m2m_tf.data.readers.elements import image_path, only_images, packed, pick, put, standard
from m2m_tf.data.value_range import BYTES, find_range
from m2m_tf.hints import Fit, ImageSize, Resize, ValueRange

Pictures = TypeVar("Pictures", np.ndarray, tf.data.Dataset)


def resize(
    images: Pictures,
    size: ImageSize,
    channels: Literal[1, 3] | None = None,
    method: Resize = "area",
    fit: Fit = "crop",
    value_range: ValueRange = "auto",
) -> Pictures:
    """Crop, pad or stretch to the aspect ratio of `size`, resize, and convert the channels.

    Args:
        images: (n, h, w) or (n, h, w, c) array, or a tf.data.Dataset of images, batched or not,
            with or without labels (kept), of numbers as `load` takes them.
        size: int or (height, width), in pixels.
        channels: 1 (grey), 3 (colour) or None (as they are; transparency is composited on white).
        method: "area" averages when shrinking; "lanczos" is sharper. Enlarging is always Lanczos.
        fit: "crop" takes the middle, "pad" adds a white margin, "stretch" changes the shape.
        value_range: The values that are black and white, as `load` takes them.

    Returns:
        The kind that came: an array (n, height, width, channels) of the same dtype (float32 for
        floats) and range, or a tf.data.Dataset with float32 images in [-1, 1].

    Raises:
        ValueError: a value outside the range, NaN, or arguments that make no sense.

    Example:
        >>> digits = m2m_tf.data.load("demo:digits").numpy(100)
        >>> m2m_tf.data.resize(digits, 32, channels=3).shape
        (100, 32, 32, 3)
    """
    options = LoadOptions.of(None, size, channels, method, 0, 1, fit).with_range(value_range)
    if isinstance(images, tf.data.Dataset):
        return _resize_dataset(images, options)
    if isinstance(images, np.ndarray):
        return _resize_array(images, options)
    raise ValueError(
        f"resize expects an array or a tf.data.Dataset; got {type(images).__name__}. For files, "
        "pass image_size to m2m.data.load."
    )


def _resize_array(images, options):
    images = channels_last(images) if images.ndim == 4 else images
    check_array(images, "array")
    seen = look_at(images, "array")
    given = options.value_range
    given = BYTES if seen.kind == "uint8" and given == "auto" else given  # masks stay masks
    found = find_range(seen, "array", given)[0]
    shape = options.settle("array", with_axis(images).shape[1:])
    scaled = with_channels(unscaled_bytes(with_axis(images), found), shape[2])
    from m2m_tf.data.crop import resize_array  # brings Pillow

    resized = resize_array(scaled, shape[:2], options.method, options.fit)
    return found.unscaled(resized, images.dtype) if scaled.dtype != np.uint8 else resized


def _resize_dataset(dataset, options):
    where = image_path(dataset.element_spec, "dataset")
    first = peek(only_images(dataset, "dataset"), "dataset", options)
    shape, batched = options.settle("dataset", first.shape), first.batched

    def read(images):
        batch = first.turned(images if batched else images[np.newaxis])
        how = (options.method, 0, options.fit, first.value_range)
        batch = convert(batch, shape, "dataset", *how)
        return batch if batched else batch[0]

    contract = mapped(read, (None, *shape) if batched else shape)

    def replace(*parts):
        element = packed(dataset.element_spec, parts)
        return put(element, where, contract(standard(pick(element, where))))

    return ClearDataset(dataset.map(replace, tf.data.AUTOTUNE, deterministic=True))
