"""The library's float images in [-1, 1] as the uint8 pixels that picture files hold."""

import numpy as np

from m2m_tf.checks import check_whole

# What rounding in a network's last layer may add to a value that means 1.
TOLERANCE = 1e-3


def to_pixels(images):
    """Converts a batch of images to uint8 pixels.

    Args:
        images: float `(batch, height, width, channels)` in [-1, 1], or uint8 in [0, 255], which is
            returned as it is. Channels are 1 or 3. Anything that `np.asarray` takes.

    Returns:
        uint8 array `(batch, height, width, channels)`.

    Raises:
        ValueError: for another shape, no images, truth values, other whole numbers than uint8,
            values outside [-1, 1], or NaN.

    Example:
        >>> to_pixels(np.array([[[[-1.0], [0.0], [1.0]]]])).ravel()
        array([  0, 128, 255], dtype=uint8)
    """
    images = np.asarray(images)
    check_shape(images.shape)
    if images.dtype == np.uint8:
        return images
    if images.dtype.kind in "biu":
        raise ValueError(
            "A picture is made of float values in [-1, 1] or uint8 values in [0, 255]; got "
            f"{images.dtype}. Convert them first: of a mask 255 * mask.astype('uint8')."
        )
    images = images.astype(np.float32, copy=False)
    check_values(images)
    return np.rint((np.clip(images, -1, 1) + 1) * 127.5).astype(np.uint8)


def check_shape(shape):
    """Refuses what is not a batch of grey or colour images."""
    if len(shape) != 4 or shape[-1] not in (1, 3) or 0 in shape:
        raise ValueError(
            "A picture is made of images of shape (batch, height, width, channels), at least one,"
            f" with 1 or 3 channels; got {tuple(shape)}. A single image needs a batch axis:"
            " image[None]."
        )


def check_values(images):
    """Refuses NaN, and values that are not in [-1, 1]."""
    low, high = float(images.min()), float(images.max())
    if not np.isfinite([low, high]).all():
        bad = int(np.argmin(np.isfinite(images).all(axis=(1, 2, 3))))
        raise ValueError(
            f"A picture is made of finite values in [-1, 1]; image {bad} has NaN or infinity."
        )
    if low < -1 - TOLERANCE or high > 1 + TOLERANCE:
        raise ValueError(
            "A picture is made of float values in [-1, 1] or uint8 values in [0, 255]; got"
            f" {images.dtype} in [{low:g}, {high:g}]. Rescale the images first."
        )


def enlarge(pixels, scale):
    """Repeats each pixel `scale` times both ways, so that small images stay sharp."""
    check_whole("scale", scale)
    return pixels.repeat(scale, axis=1).repeat(scale, axis=2)


def scale_to_show(shape, least):
    """The smallest whole scale that makes an image's shorter side at least `least` pixels."""
    return max(1, -(-least // min(shape[0], shape[1])))
