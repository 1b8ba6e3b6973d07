"""Target images, their reconstructions and generated images, one labelled row each."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from m2m_tf.hints import StrPath
from m2m_tf.pictures.files import save_png
from m2m_tf.pictures.grid import grid
from m2m_tf.pictures.pixels import scale_to_show, to_pixels

LABELS = ("target", "reconstruction", "generated")
SHOWN_SIDE = 84
FONT_SIZE = 18
MARGIN = 12


def comparison(
    targets: npt.ArrayLike,
    reconstructions: npt.ArrayLike,
    generated: npt.ArrayLike,
    scale: int | None = None,
) -> npt.NDArray[np.uint8]:
    """Lays out three rows of images with a label before each.

    Args:
        targets: float `(batch, height, width, channels)` in [-1, 1], or uint8; 1 or 3 channels.
        reconstructions: the same images through the autoencoder, of the same shape.
        generated: as many generated images, of the same shape.
        scale: whole number of pixels that each pixel becomes, each way; by default small images
            are enlarged until a person can read them.

    Returns:
        uint8 array `(picture height, picture width, channels)`.

    Raises:
        ValueError: for images of another range, or rows of different shapes.

    Example:
        >>> targets = np.zeros((8, 28, 28, 1), "float32")
        >>> comparison(targets, targets, targets).shape[-1]
        1
    """
    rows = dict(zip(LABELS, (targets, reconstructions, generated), strict=True))
    return labelled_rows(rows, scale)


def labelled_rows(
    rows: Mapping[str, npt.ArrayLike], scale: int | None = None
) -> npt.NDArray[np.uint8]:
    """Lays out rows of images, each with its label before it.

    Args:
        rows: a dict of label to images, float `(batch, height, width, channels)` in [-1, 1] or
            uint8, all of one shape.
        scale: as `comparison` takes it.

    Returns:
        uint8 array `(picture height, picture width, channels)`.

    Raises:
        ValueError: as `comparison`.

    Example:
        >>> images = np.zeros((8, 28, 28, 1), "float32")
        >>> labelled_rows({"target": images, "nearest": images}).shape[-1]
        1
    """
    if not rows:
        raise ValueError("Expected a row of images or more, {label: images}; got none.")
    shown = [to_pixels(images) for images in rows.values()]
    shapes = [images.shape for images in shown]
    if len(set(shapes)) > 1:
        raise ValueError(
            f"Expected as many images of one shape in each row: {', '.join(rows)}; got "
            f"{', '.join(f'{n} {s}' for n, s in zip(rows, shapes, strict=True))}."
        )
    scale = scale_to_show(shapes[0][1:3], SHOWN_SIDE) if scale is None else scale
    images = grid(np.concatenate(shown), columns=shapes[0][0], scale=scale)
    return np.concatenate([label_column(list(rows), images.shape), images], axis=1)


def label_column(labels, shape):
    """White pixels as tall as a picture of `shape`, with a label in the middle of each row."""
    font = ImageFont.load_default(FONT_SIZE)
    width = max(int(font.getlength(label)) for label in labels) + 2 * MARGIN
    height, _, channels = shape
    column = Image.new("L", (width, max(height, 1)), 255)
    draw = ImageDraw.Draw(column)
    for index, label in enumerate(labels):
        middle = height * (2 * index + 1) / (2 * len(labels))
        draw.text((width - MARGIN, middle), label, fill=0, font=font, anchor="rm")
    return np.repeat(np.asarray(column)[..., None], channels, axis=-1)


def save_comparison(
    path: StrPath,
    targets: npt.ArrayLike,
    reconstructions: npt.ArrayLike,
    generated: npt.ArrayLike,
    scale: int | None = None,
) -> Path:
    """Writes `comparison(...)` to a PNG file, whole or not at all.

    Args:
        path: a file name that ends in .png; its folder is made where it is missing.
        targets, reconstructions, generated, scale: as `comparison` takes them.

    Returns:
        The path.

    Raises:
        ValueError: as `comparison`, and for another file name.

    Example:
        >>> save_comparison("comparison.png", images, model.autoencoder(images), new)
    """
    return save_png(path, comparison(targets, reconstructions, generated, scale))
