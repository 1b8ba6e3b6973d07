"""IDX, the format of MNIST and its kin: a header, then raw bytes; gzipped or not."""

import gzip
import math
import zlib
from pathlib import Path

import numpy as np

from m2m_tf.files.npz_file import check_unpacked

_GZIP_MAGIC = b"\x1f\x8b"
_LARGEST_RATIO = 1032  # deflate cannot shrink further, so a header that claims more lies
# The numbers of axes of each kind of file, and what is said of another.
_IMAGES = (
    (3, 4),
    "load expects IDX images: magic 0x00000803 (n, height, width) or 0x00000804 (with channels), "
    "of unsigned bytes; {name} starts with 0x{magic}. Labels (idx1-ubyte) are no images.",
)
_LABELS = (
    (1,),
    "load_labels expects IDX labels: magic 0x00000801 (n,), of unsigned bytes; {name} starts with "
    "0x{magic}.",
)


def is_idx_name(name):
    """Whether a file's name looks like IDX images (labels are idx1)."""
    return "idx3-ubyte" in name or "idx4-ubyte" in name


def find_in_folder(folder):
    """The IDX image file of a folder: the training images, else the only one, else None.

    Raises:
        ValueError: several, and none is called train-images*.
    """
    files = sorted(p for p in Path(folder).iterdir() if p.is_file() and is_idx_name(p.name))
    chosen = [p for p in files if p.name.startswith("train-images")] or files
    if len(chosen) > 1:
        raise ValueError(
            f"load expects one IDX image file in {str(folder)!r}, or one called train-images*; got "
            f"{', '.join(p.name for p in chosen)}. Pass the file itself."
        )
    return chosen[0] if chosen else None


def read_labels_beside(images):
    """The uint8 array (n,) of the labels file that belongs to an images file, gzipped or not.

    Raises:
        ValueError: none lies beside it, or it is not IDX, not uint8 labels, or of a size that the
            header does not say.
    """
    return read_idx(_find_labels(images), _LABELS)


def _find_labels(images):
    images = Path(images)
    name = images.name.replace("images", "labels").replace("idx3", "idx1").replace("idx4", "idx1")
    plain = name.removesuffix(".gz")
    for path in (images.with_name(name), images.with_name(plain), images.with_name(plain + ".gz")):
        if path != images and path.is_file():
            return path
    raise ValueError(
        f"load_labels expects the labels of {images.name!r} beside it, called {name!r}; there is "
        "no such file. Put it there, or give the labels: fit(target, labels), one label an image."
    )


def read_idx(path, kind=_IMAGES):
    """The uint8 array (n, h, w[, c]) of an IDX file; mapped from the disk where it is not gzipped.

    Raises:
        ValueError: not IDX, not uint8 images, or a size that the header does not say.
    """
    path = Path(path)
    if is_gzip(path):
        return _read_gzipped(path, kind)
    size = path.stat().st_size
    with path.open("rb") as file:
        shape, start = _read_header(file, path.name, kind)
    if size - start != math.prod(shape):
        raise ValueError(_wrong_size(path.name, shape, size - start))
    return (
        np.memmap(path, np.uint8, "r", start, shape) if size > start else np.zeros(shape, np.uint8)
    )


def is_gzip(path):
    """Whether a file starts as gzip does."""
    with open(path, "rb") as file:
        return file.read(2) == _GZIP_MAGIC


def _read_gzipped(path, kind):
    try:
        with gzip.open(path, "rb") as file:
            shape, _ = _read_header(file, path.name, kind)
            expected = math.prod(shape)
            if expected > path.stat().st_size * _LARGEST_RATIO:
                raise ValueError(_wrong_size(path.name, shape, "fewer"))
            _check_fits(path, expected)
            data = file.read(expected + 1)
    except (EOFError, OSError, zlib.error) as error:
        raise ValueError(
            f"load expects a whole gzip file; {path.name!r} is damaged ({error}). Fetch it again."
        ) from None
    if len(data) != expected:
        raise ValueError(
            _wrong_size(path.name, shape, "more" if len(data) > expected else len(data))
        )
    return np.frombuffer(data, np.uint8).reshape(shape)


def _check_fits(path, size):
    try:
        check_unpacked(size, path.stat().st_size)
    except ValueError as error:
        raise ValueError(
            f"load expects a gzip file of images; {path.name!r} is refused: {error}."
        ) from None


def _read_header(file, name, kind):
    """(shape, header length) from an open IDX file."""
    sides, expected = kind
    magic = file.read(4)
    if len(magic) < 4 or magic[:2] != b"\0\0" or magic[2] != 8 or magic[3] not in sides:
        raise ValueError(expected.format(name=repr(name), magic=magic.hex()))
    sizes = file.read(4 * magic[3])
    if len(sizes) < 4 * magic[3]:
        raise ValueError(f"load expects an IDX header; {name!r} ends inside it. Fetch it again.")
    return tuple(int(size) for size in np.frombuffer(sizes, ">u4")), 4 + len(sizes)


def _wrong_size(name, shape, got):
    return (
        f"load expects {math.prod(shape)} bytes of pixels in {name!r}, as its header says {shape}; "
        f"got {got}. The file is cut or changed: fetch it again."
    )
