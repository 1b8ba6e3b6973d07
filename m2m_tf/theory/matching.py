"""Exact Wasserstein-1 between two sets of as many points: an assignment problem."""

import numpy as np
from scipy.optimize import linear_sum_assignment

COLUMNS = 1 << 14  # coordinates in float64 at once
VALUES = 1 << 22  # of paired points in float64 at once


def match(points, others):
    """Matches two sets of points at the least mean Euclidean distance.

    Source: the Kantorovich problem between uniform samples is an assignment problem (Peyré and
    Cuturi, Computational Optimal Transport, section 2.2); solved by `linear_sum_assignment`.

    Args:
        points, others: float arrays `(n, ...)` of one shape, finite; flattened here.

    Returns:
        int array `(n,)`: `others[order[i]]` goes to `points[i]`.

    Example:

    ```python
    order = match(codes, generated_codes)
    w1 = distances(codes, generated_codes[order]).mean()
    ```
    """
    _, order = linear_sum_assignment(pairwise(points, others))
    return order


def wasserstein_1(points, others):
    """Wasserstein-1 between the uniform laws on two sets of as many points."""
    return float(distances(points, others[match(points, others)]).mean())


def distances(points, others):
    """Euclidean distances `|points[i] - others[i]|`, float64 `(n,)`."""
    found = np.empty(len(points))
    step = max(1, VALUES // max(1, points[:1].size))
    for start in range(0, len(points), step):
        rows = slice(start, start + step)
        difference = np.asarray(points[rows], "float64") - others[rows]
        found[rows] = np.linalg.norm(difference.reshape(len(difference), -1), axis=1)
    return found


def pairwise(points, others):
    """Euclidean distances between all pairs, float64 `(n, m)`; coordinates in chunks."""
    points, others = points.reshape(len(points), -1), others.reshape(len(others), -1)
    squares = np.zeros((len(points), len(others)))
    for start in range(0, points.shape[1], COLUMNS):
        columns = slice(start, start + COLUMNS)
        a, b = points[:, columns].astype("float64"), others[:, columns].astype("float64")
        centre = b.mean(axis=0)  # near the origin, the square loses fewer digits
        a, b = a - centre, b - centre
        squares += (a**2).sum(axis=1)[:, None] + (b**2).sum(axis=1) - 2 * a @ b.T
    return np.sqrt(np.maximum(squares, 0))
