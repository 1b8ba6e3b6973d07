"""One door for images: whatever the source is, `load` gives `Images`."""

import os
from collections.abc import Sequence
from typing import Literal

import numpy as np
import tensorflow as tf

from m2m_tf.data.hints import ImageSource
from m2m_tf.data.images import Images
from m2m_tf.data.options import LoadOptions
from m2m_tf.data.paths import from_path
from m2m_tf.data.readers.arrays import from_array
from m2m_tf.data.readers.datasets import from_dataset
from m2m_tf.data.value_range import CONTRACT
from m2m_tf.hints import Fit, ImageSize, Resize, ValueRange


def load(
    source: ImageSource,
    image_shape: Sequence[int] | None = None,
    image_size: ImageSize | None = None,
    channels: Literal[1, 3] | None = None,
    resize: Resize = "area",
    fit: Fit = "crop",
    max_bad: float = 0.05,
    at_least: int = 2,
    value_range: ValueRange = "auto",
) -> Images:
    """Read images from almost anything.

    Args:
        source: a path or a name: a folder of images (recursive; png, jpg, webp, bmp, gif first
            frame, tif, avif), a zip or tar of one, TFRecord files, `.npy`, `.npz`, an IDX file or
            folder (gz or not), "tfds:NAME[:SPLIT]", "demo:digits", "demo:faces"; an array (n, h,
            w[, c]), a tf.data.Dataset of images, or `Images`; or what else holds images in Python:
            a list of arrays or of files, a pair (images, labels), a generator or the function that
            makes it, a `keras.utils.PyDataset`, a torch `Dataset` or `DataLoader`, a Hugging Face
            dataset.
        image_shape: (height, width, channels) that an autoencoder takes: channels are converted to
            it, another size is an error unless `image_size` mends it.
        image_size: int or (height, width), in pixels, to resize to.
        channels: 1 (grey) or 3 (colour); by default as the source has them.
        resize: "area" averages when shrinking, "lanczos" is sharper; enlarging is always Lanczos.
        fit: what happens to images of another aspect ratio than `image_size`: "crop" takes the
            middle, "pad" adds a white margin, "stretch" changes their shape.
        max_bad: share of files, in [0, 1], that may be unreadable and are skipped; an error above.
        at_least: number of images below which the source is refused.
        value_range: the values that are black and white, such as `(0, 1)`; `"auto"` finds them
            from the values of all images, as Keras' preprocessing gives them ([-1, 1], [0, 1],
            [0, 255]) and as whole numbers have them, says what it took them for, and refuses
            those that fit several ranges or are of fewer than 32 images.

    Returns:
        `Images`: float32 in [-1, 1], streamed.

    Raises:
        ValueError: a source that is not there or holds no images, another shape, values outside the
            range, NaN; what only a pass over the images shows is raised during that pass.

    Example:
        >>> digits = m2m_tf.data.load("demo:digits", image_size=32, channels=3)
        >>> digits.image_shape
        (32, 32, 3)
    """
    options = LoadOptions.of(image_shape, image_size, channels, resize, max_bad, at_least, fit)
    options = options.with_range(value_range)
    if isinstance(source, Images):
        return _made_over(source, options)
    if isinstance(source, (str, os.PathLike)):
        return from_path(os.fspath(source), options)
    if isinstance(source, tf.data.Dataset):
        return from_dataset(source, options)
    holds_names = getattr(getattr(source, "dtype", None), "kind", None) in ("O", "U", "S")
    if tf.is_tensor(source) or (isinstance(source, np.ndarray) and not holds_names):
        return from_array(np.asarray(source), options)
    from m2m_tf.data.readers.objects import from_object

    images = from_object(source, options)
    if images is None:
        raise ValueError(
            "load expects a path, a name such as 'demo:digits', an array, a tf.data.Dataset, or a "
            f"list, generator or data set of images; got {type(source).__name__}."
        )
    return images


def scaled(images):
    """`Images` of an array that holds floats in [-1, 1] already, whatever its values are."""
    return load(images, value_range=CONTRACT, at_least=1)


def _made_over(images, options):
    """The same `Images` if they fit, else made over."""
    wanted = options.value_range
    if isinstance(wanted, tuple) and wanted != images.value_range:
        raise ValueError(
            f"{images.name!r} was loaded with value_range={images.value_range}; got {wanted}. Give "
            "the range to m2m.data.load, or leave it out."
        )
    shape = options.settle(images.name, images.image_shape)
    if shape == images.image_shape:
        return images
    from m2m_tf.data.resized import resize_images

    return resize_images(images, shape, options)
