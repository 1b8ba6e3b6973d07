"""The public `resize`: arrays and datasets to another size."""

from typing import Literal, TypeVar

import numpy as np
import tensorflow as tf

from m2m_tf.data.check import check_pixels
from m2m_tf.data.convert import convert, with_axis, with_channels
from m2m_tf.data.errors import ClearDataset
from m2m_tf.data.options import channels_of, fit_of, method_of, size_of
from m2m_tf.data.readers.arrays import check_array, mapped
from m2m_tf.data.readers.datasets import peek
from m2m_tf.data.readers.elements import image_path, only_images, packed, pick, put, standard
from m2m_tf.hints import Fit, ImageSize, Resize

Pictures = TypeVar("Pictures", np.ndarray, tf.data.Dataset)


def resize(
    images: Pictures,
    size: ImageSize,
    channels: Literal[1, 3] | None = None,
    method: Resize = "area",
    fit: Fit = "crop",
) -> Pictures:
    """Crop, pad or stretch to the aspect ratio of `size`, resize, and convert the channels.

    Args:
        images: (n, h, w) or (n, h, w, c) array, or a tf.data.Dataset of images, batched or not,
            with or without labels (kept); uint8 in [0, 255] or floats in [-1, 1].
        size: int or (height, width), in pixels.
        channels: 1 (grey), 3 (colour) or None (as they are; transparency is composited on white).
        method: "area" averages when shrinking; "lanczos" is sharper. Enlarging is always Lanczos.
        fit: "crop" takes the middle, "pad" adds a white margin, "stretch" changes the shape.

    Returns:
        The kind that came: an array (n, height, width, channels) of the same dtype (float32 for
        floats), or a tf.data.Dataset with float32 images in [-1, 1].

    Raises:
        ValueError: a value outside the range, NaN, or arguments that make no sense.

    Example:
        >>> digits = m2m_tf.data.load("demo:digits").numpy(100)
        >>> m2m_tf.data.resize(digits, 32, channels=3).shape
        (100, 32, 32, 3)
    """
    size, channels = size_of(size), channels_of(channels)
    method, fit = method_of(method), fit_of(fit)
    if isinstance(images, tf.data.Dataset):
        return _resize_dataset(images, size, channels, method, fit)
    if isinstance(images, np.ndarray):
        return _resize_array(images, size, channels, method, fit)
    raise ValueError(
        f"resize expects an array or a tf.data.Dataset; got {type(images).__name__}. For files, "
        "pass image_size to m2m.data.load."
    )


def _resize_array(images, size, channels, method, fit):
    check_array(images, "array")
    check_pixels(images, "array")
    images = with_axis(images)
    channels = channels or (1 if images.shape[3] <= 2 else 3)
    from m2m_tf.data.crop import resize_array  # brings Pillow

    return resize_array(with_channels(images, channels), size, method, fit)


def _resize_dataset(dataset, size, channels, method, fit):
    where = image_path(dataset.element_spec, "dataset")
    first, batched = peek(only_images(dataset, "dataset"), "dataset")
    shape = (*size, channels or (1 if with_axis(first).shape[3] <= 2 else 3))

    def read(images):
        batch = convert(
            images if batched else images[np.newaxis], shape, "dataset", method, fit=fit
        )
        return batch if batched else batch[0]

    contract = mapped(read, (None, *shape) if batched else shape)

    def replace(*parts):
        element = packed(dataset.element_spec, parts)
        return put(element, where, contract(standard(pick(element, where))))

    return ClearDataset(dataset.map(replace, tf.data.AUTOTUNE, deterministic=True))
