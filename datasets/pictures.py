"""Folders of colour pictures: each composited on white, repeats and blanks left out."""

import hashlib
import sys
import warnings
from pathlib import Path

import numpy as np
from PIL import Image
from tqdm import tqdm

MOST_PIXELS = 50_000_000


def on_white(image):
    """An image of any mode as RGB, what is transparent shown white."""
    image = image.convert("RGBA")
    white = Image.new("RGBA", image.size, "white")
    return Image.alpha_composite(white, image).convert("RGB")


def square(image, size):
    """The whole picture, padded with white to a square and shrunk to `size` pixels a side."""
    side = max(image.size)
    canvas = Image.new("RGB", (side, side), "white")
    canvas.paste(image, ((side - image.width) // 2, (side - image.height) // 2))
    return canvas.resize((size, size), Image.Resampling.LANCZOS)


def write_pictures(files, folder, size=None, enlarged=1):
    """Writes each distinct picture as an RGB .png under its own name.

    Args:
        files: paths of images; a symbolic link is left out, as the file it names is there too.
        folder: existing folder to write to.
        size: int, side in pixels: pictures smaller than that on their longest side are left out,
            the others padded and shrunk to it; None keeps all as they are.
        enlarged: int, each pixel becomes a square of that many a side.

    Returns:
        The number of pictures written.
    """
    seen = set()
    for path in tqdm(sorted(files), desc="writing pictures", unit=" files"):
        if path.is_symlink():
            continue
        image = _read(path)
        if image is None or max(image.size) < (size or 0):
            continue
        if size is not None:
            image = square(image, size)
        pixels = np.asarray(image)
        key = hashlib.sha256(pixels.tobytes()).digest()
        if key in seen or pixels.min() == pixels.max():
            continue
        seen.add(key)
        if enlarged > 1:
            image = image.resize([enlarged * side for side in image.size], Image.Resampling.NEAREST)
        image.save(_free_name(Path(folder), path.stem))
    return len(seen)


def _read(path):
    """The picture on white, or None, said, where it is damaged or absurdly large."""
    try:
        # Pillow warns of the large ones too, but this says itself what it leaves out.
        with warnings.catch_warnings(action="ignore"), Image.open(path) as file:
            if file.width * file.height > MOST_PIXELS:
                raise ValueError(f"{file.width} x {file.height} pixels are too many")
            return on_white(file)
    except (OSError, ValueError, Image.DecompressionBombError) as error:
        tqdm.write(f"left out {path.name}: {error}", file=sys.stderr)
        return None


def _free_name(folder, stem):
    path, copy = folder / f"{stem}.png", 1
    while path.exists():
        copy += 1
        path = folder / f"{stem}-{copy}.png"
    return path
