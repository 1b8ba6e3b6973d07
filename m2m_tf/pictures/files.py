"""Picture files that are there whole or not at all."""

import contextlib
import os
import uuid
from pathlib import Path

from PIL import Image


@contextlib.contextmanager
def replacing(path):
    """Gives a temporary path beside `path`, which becomes `path` when the block ends well.

    Args:
        path: the file to write; its folder is made where it is missing.

    Yields:
        A `Path` of the same suffix in the same folder, so that the last step is one rename.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{uuid.uuid4().hex}{path.suffix}")
    try:
        yield temporary
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def check_suffix(path, suffixes):
    """Refuses a file name whose suffix is none of `suffixes`; returns the suffix."""
    suffix = Path(path).suffix.lower()
    if suffix not in suffixes:
        raise ValueError(f"The file's name must end in {' or '.join(suffixes)}; got '{path}'.")
    return suffix


def to_picture(pixels):
    """A Pillow image of uint8 pixels `(height, width, 1 or 3)`."""
    return Image.fromarray(pixels[..., 0] if pixels.shape[-1] == 1 else pixels)


def save_png(path, pixels):
    """Writes uint8 pixels `(height, width, 1 or 3)` to a PNG file, whole or not at all."""
    check_suffix(path, (".png",))
    with replacing(path) as temporary:
        to_picture(pixels).save(temporary)
    return Path(path)
