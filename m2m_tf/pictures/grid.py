"""Many images on one picture, in rows."""

import math
import numbers
from pathlib import Path

import numpy as np
import numpy.typing as npt

from m2m_tf.hints import StrPath
from m2m_tf.pictures.files import save_png
from m2m_tf.pictures.pixels import enlarge, to_pixels

GAP_VALUE = 255


def grid(
    images: npt.ArrayLike, columns: int | None = None, gap: int = 2, scale: int = 1
) -> npt.NDArray[np.uint8]:
    """Lays images out in rows on one picture, left to right, top to bottom.

    Args:
        images: float `(batch, height, width, channels)` in [-1, 1], or uint8; 1 or 3 channels.
        columns: images a row; by default the picture is as near to square as it can be.
        gap: white pixels between images and around them, 0 or more.
        scale: whole number of pixels that each pixel becomes, each way.

    Returns:
        uint8 array `(picture height, picture width, channels)`; missing images are white.

    Raises:
        ValueError: for images of another shape or range, or numbers out of range.

    Example:
        >>> images = np.zeros((6, 28, 28, 1), "float32")
        >>> grid(images, gap=2).shape
        (62, 92, 1)
    """
    pixels = enlarge(to_pixels(images), scale)
    count, height, width, channels = pixels.shape
    columns = square_columns(count, height, width) if columns is None else columns
    is_whole = all(isinstance(number, numbers.Integral) for number in (columns, gap))
    if not is_whole or columns < 1 or gap < 0:
        raise ValueError(
            f"A grid has columns >= 1 and gap >= 0, whole numbers; got {columns!r} and {gap!r}."
        )
    columns = min(columns, count)
    rows = math.ceil(count / columns)
    shape = (rows * (height + gap) + gap, columns * (width + gap) + gap, channels)
    picture = np.full(shape, GAP_VALUE, np.uint8)
    for index, image in enumerate(pixels):
        top = gap + (index // columns) * (height + gap)
        left = gap + (index % columns) * (width + gap)
        picture[top : top + height, left : left + width] = image
    return picture


def square_columns(count, height=1, width=1):
    """The columns that make `count` images of one shape a picture nearest to a square."""
    return max(1, math.ceil(math.sqrt(count * height / width) - 1e-9))


def save_grid(
    path: StrPath, images: npt.ArrayLike, columns: int | None = None, gap: int = 2, scale: int = 1
) -> Path:
    """Writes `grid(images, ...)` to a PNG file, whole or not at all.

    Args:
        path: a file name that ends in .png; its folder is made where it is missing.
        images, columns, gap, scale: as `grid` takes them.

    Returns:
        The path.

    Raises:
        ValueError: as `grid`, and for another file name.

    Example:
        >>> save_grid("samples.png", model.generate(64, seed=0))
    """
    return save_png(path, grid(images, columns, gap, scale))
