"""Game tiles of 32x32 pixels, cut from the sheets that a game keeps them on."""

from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks.real_data import pictures

SIDE = 32
SHEETS = ("feat", "floor", "wall")  # the others are packed, in cells of many sizes
LEAST_COVERED = 0.3  # of a tile: less is a speck


def write_tiles(folder_of_sheets, folder, size=SIDE):
    """Writes each distinct tile as a .png on white, enlarged without smoothing.

    Args:
        folder_of_sheets: holds `feat.png`, `floor.png` and `wall.png`.
        folder: existing folder to write to.
        size: int, pixels a side: a multiple of 32.

    Returns:
        The number of tiles written.

    Raises:
        ValueError: if the size is no multiple of 32.
    """
    if size % SIDE:
        raise ValueError(f"tiles are {SIDE}x{SIDE}: --size expects a multiple of it; got {size}.")
    seen = set()
    for name in SHEETS:
        with Image.open(Path(folder_of_sheets) / f"{name}.png") as sheet:
            tiles = cut(np.asarray(sheet.convert("RGBA")))
        for number, tile in enumerate(tiles):
            image = pictures.on_white(Image.fromarray(tile))
            key = image.tobytes()
            if key in seen or all(low == high for low, high in image.getextrema()):
                continue
            seen.add(key)
            image = image.resize((size, size), Image.Resampling.NEAREST)
            image.save(Path(folder) / f"{name}-{number:04d}.png")
    return len(seen)


def cut(sheet):
    """The tiles of a sheet that hold something: uint8 `(n, 32, 32, 4)` of `(height, width, 4)`."""
    rows, columns = (side // SIDE for side in sheet.shape[:2])
    cells = sheet[: rows * SIDE, : columns * SIDE].reshape(rows, SIDE, columns, SIDE, 4)
    tiles = cells.swapaxes(1, 2).reshape(-1, SIDE, SIDE, 4)
    return tiles[(tiles[..., 3] > 0).mean(axis=(1, 2)) > LEAST_COVERED]
