"""Files that PyTorch's `torch.save` wrote: a zip of a pickle and of each storage's bytes.

Source: PyTorch's notes on serialization. The pickle is read opcode by opcode and can name tensors
and dictionaries of them, nothing else.
"""

import io
import math
import zipfile

import numpy as np

from m2m_tf.files import safe_pickle
from m2m_tf.files.floats import widened

STORAGES = {"HalfStorage": "float16", "BFloat16Storage": "bfloat16", "FloatStorage": "float32"}
BYTES = {"float16": 2, "bfloat16": 2, "float32": 4}
MOST_AXES = 8
SHARED = 2  # times the file's length may be what its tensors hold, where some share their numbers
DAMAGED = (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, ValueError, OSError)


def read(data, path):
    """The tensors of a state dictionary that `torch.save` wrote.

    Args:
        data: The file's bytes.
        path: Where they came from, for messages.

    Returns:
        `{name: float32 array}`, contiguous.

    Raises:
        ValueError: If the file is damaged, or holds anything but a dictionary of tensors of
            float16, bfloat16 or float32.
    """
    try:
        return _Archive(data).read()
    except _Refusal as refusal:
        what = str(refusal)
    except ValueError as error:
        what = f"its pickle is refused: {error}"
    raise ValueError(f"Expected '{path}' to be a file of tensors that torch.save wrote; {what}")


class _Refusal(ValueError):
    """What a file is instead, as the end of a sentence."""


class _Archive:
    def __init__(self, data):
        self._left = SHARED * 4 * len(data)  # bytes that may still be handed out, as float32
        self._zip = _open(data)
        entries = self._zip.infolist()
        if any(entry.compress_type != zipfile.ZIP_STORED for entry in entries):
            raise _Refusal("it is compressed, which PyTorch's are not.")
        if sum(entry.file_size for entry in entries) > len(data):
            raise _Refusal("its parts are larger than the file: it is damaged.")
        self._names = {entry.filename for entry in entries}
        pickles = [name for name in self._names if name.endswith("/data.pkl")]
        if len(pickles) != 1:
            raise _Refusal("it holds no data.pkl: it is another kind of zip.")
        self._root = pickles[0].removesuffix("data.pkl")
        self._storages = {}

    def read(self):
        """The dictionary of arrays."""
        order = f"{self._root}byteorder"
        if order in self._names and self._part("byteorder") != b"little":
            raise _Refusal("it was written on a machine that puts the big end first.")
        found = safe_pickle.read(self._part("data.pkl"), self._allowed(), self._storage)
        if not isinstance(found, dict):
            raise _Refusal(f"it holds a {type(found).__name__}, no dictionary of tensors.")
        for name, value in found.items():
            if not isinstance(name, str) or not isinstance(value, np.ndarray):
                kind = type(value).__name__
                raise _Refusal(f"it holds {str(name)[:100]!r}, a {kind}, which is no tensor.")
        return found

    def _allowed(self):
        return {
            ("collections", "OrderedDict"): _new_dictionary,
            ("torch._utils", "_rebuild_tensor_v2"): self._tensor,
            safe_pickle.BUILD: _without_state,
            **{("torch", name): kind for name, kind in STORAGES.items()},
        }

    def _part(self, name):
        if self._root + name not in self._names:
            raise _Refusal(f"it lacks its part '{name}': it is damaged.")
        try:
            return self._zip.read(self._root + name)  # checks its CRC
        except DAMAGED as error:
            raise _Refusal(f"its part '{name}' is damaged ({error}).") from None

    def _storage(self, described):
        """The numbers of a storage, by the tuple that the pickle has for it."""
        if not isinstance(described, tuple) or len(described) != 5 or described[0] != "storage":
            raise _Refusal("it describes a storage in another way than PyTorch does.")
        _, kind, key, _, count = described
        if kind not in BYTES or not isinstance(key, str) or not _is_size(count):
            raise _Refusal("it describes a storage in another way than PyTorch does.")
        if key not in self._storages:
            data = self._part(f"data/{key}")
            if len(data) != count * BYTES[kind]:
                raise _Refusal(
                    f"it says {count} numbers of {kind} for its part 'data/{key}' of "
                    f"{len(data)} bytes."
                )
            self._storages[key] = _Storage(kind, widened(data, kind))
        storage = self._storages[key]
        if storage.kind != kind:
            raise _Refusal(f"its part 'data/{key}' is of two kinds, {kind} among them.")
        return storage

    def _tensor(self, storage, offset, shape, strides, *_):
        if not isinstance(storage, _Storage):
            raise _Refusal("it has a tensor without a storage.")
        numbers = storage.numbers
        _check_view(numbers.size, offset, shape, strides)
        self._left -= 4 * math.prod(shape)
        if self._left < 0:
            raise _Refusal("its tensors are far larger than the file.")
        step = numbers.itemsize
        view = np.lib.stride_tricks.as_strided(
            numbers[offset:], shape, [step * stride for stride in strides], writeable=False
        )
        return np.array(view, order="C")


class _Storage:
    def __init__(self, kind, numbers):
        self.kind, self.numbers = kind, numbers


def _open(data):
    try:
        return zipfile.ZipFile(io.BytesIO(data))
    except DAMAGED:
        raise _Refusal(
            "it is cut short, or no zip (PyTorch's before 1.6 are none: load those there and "
            "save them again)."
        ) from None


def _check_view(count, offset, shape, strides):
    """Refuses a tensor that reaches outside its storage, before numpy is asked for it."""
    sizes = (offset, *shape, *strides) if _are_tuples(shape, strides) else (None,)
    if not all(map(_is_size, sizes)) or len(shape) != len(strides) or len(shape) > MOST_AXES:
        raise _Refusal("it has a tensor whose shape is none.")
    last = offset + sum((size - 1) * stride for size, stride in zip(shape, strides, strict=True))
    if math.prod(shape) > count or (math.prod(shape) and last >= count) or offset > count:
        raise _Refusal(f"it has a tensor of shape {shape} that does not fit its {count} numbers.")


def _are_tuples(*values):
    return all(isinstance(value, tuple) for value in values)


def _is_size(value):
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 40


def _new_dictionary():
    return {}


def _without_state(item, state):
    """An `OrderedDict`'s attributes, the versions of PyTorch's modules, are left out."""
    return item
