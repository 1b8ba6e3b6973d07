"""A sheet: square images side by side in one picture file."""

import numpy as np
from PIL import Image


def read_sheet(path, side):
    """The images of a sheet, row by row, a uint8 array `(n, side, side, 3)`.

    Args:
        path: The picture file.
        side: Pixels a side of each image; the sheet's sides are multiples of it.

    Raises:
        ValueError: If they are not.
    """
    with Image.open(path) as sheet:
        pixels = np.asarray(sheet.convert("RGB"))
    height, width = pixels.shape[:2]
    if height % side or width % side:
        raise ValueError(
            f"Expected a sheet of images of {side}x{side}; '{path}' has {height}x{width} pixels."
        )
    rows = pixels.reshape(height // side, side, width // side, side, 3)
    return rows.swapaxes(1, 2).reshape(-1, side, side, 3)
