"""Wasserstein-1 distances between two samples: exact by assignment, and along directions."""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment
from scipy.spatial.distance import cdist

from m2m_tf.checks import check_short_seed, check_whole
from m2m_tf.metrics.checks import checked_pair

BLOCK = 32  # directions projected at a time: memory stays at 32 numbers a sample


@dataclass(frozen=True)
class ExactOrBatched:
    """A sample Wasserstein-1 distance and how it was found.

    Args:
        value: The distance, in the units of the features.
        count: Samples of each side that entered.
        batches: Disjoint batches that were assigned each for itself.
        exact: True if one batch held all: the value is the sample distance itself. Otherwise the
            batches' assignments together are one coupling, so the value lies at or above it.
        notes: What else the reader must know, in words.
    """

    value: float
    count: int
    batches: int
    exact: bool
    notes: tuple = ()

    def __float__(self):
        return float(self.value)


def wasserstein(real, generated, limit=2000, seed=0):
    """The Wasserstein-1 distance of two samples, with the Euclidean norm.

    Up to `limit` points exact, by the assignment that moves the points the least on average; above
    it the mean over disjoint random batches, at or above the exact value. In many dimensions
    even the exact sample distance is far above that of the laws: read it beside that of two real
    samples.

    Source: Villani 2003, section 1; Crouse 2016 for the assignment (SciPy).

    Args:
        real, generated: `(n, dim)` and `(m, dim)`, at least 1 sample each; of the larger set as
            many samples as the smaller has are drawn at random, and the notes say so.
        limit: Points a batch, at most; memory grows with its square.
        seed: Seed of the draws.

    Returns:
        `ExactOrBatched`.

    Raises:
        ValueError: For other shapes, different widths, values that are not finite, no samples.

    Example:

    ```python
    points = np.random.default_rng(0).normal(size=(300, 8))
    wasserstein(points, points + 1.0).value  # the root of 8
    ```
    """
    check_whole("limit", limit)
    check_short_seed(seed)
    real, generated = checked_pair(real, generated, 1, "a Wasserstein distance")
    rng = np.random.default_rng(seed)
    count = min(len(real), len(generated))
    batches = -(-count // limit)
    notes = _count_notes(len(real), len(generated))
    if notes or batches > 1:
        real, generated = (rng.permutation(side)[:count] for side in (real, generated))
    pairs = zip(np.array_split(real, batches), np.array_split(generated, batches), strict=True)
    value = sum(_least_cost(*pair) for pair in pairs) / count
    if batches > 1:
        notes += (f"mean over {batches} disjoint batches: at or above the exact distance",)
    return ExactOrBatched(float(value), count, batches, batches == 1, notes)


def sliced_wasserstein(real, generated, projections=256, seed=0):
    """The sliced Wasserstein-1 distance: the mean over random directions of the distance along one.

    Cheap at any size, never above the Wasserstein-1 distance of the same samples, and smaller by
    about the root of the dimension: compare it with itself only. Unequal counts are exact.

    Source: Bonneel et al. 2015, section 3, with exponent 1.

    Args:
        real, generated: `(n, dim)` and `(m, dim)`, at least 1 sample each.
        projections: Number of directions, drawn evenly from the sphere.
        seed: Seed of the directions.

    Returns:
        A float, in the units of the features.

    Raises:
        ValueError: As `wasserstein`, or for fewer than 1 projection.

    Example:

    ```python
    rng = np.random.default_rng(0)
    sliced_wasserstein(rng.normal(size=(500, 8)), 1 + rng.normal(size=(400, 8)))
    ```
    """
    check_whole("projections", projections)
    check_short_seed(seed)
    real, generated = checked_pair(real, generated, 1, "a sliced Wasserstein distance")
    directions = np.random.default_rng(seed).normal(size=(projections, real.shape[1]))
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    quantiles = _common_quantiles(len(real), len(generated))
    blocks = (directions[start : start + BLOCK] for start in range(0, projections, BLOCK))
    total = sum(_along(block, real, generated, *quantiles) for block in blocks)
    return float(total / projections)


def _least_cost(real, generated):
    """The sum of distances under the assignment that makes it least."""
    distances = cdist(real, generated)
    return distances[linear_sum_assignment(distances)].sum()


def _count_notes(real_count, generated_count):
    if real_count == generated_count:
        return ()
    few, many = sorted((real_count, generated_count))
    which = "real" if real_count == many else "generated"
    return (f"{few} of {many} {which} samples drawn at random, to match the other side",)


def _common_quantiles(real_count, generated_count):
    """Where the quantile functions of both sizes are constant: two indices and a width each."""
    steps = (
        np.arange(1, real_count + 1) * generated_count,
        (np.arange(1, generated_count + 1) * real_count),
    )
    edges = np.union1d(*steps)  # whole numbers, in units of 1 / (real_count · generated_count)
    widths = np.diff(edges, prepend=0) / (real_count * generated_count)
    return np.searchsorted(steps[0], edges), np.searchsorted(steps[1], edges), widths


def _along(directions, real, generated, real_index, generated_index, widths):
    """The sum of the distances along each of some directions."""
    first = np.sort(directions @ real.T, axis=1)[:, real_index]
    second = np.sort(directions @ generated.T, axis=1)[:, generated_index]
    return np.sum(np.abs(first - second) @ widths)
