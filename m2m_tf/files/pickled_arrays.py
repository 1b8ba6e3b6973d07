"""numpy's arrays in pickle streams: the table that `safe_pickle.read` takes for them."""

import math
import re

import numpy as np

from m2m_tf.files import safe_pickle

_KINDS = re.compile(r"[biuf][1248]")  # booleans, whole numbers and floats; no objects, no text
_NOTHING_MORE = (None, None, None, -1, -1, 0)  # no parts, no shape, no names, no flags
_NDARRAY = "numpy.ndarray"  # the class, which streams only pass on


class _Unfinished:
    """An array whose numbers have not come yet."""


def _encode(text, encoding):
    """How protocols below 3 write bytes."""
    if encoding != "latin1":
        raise ValueError(f"Expected bytes written as latin1 in a pickle; got {encoding!r}.")
    return text.encode("latin1")


def _no_bytes():
    """How they write none."""
    return b""


def _reconstruct(kind, shape, typecode):
    return _Unfinished()


def _dtype(name, align=False, copy=False):
    if not isinstance(name, str) or not _KINDS.fullmatch(name):
        raise ValueError(f"Expected arrays of numbers in a pickle; got the dtype {name!r}.")
    return np.dtype(name)


def _build(target, state):
    if isinstance(target, np.dtype):
        return _ordered(target, state)
    if isinstance(target, _Unfinished):
        return _filled(state)
    raise ValueError(f"Expected a pickle of arrays; a {type(target).__name__} in it has a state.")


def _ordered(dtype, state):
    version, order, *more = state
    if version != 3 or order not in ("<", ">", "|") or tuple(more) != _NOTHING_MORE:
        raise ValueError("Expected arrays of plain numbers in a pickle; got a dtype with parts.")
    return dtype if order == "|" else dtype.newbyteorder(order)


def _filled(state):
    version, shape, dtype, columns_first, numbers = state
    if not isinstance(dtype, np.dtype) or not isinstance(numbers, bytes):
        raise ValueError("Expected arrays of plain numbers in a pickle; one has no bytes.")
    expected = math.prod(shape) * dtype.itemsize
    if version != 1 or min(shape, default=0) < 0 or len(numbers) != expected:
        raise ValueError(
            f"Expected an array of shape {shape} in a pickle to have {expected} bytes; it has "
            f"{len(numbers)}."
        )
    array = np.frombuffer(numbers, dtype)
    return array.reshape(shape, order="F" if columns_first else "C")


ARRAYS = {
    ("numpy.core.multiarray", "_reconstruct"): _reconstruct,
    ("numpy._core.multiarray", "_reconstruct"): _reconstruct,
    ("numpy", "ndarray"): _NDARRAY,
    ("numpy", "dtype"): _dtype,
    ("_codecs", "encode"): _encode,
    ("__builtin__", "bytes"): _no_bytes,
    safe_pickle.BUILD: _build,
}
"""The names and the `BUILD` that a stream of numpy arrays needs; the arrays are read-only.

Example:

```python
safe_pickle.read(data, ARRAYS)  # {"kernel": array, ...}
```
"""
