"""One image file to pixels, whatever its mode, depth or orientation."""

import contextlib
import re

import numpy as np
from PIL import Image, ImageOps

from m2m_tf.data.crop import resize_image
from m2m_tf.data.value_range import SLACK

try:
    from PIL.AvifImagePlugin import SUPPORTED as READS_AVIF
except ImportError:  # of Pillow before 11.3
    READS_AVIF = False

FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "GIF", "TIFF", *(["AVIF"] if READS_AVIF else []))
PIXEL_LIMIT = 100_000_000
DEEP = (0, 65535)  # black and white of more than 8 bits
MOST = 0.5  # of its values: the range is not meant for an image of which more lie outside
_ORIENTATION = 0x0112  # the EXIF tag; 5 to 8 mean that height and width are exchanged
_GREY_MODES = ("1", "L", "LA", "I", "F")


class UnreadableImage(Exception):
    """A file that is no image, or a damaged or too large one; its text is the reason."""


@contextlib.contextmanager
def opened(file):
    """The Pillow image of a binary file, its header read and its pixels not yet.

    Raises:
        UnreadableImage: for whatever goes wrong inside the context.
    """
    try:
        with Image.open(file, formats=FORMATS) as image:
            if image.width * image.height > PIXEL_LIMIT:
                raise UnreadableImage(_too_large(f"{image.width} x {image.height} pixels"))
            yield image
    except UnreadableImage:
        raise
    except Image.DecompressionBombError:
        raise UnreadableImage(_too_large("far too many pixels")) from None
    except Image.UnidentifiedImageError:
        raise UnreadableImage("not an image in PNG, JPEG, WebP, BMP, GIF, TIFF or AVIF") from None
    except Exception as error:  # a decoder may raise anything on a damaged file
        raise UnreadableImage(f"damaged: {error or type(error).__name__}") from error


def shape_of(image):
    """(height, width, channels with alpha) from the header; alpha counts, so 1 to 4 channels."""
    height, width = image.height, image.width
    with contextlib.suppress(Exception):  # damaged EXIF does not make an image unreadable
        if image.getexif().get(_ORIENTATION, 1) >= 5:
            height, width = width, height
    colours = 1 if image.mode in _GREY_MODES or image.mode.startswith("I;16") else 3
    return height, width, colours + image.has_transparency_data


def pixels(image, size, channels, method="area", fit="crop", value_range=None):
    """The first frame: uint8 (height, width, channels), upright, on white.

    Args:
        image: what `opened` gives.
        size: (height, width) to crop and resize to, or None.
        channels: 1 or 3.
        method: "area" or "lanczos".
        fit: "crop", "pad" or "stretch".
        value_range: (black, white) of the stored values; None is all that their bits can hold.
    """
    if size is not None:
        image.draft(None, (2 * max(size), 2 * max(size)))  # JPEG: decode no more than is needed
    if value_range is not None:
        _check_is_read_whole(image, *value_range)
    image = _on_white(_in_bytes(_upright(image), value_range))
    image = image.convert("L" if channels == 1 else "RGB")
    if size is not None and (image.height, image.width) != size:
        image = resize_image(image, size, method, fit)
    return np.asarray(image).reshape(image.height, image.width, channels)


def is_deep(image):
    """Whether an image has more than 8 bits a channel."""
    return image.mode.startswith("I")


def kind_of_values(image):
    """`"float"`, `"whole"` for more than 8 bits, or `"uint8"`, as of arrays."""
    return "whole" if is_deep(image) else "float" if image.mode == "F" else "uint8"


def outside(image, low, high):
    """How much of an image lies far outside of a range.

    Returns:
        The share of its values; the lowest and the highest of all.
    """
    values, counts = _values(image)
    slack = SLACK * (high - low)
    far = (values < low - slack) | (values > high + slack)
    met = values[counts > 0]
    return counts[far].sum() / counts.sum(), met.min(), met.max()


def _values(image):
    """The values of an image's colours, and how often each comes."""
    if is_deep(image) or image.mode == "F":
        values = np.asarray(image).reshape(-1)
        return values, np.ones(values.shape, int)
    image = _in_colours(image)
    colours = [band for band in image.getbands() if band != "A"]
    counts = np.reshape(image.histogram()[: 256 * len(colours)], (-1, 256)).sum(axis=0)
    return np.arange(256), counts


def _upright(image):
    image.load()
    with contextlib.suppress(Exception):
        return ImageOps.exif_transpose(image)
    return image


def _in_bytes(image, value_range):
    """8 bits a channel, scaled where the range is given or there were more."""
    if is_deep(image) or image.mode == "F":
        return _scaled(np.asarray(image), image.mode, value_range)
    if value_range is None or image.mode == "1":
        return image
    _check_within(image, *value_range)
    image = _in_colours(image)
    return image.point(_table(image, *value_range))


def _in_colours(image):
    """The image as it shows: a palette's numbers and inks are no values."""
    if image.mode in ("L", "LA", "RGB", "RGBA"):
        return image
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


def _check_is_read_whole(image, low, high):
    """Refuses a range of 16 bits for colours of which Pillow reads 8."""
    is_cut = any(re.search(r";16[BLN]", str(tile[-1])) for tile in image.tile)
    if high > 255 and is_cut and not is_deep(image):
        raise UnreadableImage(
            "its colours have 16 bits, of which 8 are read: give value_range in 8, "
            f"({low / 257:.3g}, {high / 257:.3g}) for ({low:g}, {high:g})"
        )


def _scaled(values, mode, value_range):
    """Values of more than 8 bits, or floats, as an image of 8."""
    if not np.isfinite(values).all():
        raise UnreadableImage("it has NaN or infinite values")
    if value_range is None and mode == "F":
        raise UnreadableImage("its values are floats: give value_range=(black, white)")
    low, high = value_range or DEEP
    if value_range is None and not low <= values.min() <= values.max() <= high:
        raise UnreadableImage(
            f"its values, {values.min():,} to {values.max():,}, are more than 16 bits: "
            "give value_range=(black, white)"
        )
    scaled = (values.astype(np.float32) - low) * (255 / (high - low))
    return Image.fromarray(np.rint(np.clip(scaled, 0, 255)).astype(np.uint8))


def _check_within(image, low, high):
    """Refuses bytes most of which lie outside of the range: it is meant for other values."""
    share, _, highest = outside(image, low, high)
    if share > MOST:
        raise UnreadableImage(
            f"most of its values, up to {highest} of 255, lie outside of "
            f"value_range=({low:g}, {high:g}): leave it out, files of 8 bits need none"
        )


def _table(image, low, high):
    """What each of 256 values becomes, band after band; opacity stays as it is."""
    values = (np.arange(256) - low) * (255 / (high - low))
    scaled = np.rint(np.clip(values, 0, 255)).astype(int).tolist()
    return [v for band in image.getbands() for v in (range(256) if band == "A" else scaled)]


def _on_white(image):
    """No palette, no transparency."""
    if image.has_transparency_data:
        image = image.convert("RGBA")
        white = Image.new("RGBA", image.size, "white")
        return Image.alpha_composite(white, image).convert("RGB")
    return image.convert("RGB") if image.mode == "P" else image


def _too_large(what):
    return f"{what} by its header, above the limit of {PIXEL_LIMIT // 1_000_000} megapixels"
