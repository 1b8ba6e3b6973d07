"""How far the points of each of two sets are from the nearest ones of the other."""

from sklearn.neighbors import NearestNeighbors

from m2m_tf.metrics.checks import checked_pair


def chamfer_distance(real, generated):
    """The mean distance from each point to the nearest of the other set, both ways added.

    It sees the shape of what lies between the points, where moments see none: a mixture that was
    fitted to codes has their means and covariances, whatever else it lacks. It falls with more
    points, so only those of equal numbers compare.

    Source: Fan, Su and Guibas, "A point set generation network", arXiv 1612.00603, section 4.2,
    without the squares.

    Args:
        real: float array `(n, dim)`, n at least 2.
        generated: float array `(m, dim)`.

    Returns:
        A float, 0 or more.

    Raises:
        ValueError: If the widths differ or a value is not finite.

    Example:

    ```python
    distance = chamfer_distance(held_out_codes, generated_codes)
    ```
    """
    real, generated = checked_pair(real, generated)
    return _to_nearest(real, generated) + _to_nearest(generated, real)


def _to_nearest(points, others):
    search = NearestNeighbors(n_neighbors=1, algorithm="brute").fit(others)
    return float(search.kneighbors(points)[0].mean())
