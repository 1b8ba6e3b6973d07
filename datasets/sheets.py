"""Sheets: pictures of any size and transparency laid out as 128x128 colour, to learn from."""

import numpy as np
from PIL import Image

SIDE = 128
WHITE = (255, 255, 255)
SMOOTH = 2.5  # mean step between neighbours, in levels of 255, under which a crop is smooth
SMOOTH_KEPT = 0.1
TRIES = 15


def plain_colour(random):
    """White for every second sheet, else any colour, for each fifth of those a grey."""
    if random.rand() < 0.5:
        return WHITE
    colour = random.randint(0, 256, 3)
    return tuple(int(level) for level in (colour[[0, 0, 0]] if random.rand() < 0.2 else colour))


def padded(image, colour, side=None):
    """The whole picture in the middle of a square of one colour, shrunk to `side` if larger.

    Args:
        image: a `PIL.Image` of any mode.
        colour: three levels of 255, shown wherever the picture is transparent.
        side: pixels; None for the picture's longer side.

    Returns:
        An RGB `PIL.Image` of `side` x `side`.
    """
    image = image.convert("RGBA")
    longest = max(image.size)
    square = Image.new("RGBA", (max(longest, side or 0),) * 2, (*colour, 255))
    corner = ((square.width - image.width) // 2, (square.height - image.height) // 2)
    square.alpha_composite(image, corner)
    square = square.convert("RGB")
    if side is not None and square.width > side:
        square = square.resize((side, side), Image.Resampling.LANCZOS, reducing_gap=3.0)
    return square


def crop(image, random, side=SIDE):
    """A square at a random place, its side log-uniform from `side` to the picture's shorter one.

    Args:
        image: an RGB `PIL.Image`, at least `side` pixels wide and high.
        random: a `numpy.random.RandomState`.
        side: pixels that the square is shrunk to.

    Returns:
        uint8 `(side, side, 3)`.
    """
    shorter = min(image.size)
    taken = int(round(np.exp(random.uniform(np.log(side), np.log(shorter)))))
    left = random.randint(image.width - taken + 1)
    top = random.randint(image.height - taken + 1)
    part = image.crop((left, top, left + taken, top + taken))
    return np.asarray(part.resize((side, side), Image.Resampling.LANCZOS, reducing_gap=3.0))


def textured_crop(image, random, side=SIDE):
    """As `crop`, but most of those that show next to nothing are drawn again."""
    for _ in range(TRIES):
        pixels = crop(image, random, side)
        if _step(pixels) >= SMOOTH or random.rand() < SMOOTH_KEPT:
            break
    return pixels


def _step(pixels):
    """Mean difference of a pixel to its neighbours, to the right and below taken together."""
    levels = pixels.astype("int16")
    return np.abs(np.diff(levels, axis=0)).mean() + np.abs(np.diff(levels, axis=1)).mean()


def whole_or_part(image, random, colour=None):
    """A picture as a sheet: for every second one shrunk whole, else a part of it."""
    colour = plain_colour(random) if colour is None else colour
    if min(image.size) <= SIDE or random.rand() < 0.5:
        return np.asarray(padded(image, colour, SIDE))
    return textured_crop(padded(image, colour), random)


def mosaic(images, colour):
    """4 or 16 pictures side by side on one colour, each padded or shrunk to its cell.

    Args:
        images: a square number of `PIL.Image`.
        colour: three levels of 255.

    Returns:
        uint8 `(128, 128, 3)`.
    """
    across = round(len(images) ** 0.5)
    cell = SIDE // across
    cells = np.stack([np.asarray(padded(image, colour, cell)) for image in images])
    rows = cells.reshape(across, across, cell, cell, 3).swapaxes(1, 2)
    return rows.reshape(SIDE, SIDE, 3)


def grey_mosaic(images):
    """16 grey pictures of 28x28, each padded to 32 with the level of its corner.

    Args:
        images: uint8 `(16, 28, 28)`.

    Returns:
        uint8 `(128, 128, 3)`.
    """
    cells = np.stack([np.pad(each, 2, constant_values=each[0, 0]) for each in images])
    rows = cells.reshape(4, 4, 32, 32).swapaxes(1, 2).reshape(SIDE, SIDE)
    return np.repeat(rows[..., None], 3, axis=2)


def split(items, every, key=str):
    """Items to learn from and items held out: every n-th group of one key, in order of the keys.

    Returns:
        `(train, held_out)`, two lists.
    """
    keys = sorted({key(item) for item in items})
    chosen = set(keys[every // 2 :: every])
    train = [item for item in items if key(item) not in chosen]
    return train, [item for item in items if key(item) in chosen]


def endless(items, random):
    """The items in a random order, again and again, each time in another."""
    while True:
        for index in random.permutation(len(items)):
            yield items[index]
