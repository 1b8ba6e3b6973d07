"""The widest principal axes of codes of any width, in bounded memory."""

import math

import numpy as np
from scipy.linalg import eigh

from m2m_tf.codes.shards import RowsOf

MOST_ROWS = 4096  # codes that the axes of wide ones are taken from: a matrix of as many squared
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
    dim = math.prod(codes.shape[1:])
    rows_at_once = max(1, chunk_bytes // (4 * dim))
    by_products = dim > min(len(codes), MOST_ROWS)
    if by_products and len(codes) > MOST_ROWS:
        codes = RowsOf(codes, np.linspace(0, len(codes) - 1, MOST_ROWS).astype(int))
    mean = sum(part.sum(axis=0, dtype="float64") for part in _parts(codes, rows_at_once))
    mean = mean / len(codes)

    def centred():
        for part in _parts(codes, rows_at_once):
            yield change((part - mean).astype("float32"))

    if by_products:
        return mean, *_by_products(centred, len(codes), most)
    return mean, *_by_covariance(centred, len(codes), dim, most)


def _by_covariance(centred, count, dim, most):
    covariance = np.zeros((dim, dim))
    for part in centred():
        covariance += part.T @ part
    covariance /= count
    variances, axes = _largest(covariance, most)
    return axes.T.astype("float32"), variances, np.trace(covariance)


def _by_products(centred, count, most):
    """From the products of all pairs: an axis is a sum of codes."""
    products = np.zeros((count, count))
    row = 0
    for part in centred():
        column = 0
        for other in centred():
            products[row : row + len(part), column : column + len(other)] = part @ other.T
            if column == row:  # the rest is the same, mirrored
                break
            column += len(other)
        row += len(part)
    products = np.tril(products) + np.tril(products, -1).T
    variances, vectors = _largest(products / count, min(most, max(1, count - 1)))
    # Codes that vary in fewer directions have no further axes: those are left at 0.
    is_axis = variances > LEAST_VARIANCE * variances.max()
    shares = vectors * is_axis / np.sqrt(np.where(is_axis, variances * count, 1))
    axes, row = 0, 0
    for part in centred():
        axes = axes + shares[row : row + len(part)].T.astype("float32") @ part
        row += len(part)
    return axes, variances, np.trace(products) / count


def _largest(matrix, most):
    """The largest eigenvalues of a symmetric matrix, falling, and their vectors as columns."""
    size = len(matrix)
    values, vectors = eigh(matrix, subset_by_index=(max(0, size - most), size - 1))
    return np.maximum(values[::-1], 0), vectors[:, ::-1]


def _parts(codes, rows):
    for start in range(0, len(codes), rows):
        part = np.asarray(codes[start : start + rows], "float32")
        yield part.reshape(len(part), -1)
