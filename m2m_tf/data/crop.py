"""Crop, pad or stretch to an aspect ratio, and resize: area when shrinking, else Lanczos."""

import numpy as np
from PIL import Image

WHITE = {"L": 255, "RGB": (255, 255, 255), "F": 1.0}  # float images lie in [-1, 1]


def crop_box(height, width, size):
    """(left, top, right, bottom) of the largest centred box with the aspect ratio of `size`."""
    scale = min(height / size[0], width / size[1])
    # whole pixels: a box that starts at half a pixel would blur an image that needs no resizing
    tall = min(height, max(1, round(size[0] * scale)))
    wide = min(width, max(1, round(size[1] * scale)))
    left, top = (width - wide) // 2, (height - tall) // 2
    return left, top, left + wide, top + tall


def resize_image(image, size, method="area", fit="crop"):
    """A Pillow image, resized to (height, width); what `fit="pad"` adds is white."""
    if fit == "pad":
        return _padded(image, size, method)
    box = (0, 0, image.width, image.height)
    if fit == "crop":
        box = crop_box(image.height, image.width, size)
    shrinks = size[0] <= box[3] - box[1] and size[1] <= box[2] - box[0]
    kernel = Image.Resampling.BOX if method == "area" and shrinks else Image.Resampling.LANCZOS
    return image.resize((size[1], size[0]), kernel, box)


def _padded(image, size, method):
    """The whole image in the middle of a white one of that size."""
    scale = min(size[0] / image.height, size[1] / image.width)
    inner = [max(1, round(side * scale)) for side in (image.height, image.width)]
    small = resize_image(image, inner, method, "stretch")
    padded = Image.new(image.mode, (size[1], size[0]), WHITE[image.mode])
    padded.paste(small, ((size[1] - inner[1]) // 2, (size[0] - inner[0]) // 2))
    return padded


def resize_array(images, size, method="area", fit="crop"):
    """(n, h, w, c) uint8 or floats to (n, *size, c) of the same dtype, clipped to its range."""
    images = images if images.dtype == np.uint8 else images.astype(np.float32)
    resized = np.empty((len(images), *size, images.shape[3]), images.dtype)
    for image, out in zip(images, resized, strict=True):
        for channel in range(images.shape[3]):
            out[..., channel] = _resize_plane(image[..., channel], size, method, fit)
    return resized if resized.dtype == np.uint8 else np.clip(resized, -1, 1)


def _resize_plane(plane, size, method, fit):
    image = Image.fromarray(np.ascontiguousarray(plane))
    return np.asarray(resize_image(image, size, method, fit))
