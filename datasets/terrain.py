"""The Earth from space: windows of a map of the whole planet."""

from pathlib import Path

import numpy as np
from PIL import Image
from tqdm import tqdm

from datasets.idx import SEED

LEAST_DEVIATION = 12.0  # of 255: below it a window is open sea or ice
TRIES = 50  # windows drawn for each that is kept, before it is given up


def write_terrain(path, folder, size, num):
    """Writes windows at random places, those of one colour left out, as .png.

    Args:
        path: a picture of the planet.
        folder: existing folder to write to.
        size: int, pixels a side.
        num: int, how many.

    Raises:
        ValueError: if the picture is smaller than a window, or shows too little.
    """
    with Image.open(path) as image:
        planet = np.asarray(image.convert("RGB"))
    if min(planet.shape[:2]) < size:
        raise ValueError(
            f"--size expects at most {min(planet.shape[:2])}, the height of the map; got {size}."
        )
    random = np.random.RandomState(SEED)
    digits = len(str(num - 1))
    for number in tqdm(range(num), desc="cutting windows", unit=" windows"):
        window = _draw(planet, size, random)
        Image.fromarray(window).save(Path(folder) / f"{number:0{digits}d}.png")


def _draw(planet, size, random):
    for _ in range(TRIES):
        top, left = (random.randint(side - size + 1) for side in planet.shape[:2])
        window = planet[top : top + size, left : left + size]
        if window.std(axis=(0, 1)).mean() >= LEAST_DEVIATION:
            return window
    raise ValueError(f"The map shows one colour nearly everywhere: no window in {TRIES} has two.")
