"""Small pictures of games, drawn pixel by pixel: one file of many, and folders of textures."""

import re
from pathlib import Path

from PIL import Image

from datasets import sheets
from datasets.universal import Kind

SIDES = (16, 32)
ENLARGED = (1, 2, 4)  # pixels a side that one becomes: pixel art is seldom seen at its own size


def write_images(path, folder):
    """Writes the pictures of a Crossfire image file, `IMAGE bytes name` before each one's PNG.

    Args:
        path: the file, such as `crossfire.base`.
        folder: an existing folder; a name's slashes become underscores.

    Raises:
        ValueError: if the file is cut short, or another kind of file.
    """
    content, place = Path(path).read_bytes(), 0
    while place < len(content):
        header = re.compile(rb"IMAGE (\d+) (\S+)\n").match(content, place)
        if not header or header.end() + int(header[1]) > len(content):
            raise ValueError(f"{path}: expected 'IMAGE bytes name' at byte {place}, then a PNG.")
        place = header.end() + int(header[1])
        name = header[2].decode().removeprefix("./").replace("/", "_")
        (Path(folder) / f"{name}.png").write_bytes(content[header.end() : place])


def pixel_art(share, paths):
    """The kind of those of the pictures that have 16 or 32 pixels a side."""
    return Kind(share, [path for path in paths if _is_small(path)], in_blocks, _thing)


def _is_small(path):
    with Image.open(path) as image:
        return image.width == image.height and image.width in SIDES


def _thing(path):
    return path.stem.rsplit(".", 1)[0]  # less the number of the picture in a moving one


def in_blocks(items, count, random):
    """Draws sheets of pictures side by side, each pixel a block of 1, 2 or 4 pixels a side."""
    stream = sheets.endless(items, random)
    for _ in range(count):
        cell = SIDES[-1] * random.choice(ENLARGED)
        images = [_enlarged(next(stream), cell) for _ in range((sheets.SIDE // cell) ** 2)]
        yield sheets.mosaic(images, sheets.plain_colour(random))


def _enlarged(path, cell):
    with Image.open(path) as image:
        return image.convert("RGBA").resize((cell, cell), Image.Resampling.NEAREST)
