"""Files as `torch.save` writes them, made without PyTorch, whole or spoilt."""

import struct
import zipfile

import numpy as np

ORDERED = b"ccollections\nOrderedDict\n)R"  # an empty one
REBUILD = b"ctorch._utils\n_rebuild_tensor_v2\n"
STORAGES = {"float16": b"HalfStorage", "float32": b"FloatStorage"}


def write_torch(path, arrays, **settings):
    """Writes `{name: float16 or float32 array}` as a state dictionary.

    Args:
        path: The file to write.
        arrays: The arrays.
        **settings: As `write_archive` takes them.
    """
    arrays = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
    items = [text(name) + tensor(str(i), array) for i, (name, array) in enumerate(arrays.items())]
    pickled = b"\x80\x02" + ORDERED + b"(" + b"".join(items) + b"u."
    parts = {f"data/{i}": array.tobytes() for i, array in enumerate(arrays.values())}
    return write_archive(path, pickled, parts, **settings)


def write_archive(path, pickled, parts, byteorder=b"little", compression=zipfile.ZIP_STORED):
    """Writes the zip of a pickle and its storages; returns its path."""
    with zipfile.ZipFile(path, "w", compression) as archive:
        parts = {"data.pkl": pickled, "byteorder": byteorder, **parts, "version": b"3\n"}
        for name, data in parts.items():
            archive.writestr(f"archive/{name}", data)
    return path


def tensor(key, array, count=None, offset=0, shape=None, strides=None):
    """The opcodes of a tensor; what is not given is as `array` has it."""
    shape = array.shape if shape is None else shape
    strides = [step // array.itemsize for step in array.strides] if strides is None else strides
    storage = b"(" + text("storage") + b"ctorch\n" + STORAGES[array.dtype.name] + b"\n"
    storage += text(key) + text("cpu") + number(array.size if count is None else count) + b"tQ"
    sizes = b"".join(b"(" + b"".join(map(number, some)) + b"t" for some in (shape, strides))
    return REBUILD + b"(" + storage + number(offset) + sizes + b"\x89" + ORDERED + b"tR"


def one_tensor(opcodes):
    """The pickle of a dictionary that holds one tensor, `a`."""
    return b"\x80\x02}" + text("a") + opcodes + b"s."


def text(value):
    return b"X" + struct.pack("<I", len(value)) + value.encode()


def number(value):
    return b"J" + struct.pack("<i", value)
