"""The widest principal axes of codes of any width, in bounded memory."""

import math

import numpy as np

from m2m_tf.codes.moments import Moments
from m2m_tf.codes.shards import RowsOf
from m2m_tf.one_thread import one_thread

MOST_ROWS = 4096  # codes that the axes of wide ones are taken from: a matrix of as many squared
PARTS = 8  # of a chunk: what a step of it takes more is as much smaller
FEW_AXES = 32  # that are summed at once
LEAST_VARIANCE = 1e-10  # of the widest axis: less is rounding


def widest_axes(codes, change, most, chunk_bytes):
    """Finds the principal axes of codes along which they vary most.

    From the covariance of the values, or, where the values are more than codes, from the inner
    products of the codes (Sirovich 1987, "method of snapshots"), of 4,096 codes at most, spread
    evenly: either matrix is small.

    Args:
        codes: float array `(n, ...)`, in memory or on disk.
        change: A linear function of flat codes, float32 `(m, dim)`, to vectors as long: the axes
            are those of what it gives.
        most: Axes at most.
        chunk_bytes: Bytes of codes that are read at once.

    Returns:
        The mean of the codes, float64 `(dim,)`; orthonormal axes, float32 rows, widest first; the
        variances along them; and the total variance over all directions.
    """
    rows = max(1, chunk_bytes // (4 * math.prod(codes.shape[1:])))
    if math.prod(codes.shape[1:]) <= min(len(codes), MOST_ROWS):
        return _by_covariance(codes, change, max(1, rows // PARTS), most)
    if len(codes) > MOST_ROWS:
        codes = RowsOf(codes, np.linspace(0, len(codes) - 1, MOST_ROWS).astype(int))
    mean = sum(part.sum(axis=0, dtype="float64") for _, part in _parts(codes, rows)) / len(codes)
    return mean, *_by_products(_Changed(codes, mean, change), rows, most)


def _by_covariance(codes, change, rows, most):
    """In one pass: what is changed is measured from the mean of the first rows."""
    total, shift, moments = 0.0, None, Moments()
    for _, part in _parts(codes, rows):
        total = total + part.sum(axis=0, dtype="float64")
        shift = part.mean(axis=0) if shift is None else shift
        moments.add(change(part - shift))
    variances, axes = _largest(moments.covariance, most)
    return total / len(codes), axes.T.astype("float32"), variances, moments.variance.sum()


class _Changed:
    """Codes less their mean, changed: float32 rows, a few at once.

    Args:
        codes: float array `(n, ...)`.
        mean: float64 `(dim,)`.
        change: As `widest_axes` takes it.
    """

    def __init__(self, codes, mean, change):
        self._codes, self._mean, self._change = codes, mean, change

    def __len__(self):
        return len(self._codes)

    @property
    def dim(self):
        return len(self._mean)

    def parts(self, rows, stop=None):
        """Pairs of the place of the first row and up to so many rows, as far as `stop`."""
        for place, part in _parts(self._codes, rows, stop):
            yield place, self._change((part - self._mean).astype("float32"))


def _by_products(changed, rows, most):
    """From the products of all pairs: an axis is a sum of codes."""
    count = len(changed)
    products = np.zeros((count, count))
    few = max(1, rows // PARTS)  # of two sets of rows in memory only one is large
    for place, part in _joined(changed.parts(few), rows):
        upto = place + len(part)
        for column, other in changed.parts(few, upto):
            products[place:upto, column : column + len(other)] = part @ other.T
    products = np.tril(products) + np.tril(products, -1).T
    variances, vectors = _largest(products / count, min(most, max(1, count - 1)))
    # Codes that vary in fewer directions have no further axes: those are left at 0.
    is_axis = variances > LEAST_VARIANCE * variances.max()
    shares = vectors * is_axis / np.sqrt(np.where(is_axis, variances * count, 1))
    axes = np.zeros((len(variances), changed.dim), "float32")
    for place, part in changed.parts(few):
        of_part = shares[place : place + len(part)].T.astype("float32")
        for first in range(0, len(axes), FEW_AXES):
            axes[first : first + FEW_AXES] += of_part[first : first + FEW_AXES] @ part
    return axes, variances, np.trace(products) / count


def _joined(parts, rows):
    """Parts put together, up to so many rows each."""
    place, kept = 0, []
    for _, part in parts:
        if kept and sum(map(len, kept)) + len(part) > rows:
            yield place, np.concatenate(kept)
            place, kept = place + sum(map(len, kept)), []
        kept.append(part)
    yield place, np.concatenate(kept)


def _largest(matrix, most):
    """The largest eigenvalues of a symmetric matrix, falling, and their vectors as columns."""
    with one_thread():  # NumPy's, since SciPy's lets no other thread say a word meanwhile
        values, vectors = np.linalg.eigh(matrix)
    return np.maximum(values[::-1][:most], 0), vectors[:, ::-1][:, :most]


def _parts(codes, rows, stop=None):
    stop = len(codes) if stop is None else stop
    for start in range(0, stop, rows):
        part = np.asarray(codes[start : min(start + rows, stop)], "float32")
        yield start, part.reshape(len(part), -1)
