"""A folder of numbered PNG files, one an image."""

from pathlib import Path

import numpy.typing as npt

from m2m_tf.hints import StrPath
from m2m_tf.pictures.files import save_png
from m2m_tf.pictures.pixels import to_pixels


def save_folder(folder: StrPath, images: npt.ArrayLike, start: int = 0) -> list[Path]:
    """Writes each image to its own PNG file, `000000.png` and so on.

    Args:
        folder: where to write; made where it is missing. Files of the same number are replaced.
        images: float `(batch, height, width, channels)` in [-1, 1], or uint8; 1 or 3 channels.
        start: the number of the first file, so that a long run can write batch by batch.

    Returns:
        The list of the paths, in the images' order.

    Raises:
        ValueError: for images of another shape or range.

    Example:
        >>> save_folder("digits", model.generate(1000, seed=0))
    """
    pixels = to_pixels(images)
    paths = [Path(folder) / f"{start + index:06d}.png" for index in range(len(pixels))]
    for path, image in zip(paths, pixels, strict=True):
        save_png(path, image, flush=False)  # thousands of them would wait for the disk in turn
    return paths
