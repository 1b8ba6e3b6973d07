"""One source of every kind of picture there is: what kinds, in what shares, split how."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image
from tqdm import tqdm

from datasets import sheets
from datasets.idx import SEED

TRAIN, HELD_OUT = 44_000, 1_000
EVERY = 30  # one picture in thirty is held out, before anything is cut from it
EVERY_PHOTOGRAPH = 10  # of the few photographs more, or two would stand for all


@dataclass(frozen=True)
class Kind:
    """Pictures of one kind, and how they become sheets.

    Attributes:
        share: its weight among the kinds: how many of all sheets are its own.
        items: paths, or arrays.
        draw: `draw(items, count, random)` yields `count` sheets, uint8 `(128, 128, 3)`.
        key: `key(item)`, the same for those that show one thing: they are never divided between
            the sheets to learn from and those held out.
        every: one group of these in that many is held out.
    """

    share: float
    items: list
    draw: Callable
    key: Callable = str
    every: int = EVERY


def write_sheets(kinds, folder, train=TRAIN, held_out=HELD_OUT):
    """Writes `train.npy` and `held_out.npy`, the kinds mixed, so that any part is a fair sample.

    Args:
        kinds: dict of `Kind` by name.
        folder: an existing folder.
        train: int, about how many sheets to learn from.
        held_out: int, about how many to judge by.

    Returns:
        dict of `(train, held_out)` sheets by kind.
    """
    parts = {name: sheets.split(kind.items, kind.every, kind.key) for name, kind in kinds.items()}
    counts, shares = {}, sum(kind.share for kind in kinds.values())
    for side, file, total in ((0, "train.npy", train), (1, "held_out.npy", held_out)):
        numbers = {name: round(total * kind.share / shares) for name, kind in kinds.items()}
        random = np.random.RandomState(SEED + side)
        shape = (sum(numbers.values()), sheets.SIDE, sheets.SIDE, 3)
        out = np.lib.format.open_memmap(Path(folder) / file, "w+", "uint8", shape)
        places = iter(random.permutation(len(out)))
        for name, kind in kinds.items():
            drawn = kind.draw(parts[name][side], numbers[name], random)
            for sheet in tqdm(drawn, desc=f"{file}: {name}", total=numbers[name], unit=" sheets"):
                out[next(places)] = sheet
        out.flush()
        counts[file] = numbers
    return counts


def one_by_one(draw):
    """Draws sheets of a picture each: `draw(image, random)`."""

    def sheets_of(items, count, random):
        stream = sheets.endless(items, random)
        for _ in range(count):
            with Image.open(next(stream)) as image:
                yield draw(image.convert("RGBA"), random)

    return sheets_of


def in_mosaics(across):
    """Draws sheets of `across` x `across` pictures, on white or another plain colour."""

    def sheets_of(items, count, random):
        stream = sheets.endless(items, random)
        for _ in range(count):
            images = [Image.open(next(stream)) for _ in range(across**2)]
            yield sheets.mosaic(images, sheets.plain_colour(random))

    return sheets_of


def in_grey_mosaics(items, count, random):
    """Draws sheets of 16 grey pictures of 28x28."""
    stream = sheets.endless(items, random)
    for _ in range(count):
        yield sheets.grey_mosaic([next(stream) for _ in range(16)])


def crops(items, count, random):
    """Draws sheets from large pictures, each opened once and cropped equally often."""
    shares = np.diff(np.linspace(0, count, len(items) + 1).round().astype(int))
    for path, share in zip(items, shares, strict=True):
        with Image.open(path) as image:
            image = image.convert("RGB")
        for _ in range(share):
            yield sheets.textured_crop(image, random)


def part_of_a_face(image, random):
    """A random 128x128 window of a larger drawing."""
    pixels = np.asarray(image.convert("RGB"))
    top, left = random.randint(0, np.array(pixels.shape[:2]) - sheets.SIDE + 1)
    return pixels[top : top + sheets.SIDE, left : left + sheets.SIDE]


def as_it_is(image, random):
    """The picture on white."""
    return np.asarray(sheets.padded(image, sheets.WHITE, sheets.SIDE))


def on_white(image, random):
    return sheets.whole_or_part(image, random, sheets.WHITE)


def emoji_key(path):
    """The emoji's code without its skin tones, which show one thing in five colours."""
    return re.sub(r"-1f3f[b-f]", "", Path(path).stem.lower())
