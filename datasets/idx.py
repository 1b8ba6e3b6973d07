"""IDX files, the format that MNIST came in: a big-endian header, then the bytes of the array."""

import gzip
import struct
from pathlib import Path

import numpy as np

UINT8 = 0x08
# RandomState's stream is frozen by NumPy's policy, default_rng's is not: a set must come out the
# same under every NumPy.
SEED = 0


def write_idx(path, array):
    """Writes a uint8 array as gzipped IDX; the same array gives the same bytes each time.

    Args:
        path: file to write, e.g. `images-idx3-ubyte.gz`.
        array: uint8 array of 1 to 255 axes: `(n,)` for labels, `(n, height, width)` for images.

    Raises:
        ValueError: if the array is not uint8.
    """
    array = np.asarray(array)
    if array.dtype != np.uint8:
        raise ValueError(
            f"write_idx expects a uint8 array; got {array.dtype}. Convert it first, e.g. "
            f"(images * 255).round().astype('uint8')."
        )
    header = struct.pack(f">BBBB{array.ndim}I", 0, 0, UINT8, array.ndim, *array.shape)
    with open(path, "wb") as file:
        # No file name and no time in the gzip header, or the bytes would differ from run to run.
        with gzip.GzipFile("", "wb", compresslevel=9, fileobj=file, mtime=0) as stream:
            stream.write(header)
            stream.write(np.ascontiguousarray(array).tobytes())


def read_idx(path):
    """The images of a gzipped IDX file: uint8 `(n, height, width)`."""
    content = gzip.decompress(Path(path).read_bytes())
    axes = content[3]
    shape = struct.unpack_from(f">{axes}I", content, 4)
    return np.frombuffer(content, np.uint8, offset=4 + 4 * axes).reshape(shape)


def shuffled(*arrays):
    """The same fixed permutation of every array's first axis: classes mixed, pairs kept."""
    order = np.random.RandomState(SEED).permutation(len(arrays[0]))
    return tuple(np.asarray(array)[order] for array in arrays)
