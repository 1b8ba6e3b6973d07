"""Han glyphs of a font, drawn as MNIST draws digits: 28x28 grey, white ink on black, centred."""

import numpy as np
from PIL import Image, ImageFont
from tqdm import tqdm

from datasets.idx import shuffled, write_idx

SIZE = 28
MARGIN = 2  # pixels of black on each side; MNIST leaves 4, but Han strokes need the room
OVERSAMPLING = 4
HELD_OUT = 0.1
# The everyday and rare Han of Unicode's first plane, then the rarest: compatibility, extension B.
COMMON_HAN = ((0x4E00, 0x9FFF),)
ALL_HAN = ((0x4E00, 0x9FFF), (0x3400, 0x4DBF), (0xF900, 0xFAFF), (0x20000, 0x2A6DF))
# No font has a glyph for this code point, so drawing it draws the font's "missing" box.
UNASSIGNED = "\U0010ffff"


def draw_glyph(font, character, size=SIZE, margin=MARGIN):
    """One character, cropped to its ink, centred and scaled down to a square image.

    Args:
        font: a `PIL.ImageFont.FreeTypeFont`, opened at `OVERSAMPLING * size` pixels or more.
        character: the character to draw.
        size: side of the image in pixels.
        margin: pixels left black between the ink's longest side and the frame.

    Returns:
        uint8 `(size, size)` in [0, 255], 255 where there is ink, or None for a blank.
    """
    mask = font.getmask(character, mode="L")
    box = mask.getbbox()
    if box is None:
        return None
    ink = Image.fromarray(np.array(mask, "uint8").reshape(mask.size[::-1])).crop(box)
    # Half an em at least: a lone dot is drawn small instead of being blown up to a square.
    longest = max(ink.width, ink.height, font.size // 2)
    side = round(longest * size / (size - 2 * margin))
    canvas = Image.new("L", (side, side))
    canvas.paste(ink, ((side - ink.width) // 2, (side - ink.height) // 2))
    return np.asarray(canvas.resize((size, size), Image.Resampling.BOX))


def draw_font(path, blocks, index=0):
    """Every character of the Unicode blocks that the font has, in code point order.

    Blanks are dropped, and so is a glyph that looks like an earlier one to the last bit: a
    compatibility character would otherwise put its twin on both sides of a split.

    Args:
        path: a .ttf, .otf or .ttc file.
        blocks: pairs of a first and a last code point.
        index: face of a .ttc collection.

    Returns:
        uint8 `(n, 28, 28)`.
    """
    font = ImageFont.truetype(str(path), OVERSAMPLING * SIZE, index=index)
    missing = draw_glyph(font, UNASSIGNED)
    seen = set() if missing is None else {missing.tobytes()}
    glyphs = []
    codes = [code for first, last in blocks for code in range(first, last + 1)]
    for code in tqdm(codes, desc=f"drawing {path.name}", unit=" characters"):
        glyph = draw_glyph(font, chr(code))
        if glyph is not None and glyph.tobytes() not in seen:
            seen.add(glyph.tobytes())
            glyphs.append(glyph)
    return np.stack(glyphs)


def write_glyphs(folder, glyphs):
    """Writes `train-images-idx3-ubyte.gz` and, one glyph in ten, `t10k-images-idx3-ubyte.gz`."""
    (glyphs,) = shuffled(glyphs)
    held_out = round(HELD_OUT * len(glyphs))
    write_idx(folder / "train-images-idx3-ubyte.gz", glyphs[held_out:])
    write_idx(folder / "t10k-images-idx3-ubyte.gz", glyphs[:held_out])
