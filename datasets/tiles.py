"""Game tiles: which of the pictures in a game's source are tiles that show something."""

import numpy as np
from PIL import Image

SIDE = 32
LEAST_INK = 0.15  # part of a tile that is not transparent: less is a belt or a speck


def is_tile(path):
    """Whether a picture is 32x32 pixels and not nearly empty."""
    try:
        with Image.open(path) as image:
            if image.size != (SIDE, SIDE):
                return False
            return (np.asarray(image.convert("RGBA"))[..., 3] > 0).mean() >= LEAST_INK
    except OSError:  # a picture's name, but none inside
        return False


def times_enlarged(size):
    """How many pixels a side each of a tile's pixels becomes.

    Args:
        size: int, pixels a side of the tile to be.

    Raises:
        ValueError: if that is no multiple of 32.
    """
    if size % SIDE:
        raise ValueError(f"tiles are {SIDE}x{SIDE}: --size expects a multiple of it; got {size}.")
    return size // SIDE
