"""Precision, recall, density and coverage: which samples lie in balls around the other side's."""

import numpy as np
from sklearn.neighbors import NearestNeighbors

from m2m_tf.checks import check_whole
from m2m_tf.metrics.checks import checked_pair

BLOCK_BYTES = 64 * 2**20  # of distances held at a time
ROUNDING = 1e-9  # squared distances this near to each other, relative, are the same


def precision_recall(real, generated, neighbours=3):
    """Precision (are the generated samples like real ones?) and recall (is nothing missing?).

    Precision is the share of generated samples inside a ball around some real sample, whose radius
    is the distance to that sample's k-th neighbour among the real; recall is the same with the
    sides swapped. Balls are closed. One outlier with a wide ball can raise both.

    Source: Kynkäänniemi et al., arXiv 1904.06991, section 2.

    Args:
        real, generated: Features `(n, dim)` and `(m, dim)`, more samples than `neighbours` each.
        neighbours: k, 1 or more.

    Returns:
        `(precision, recall)`, two floats in [0, 1].

    Raises:
        ValueError: For other shapes, different widths, values that are not finite, or fewer
            samples than `neighbours + 1`.

    Example:

    ```python
    rng = np.random.default_rng(0)
    real, generated = rng.normal(size=(500, 8)), 0.3 * rng.normal(size=(500, 8))
    precision_recall(real, generated)  # high, low
    ```
    """
    check_whole("neighbours", neighbours)
    return neighbour_figures(real, generated, precision_neighbours=neighbours)[0]


def density_coverage(real, generated, neighbours=5):
    """Density and coverage: precision and recall that one outlier does not sway.

    Density is the mean number of real samples' balls that hold a generated sample, divided by k;
    coverage is the share of real samples whose ball holds a generated one. Balls are open, as in
    the authors' package, so that a copy of the real set has density 1 and coverage 1.

    Source: Naeem et al., arXiv 2002.09797, section 3.

    Args:
        real, generated: Features `(n, dim)` and `(m, dim)`; more real samples than `neighbours`,
            at least 1 generated.
        neighbours: k, 1 or more.

    Returns:
        `(density, coverage)`, two floats: 0 or more, and in [0, 1].

    Raises:
        ValueError: As `precision_recall`.

    Example:

    ```python
    real, generated = np.random.default_rng(0).normal(size=(2, 500, 8))
    density_coverage(real, generated)  # near 1, near 1 - 1 / 2**5
    ```
    """
    check_whole("neighbours", neighbours)
    return neighbour_figures(real, generated, density_neighbours=neighbours)[1]


def neighbour_figures(real, generated, precision_neighbours=None, density_neighbours=None):
    """Both pairs of figures in one pass over the distances between the sides; None where not asked.

    Args:
        real, generated: As `precision_recall` takes them.
        precision_neighbours, density_neighbours: k of either pair, or None to leave it out.

    Returns:
        `((precision, recall) or None, (density, coverage) or None)`.

    Example:

    ```python
    real, generated = np.random.default_rng(0).normal(size=(2, 500, 8))
    (precision, recall), (density, coverage) = neighbour_figures(real, generated, 3, 5)
    ```
    """
    most = max(precision_neighbours or 0, density_neighbours or 0)
    real, generated = checked_pair(real, generated, 1, "a figure on neighbours")
    _check_enough(real, "real", most)
    centre = real.mean(axis=0)  # distances lose fewer digits around 0
    real, generated = real - centre, generated - centre
    real_radii = _squared_radii(real, most)
    inside = open_balls = None
    if precision_neighbours:
        _check_enough(generated, "generated", precision_neighbours)
        generated_radii = _squared_radii(generated, precision_neighbours)[:, -1]
        inside = _PrecisionRecall(real_radii[:, precision_neighbours - 1], generated_radii)
    if density_neighbours:
        open_balls = _DensityCoverage(
            real_radii[:, density_neighbours - 1], len(generated), density_neighbours
        )
    counters = [counter for counter in (inside, open_balls) if counter is not None]
    for rows, squares in _squared_distances(real, generated):
        for counter in counters:
            counter.see(rows, squares)
    return inside and inside.result(), open_balls and open_balls.result()


class _PrecisionRecall:
    """Collects, block by block of real rows, who lies in whose closed ball."""

    def __init__(self, real_radii, generated_radii):
        self.real_radii = real_radii * (1 + ROUNDING)
        self.generated_radii = generated_radii * (1 + ROUNDING)
        self.generated_inside = np.zeros(len(generated_radii), bool)
        self.real_inside = 0

    def see(self, rows, squares):
        self.generated_inside |= (squares <= self.real_radii[rows, None]).any(axis=0)
        self.real_inside += (squares <= self.generated_radii).any(axis=1).sum()

    def result(self):
        return float(self.generated_inside.mean()), float(self.real_inside / len(self.real_radii))


class _DensityCoverage:
    """Counts, block by block of real rows, the generated samples in the real open balls."""

    def __init__(self, real_radii, generated_count, neighbours):
        self.real_radii = real_radii * (1 - ROUNDING)
        self.pairs = generated_count * neighbours
        self.inside = 0
        self.covered = 0

    def see(self, rows, squares):
        counts = np.count_nonzero(squares < self.real_radii[rows, None], axis=1)
        self.inside += counts.sum()
        self.covered += np.count_nonzero(counts)

    def result(self):
        return float(self.inside / self.pairs), float(self.covered / len(self.real_radii))


def _squared_radii(features, neighbours):
    """Squared distances `(n, neighbours)` to the nearest others, nearest first."""
    search = NearestNeighbors(n_neighbors=neighbours, algorithm="brute", metric="sqeuclidean")
    return _without_rounding(search.fit(features).kneighbors()[0], _largest_square(features))


def _squared_distances(real, generated):
    """Blocks of rows of the squared distances: `(slice, (rows, m))`."""
    real_squares = np.einsum("ij,ij->i", real, real)
    squares = np.einsum("ij,ij->i", generated, generated)
    largest = max(real_squares.max(), squares.max())
    size = max(1, BLOCK_BYTES // (8 * len(generated)))
    for start in range(0, len(real), size):
        rows = slice(start, min(start + size, len(real)))
        block = real[rows] @ generated.T
        block *= -2.0
        block += real_squares[rows, None]
        block += squares
        yield rows, _without_rounding(block, largest)


def _without_rounding(squares, largest):
    """Squared distances with those that rounding alone can make set to 0: copies lie at 0."""
    squares[squares < 64 * np.finfo(float).eps * largest] = 0.0
    return squares


def _largest_square(features):
    return np.einsum("ij,ij->i", features, features).max()


def _check_enough(features, which, neighbours):
    if len(features) <= neighbours:
        raise ValueError(
            f"A ball around the {neighbours} nearest neighbours needs at least {neighbours + 1} "
            f"{which} samples; got {len(features)}. Pass more images, or fewer neighbours."
        )
