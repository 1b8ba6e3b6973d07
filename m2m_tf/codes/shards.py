"""Codes in several files, read as one array without holding them in memory."""

import collections
import math
import threading
import weakref
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from m2m_tf.hints import StrPath

OPEN_FILES = 200  # at most: systems allow a process a few hundred


class ShardedCodes:
    """An array of codes that lies in files, little-endian, one code after the other.

    It is read by rows, as an array is: `codes[3]`, `codes[10:20]`, `codes[[5, 2, 5]]`,
    `codes[mask]`. Each read copies what is asked for, and nothing stays in memory.

    Args:
        paths: The files, in order.
        counts: Codes in each.
        code_shape: `(dim,)` or `(height, width, channels)`.
        owners: What must live as long as the files are read, such as a lock.
        float16: Whether values have 16 bits there, and not 32. What is read is float32.

    Attributes:
        shape, dtype, nbytes, ndim: As an array's.
        owners: Those; more may be added.
    """

    dtype = np.dtype("float32")

    def __init__(
        self,
        paths: Iterable[StrPath],
        counts: Iterable[int],
        code_shape: Sequence[int],
        *owners: Any,
        float16: bool = False,
    ) -> None:
        self._stored = np.dtype("<f2" if float16 else "<f4")
        self._paths = list(paths)
        self.owners: list[Any] = list(owners)
        self._ends = np.cumsum([0, *counts])
        self.shape: tuple[int, ...] = (int(self._ends[-1]), *code_shape)
        self._open, self._lock = collections.OrderedDict(), threading.Lock()
        weakref.finalize(self, _close, self._open)

    @property
    def ndim(self) -> int:
        return len(self.shape)

    @property
    def nbytes(self) -> int:
        return self.dtype.itemsize * math.prod(self.shape)

    def __len__(self) -> int:
        return self.shape[0]

    def __array__(self, dtype: npt.DTypeLike | None = None, copy: bool | None = None) -> np.ndarray:
        return self[:] if dtype is None else self[:].astype(dtype)

    def __getitem__(self, rows: int | slice | npt.ArrayLike) -> npt.NDArray[np.float32]:
        if isinstance(rows, slice):
            return self._read(np.arange(*rows.indices(len(self))))
        rows = np.asarray(rows)
        if rows.dtype == bool:
            return self._read(np.flatnonzero(self._of_length(rows)))
        rows = np.where(rows < 0, rows + len(self), rows)
        if rows.size and not (0 <= rows.min() and rows.max() < len(self)):
            raise IndexError(f"There are {len(self):,} codes; got row {rows.max()}.")
        codes = self._read(rows.reshape(-1))
        return codes.reshape(*rows.shape, *self.shape[1:])

    def _of_length(self, mask):
        if mask.shape != (len(self),):
            raise IndexError(f"A mask has a value for each of {len(self):,} codes.")
        return mask

    def _read(self, rows):
        """The codes of rows in any order; neighbours that are asked for in turn come at once."""
        codes = np.empty((len(rows), math.prod(self.shape[1:])), self._stored)
        files = np.searchsorted(self._ends, rows, side="right") - 1
        breaks = np.flatnonzero((np.diff(rows) != 1) | (np.diff(files) != 0)) + 1
        for start, stop in zip([0, *breaks], [*breaks, len(rows)], strict=True):
            if stop > start:
                first = rows[start] - self._ends[files[start]]
                self._read_run(files[start], int(first), codes[start:stop])
        return codes.astype("float32", copy=False).reshape(-1, *self.shape[1:])

    def _read_run(self, number, first, out):
        left = memoryview(out).cast("B")
        with self._lock:
            file = self._file(number)
            file.seek(first * self._stored.itemsize * out.shape[1])
            while left:
                read = file.readinto(left)
                if not read:
                    raise OSError(
                        f"'{self._paths[number]}' was cut while it was in use. Run the same "
                        "command again: what is damaged is encoded anew."
                    )
                left = left[read:]

    def _file(self, number):
        """The open file of a number; the one that was not used for longest is closed for it."""
        file = self._open.pop(number, None) or open(self._paths[number], "rb", buffering=0)
        self._open[number] = file
        if len(self._open) > OPEN_FILES:
            self._open.popitem(last=False)[1].close()
        return file

    def __reduce__(self):
        raise TypeError("Codes on disk are not pickled: open their folder again.")


def _close(files):
    for file in files.values():
        file.close()


class RowsOf:
    """Some rows of an array of codes, read when they are asked for.

    Args:
        codes: A `ShardedCodes`.
        rows: int `(n,)`, the rows.
    """

    dtype = ShardedCodes.dtype

    def __init__(self, codes: ShardedCodes, rows: np.ndarray) -> None:
        self._codes, self._rows = codes, rows
        self.shape: tuple[int, ...] = (len(rows), *codes.shape[1:])

    ndim, nbytes = ShardedCodes.ndim, ShardedCodes.nbytes

    def __len__(self) -> int:
        return len(self._rows)

    def __array__(self, dtype: npt.DTypeLike | None = None, copy: bool | None = None) -> np.ndarray:
        return np.asarray(self._codes[self._rows], dtype)

    def __getitem__(self, rows: int | slice | npt.ArrayLike) -> npt.NDArray[np.float32]:
        return self._codes[self._rows[rows]]
