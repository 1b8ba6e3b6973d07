"""One Gaussian on the codes."""

import numpy as np

EXACT_DIM = 1024  # products are in float64 up to here
COUNT = 8192  # points that wider ones are fitted to, at most
WORTH_SAYING = 0.01
ROUNDING = 1e-6  # keeps a singular covariance's factor real
TINY = 1e-30  # the same where codes are constant


class Gaussian:
    """A Gaussian `N(mean, factor.T @ factor + noise**2)` that can be drawn from.

    Args:
        mean: Floats `(dim,)`.
        factor: Floats `(rank, dim)`.
        noise: Deviation of the independent part, a float.
    """

    def __init__(self, mean, factor, noise):
        self.mean = mean
        self.factor, self.noise = factor.astype("float32"), np.float32(noise)

    def sample(self, count, rng):
        """Draws: floats `(count, dim)`."""
        along = rng.standard_normal((count, len(self.factor)), "float32") @ self.factor
        if self.noise:
            along += rng.standard_normal(along.shape, "float32") * self.noise
        return along + self.mean


def fit_gaussian(points):
    """Fits mean and covariance, the covariance shrunk towards a multiple of the identity.

    The shrinkage intensity is Ledoit and Wolf's (2004, "A well-conditioned estimator for
    large-dimensional covariance matrices"): it vanishes as points grow.

    Args:
        points: float32 `(n, dim)`, 2 or more.

    Returns:
        The `Gaussian` and its facts.
    """
    points = points[:: -(-len(points) // COUNT)] if points.shape[1] > COUNT else points
    count, dim = points.shape
    mean = points.mean(axis=0, dtype="float64").astype("float32")
    centred = points - mean
    small = _products(centred if dim > count else centred.T) / count
    variance = np.trace(small) / dim
    distance = np.square(small).sum() / dim - variance**2
    fourth = np.square(np.square(centred, dtype="float64").sum(axis=1)).mean() / dim
    error = max(fourth - np.square(small).sum() / dim, 0.0) / count
    shrinkage = min(1.0, error / distance) if distance > 0 else 0.0
    if dim > count:
        factor = np.sqrt((1 - shrinkage) / count) * centred
        gaussian = Gaussian(mean, factor, np.sqrt(shrinkage * variance))
    else:
        covariance = (1 - shrinkage) * small
        covariance[range(dim), range(dim)] += (shrinkage + ROUNDING) * variance + TINY
        gaussian = Gaussian(mean, np.linalg.cholesky(covariance).T, 0.0)
    notes = []
    if shrinkage >= WORTH_SAYING:
        notes.append(f"covariance shrunk by {shrinkage:.0%}: {count:,} codes are few for {dim:,}")
    return gaussian, {
        "count": count,
        "components": 1,
        "shrinkage": float(shrinkage),
        "notes": notes,
    }


def _products(rows):
    """The product of each row with each, in float64; of wide rows' float32 products."""
    if len(rows) <= EXACT_DIM:
        rows = rows.astype("float64")
    return (rows @ rows.T).astype("float64")
