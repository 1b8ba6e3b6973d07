"""Arrays of pixels to the contract: channels, size, float32 in [-1, 1]."""

import numpy as np

from m2m_tf.data.check import check_pixels
from m2m_tf.data.value_range import CONTRACT, ValueRange

LUMA = np.array([0.299, 0.587, 0.114], np.float32)  # Rec. 601, as Pillow's "L"


SCALED = ValueRange(*CONTRACT, slack=1e-4, kind="float")


def convert(images, image_shape, name, method="area", start=0, fit="crop", value_range=SCALED):
    """Numbers (n, h, w[, c]) of a range to float32 (n, *image_shape) in [-1, 1], checked.

    Raises:
        ValueError: a value outside the range, NaN or infinite.
    """
    check_pixels(images, value_range, name, start)
    images = with_channels(unscaled_bytes(with_axis(images), value_range), image_shape[2])
    if images.shape[1:3] != tuple(image_shape[:2]):
        from m2m_tf.data.crop import resize_array  # brings Pillow, which most arrays do not need

        images = resize_array(images, image_shape[:2], method, fit)
    return to_float(images)


def with_axis(images):
    """(n, h, w) becomes (n, h, w, 1)."""
    return images[..., np.newaxis] if images.ndim == 3 else images


def unscaled_bytes(images, value_range):
    """uint8 in [0, 255] as they are, as they are exact; all others as float32 in [-1, 1]."""
    if images.dtype == np.uint8 and value_range.is_usual:
        return images
    return value_range.scaled(images)


def channels_last(images):
    """(..., 1, 3 or 4 channels, h, w) becomes (..., h, w, channels); others stay as they are."""
    return np.moveaxis(images, -3, -1) if has_channels_first(images.shape) else images


def has_channels_first(shape):
    """Whether a shape of images with an axis of channels has it before height and width."""
    return len(shape) >= 3 and shape[-3] in (1, 3, 4) and shape[-1] not in (1, 3, 4)


def to_float(images):
    """uint8 [0, 255] to float32 [-1, 1]: 0 is -1 and 255 is 1; floats are clipped to [-1, 1]."""
    if images.dtype == np.uint8:
        scaled = images.astype(np.float32)
        scaled /= np.float32(127.5)
        scaled -= 1
        return scaled
    return np.clip(images.astype(np.float32), -1, 1)


def with_channels(images, channels):
    """(..., 1 to 4 channels) to 1 (grey) or 3 (colour); an alpha channel is composited on white."""
    found = images.shape[-1]
    if found == channels:
        return images
    if found in (2, 4):
        return with_channels(_on_white(images), channels)
    if found == 1:
        return np.repeat(images, 3, axis=-1)
    return _like(images, images.astype(np.float32) @ LUMA)[..., np.newaxis]


def channel_notes(found, channels):
    """What `with_channels` does to such images, in words."""
    notes = []
    if found in (2, 4):
        notes.append("composited transparency on white")
    if found <= 2 and channels == 3:
        notes.append("converted grey images to colour (3 equal channels)")
    if found >= 3 and channels == 1:
        notes.append("converted colour images to grey (Rec. 601 luma)")
    return notes


def _on_white(images):
    colour, alpha = images[..., :-1].astype(np.float32), images[..., -1:].astype(np.float32)
    white = np.float32(255 if images.dtype == np.uint8 else 1)
    share = alpha / white if images.dtype == np.uint8 else (alpha + 1) / 2
    return _like(images, white + (colour - white) * share)


def _like(images, values):
    """Values in the range of `images`, in its dtype."""
    if images.dtype == np.uint8:
        return np.rint(np.clip(values, 0, 255)).astype(np.uint8)
    return values.astype(images.dtype)
