"""Picture files that are there whole or not at all."""

from pathlib import Path

from PIL import Image

from m2m_tf.files.durable import replacing


def check_suffix(path, suffixes):
    """Refuses a file name whose suffix is none of `suffixes`; returns the suffix."""
    suffix = Path(path).suffix.lower()
    if suffix not in suffixes:
        raise ValueError(f"The file's name must end in {' or '.join(suffixes)}; got '{path}'.")
    return suffix


def to_picture(pixels):
    """A Pillow image of uint8 pixels `(height, width, 1 or 3)`."""
    return Image.fromarray(pixels[..., 0] if pixels.shape[-1] == 1 else pixels)


def save_png(path, pixels, flush=True):
    """Writes uint8 pixels `(height, width, 1 or 3)` to a PNG file, as `replacing` does."""
    check_suffix(path, (".png",))
    with replacing(path, flush) as unfinished:
        to_picture(pixels).save(unfinished)
    return Path(path)
