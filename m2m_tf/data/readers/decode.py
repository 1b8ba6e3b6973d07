"""One image file to pixels, whatever its mode, depth or orientation."""

import contextlib

import numpy as np
from PIL import Image, ImageOps

from m2m_tf.data.crop import resize_image

try:
    from PIL.AvifImagePlugin import SUPPORTED as READS_AVIF
except ImportError:  # of Pillow before 11.3
    READS_AVIF = False

FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "GIF", "TIFF", *(["AVIF"] if READS_AVIF else []))
PIXEL_LIMIT = 100_000_000
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
    image = _on_white(_in_bytes(_upright(image), value_range))
    image = image.convert("L" if channels == 1 else "RGB")
    if size is not None and (image.height, image.width) != size:
        image = resize_image(image, size, method, fit)
    return np.asarray(image).reshape(image.height, image.width, channels)


def is_deep(image):
    """Whether an image has more than 8 bits a channel."""
    return image.mode.startswith("I")


def _upright(image):
    image.load()
    with contextlib.suppress(Exception):
        return ImageOps.exif_transpose(image)
    return image


def _in_bytes(image, value_range):
    """8 bits a channel, scaled where the range is given or there were more."""
    if not is_deep(image) and image.mode != "F":
        return image if value_range is None else image.point(_table(image, *value_range))
    low, high = value_range or ((0, 65535) if is_deep(image) else _no_range())
    scaled = (np.asarray(image).astype(np.float32) - low) * (255 / (high - low))
    return Image.fromarray(np.rint(np.clip(scaled, 0, 255)).astype(np.uint8))


def _table(image, low, high):
    """What each of 256 values becomes, band after band; opacity stays as it is."""
    values = (np.arange(256) - low) * (255 / (high - low))
    scaled = np.rint(np.clip(values, 0, 255)).astype(int).tolist()
    return [v for band in image.getbands() for v in (range(256) if band == "A" else scaled)]


def _no_range():
    raise UnreadableImage("its values are floats: give value_range=(black, white)")


def _on_white(image):
    """No palette, no transparency."""
    if image.has_transparency_data:
        image = image.convert("RGBA")
        white = Image.new("RGBA", image.size, "white")
        return Image.alpha_composite(white, image).convert("RGB")
    return image.convert("RGB") if image.mode == "P" else image


def _too_large(what):
    return f"{what} by its header, above the limit of {PIXEL_LIMIT // 1_000_000} megapixels"
