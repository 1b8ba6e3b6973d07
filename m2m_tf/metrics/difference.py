"""How sure it is that one set of features lies nearer to the real ones than another."""

from typing import NamedTuple

import numpy as np
from sklearn.utils.extmath import randomized_svd

from m2m_tf.checks import check_short_seed
from m2m_tf.metrics.checks import checked_pair
from m2m_tf.metrics.frechet import frechet_distance, moments_distance
from m2m_tf.one_thread import one_thread

RESAMPLES = 30
MOST = 2000  # samples of each side that are resampled
AXES = 64  # that resamples are measured on: the widest of all sets together
EXACT_DIM = 1024  # wider features: the widest axes are searched for at random
ERRORS = 2.0  # standard errors on each side of an interval of 95 %
ROUNDING = 1e-6  # of the distances: a smaller difference is none


class Difference(NamedTuple):
    """A difference of two Fréchet distances to the same real features, with its 95 % interval.

    Below 0, the first set lies nearer to the real one than the second.
    """

    value: float
    low: float
    high: float

    @property
    def is_level(self) -> bool:
        """Whether the interval holds equality."""
        return self.low <= 0 <= self.high


def frechet_difference(real, first, second, seed=0):
    """The Fréchet distance of a first set to real features less that of a second, and how sure.

    The bootstrap draws samples of all sets 30 times, of at most 2,000 of each; where there are
    more, the error shrinks by the root of the share. Both sets take the same rows, so that what
    pairs them, such as the latents of a model and of its start, takes part. Resamples are measured
    along the 64 widest axes of all sets together; the difference itself is that of all features.

    Source: the bootstrap of pairs, Efron and Tibshirani 1993, sections 6.2 and 13.3, with the
    normal interval.

    Args:
        real, first, second: Features `(n, dim)`, `(m, dim)` and `(k, dim)`, 2 samples or more.
        seed: Seed of what is drawn.

    Returns:
        A `Difference`.

    Raises:
        ValueError: As `frechet_distance`.

    Example:

    ```python
    difference = frechet_difference(real, generated, start)
    difference.is_level  # whether training made no difference that can be told
    ```
    """
    check_short_seed(seed)
    real, first = checked_pair(real, first)
    _, second = checked_pair(real, second)
    distances = [frechet_distance(real, points) for points in (first, second)]
    value = distances[0] - distances[1]
    with one_thread():
        error = _error(real, first, second, np.random.default_rng(seed))
    error += ROUNDING * max(distances)
    return Difference(value, value - ERRORS * error, value + ERRORS * error)


def _error(real, first, second, rng):
    """The standard error of the difference."""
    paired = min(len(first), len(second))
    rows = _some(paired, rng)
    sets = real[_some(len(real), rng)], first[rows], second[rows]
    axes = _widest_axes(np.concatenate(sets))
    real, first, second = (points @ axes for points in sets)
    found = []
    for _ in range(RESAMPLES):
        drawn = rng.integers(len(rows), size=len(rows))
        moments = _moments(real[rng.integers(len(real), size=len(real))])
        found.append(
            moments_distance(*moments, *_moments(first[drawn]))
            - moments_distance(*moments, *_moments(second[drawn]))
        )
    return float(np.std(found, ddof=1) * np.sqrt(len(rows) / paired))


def _some(count, rng):
    return np.sort(rng.permutation(count)[:MOST])


def _widest_axes(points):
    """The orthonormal columns `(dim, 64 at most)` along which points vary most."""
    centred = points - points.mean(axis=0)
    if centred.shape[1] > EXACT_DIM:
        return randomized_svd(centred, AXES, n_iter=2, random_state=0)[2].T
    return np.linalg.eigh(centred.T @ centred)[1][:, -AXES:]


def _moments(points):
    return points.mean(axis=0), np.atleast_2d(np.cov(points.T))
