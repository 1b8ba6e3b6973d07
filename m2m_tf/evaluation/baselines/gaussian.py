"""One Gaussian on the codes."""

import numpy as np


class Gaussian:
    """A Gaussian `N(mean, factor.T @ factor + noise**2)` that can be drawn from.

    Args:
        mean: Floats `(dim,)`.
        factor: Floats `(rank, dim)`.
        noise: Deviation of the independent part, a float.
    """

    def __init__(self, mean, factor, noise):
        self.mean, self.factor, self.noise = mean, factor, noise

    def sample(self, count, rng):
        """Draws: floats `(count, dim)`."""
        along = rng.standard_normal((count, len(self.factor)), "float32") @ self.factor
        across = rng.standard_normal((count, len(self.mean)), "float32") * self.noise
        return along + across + self.mean


def fit_gaussian(points):
    """Fits mean and covariance, the covariance shrunk towards a multiple of the identity.

    The shrinkage intensity is Ledoit and Wolf's (2004, "A well-conditioned estimator for
    large-dimensional covariance matrices"): it vanishes as points grow.

    Args:
        points: float32 `(n, dim)`.

    Returns:
        The `Gaussian` and its facts.
    """
    count, dim = points.shape
    mean = points.mean(axis=0, dtype="float64").astype("float32")
    centred = points - mean
    small = centred.T @ centred if dim <= count else centred @ centred.T
    small = small.astype("float64") / count  # the same non-zero eigenvalues either way round
    variance = np.trace(small) / dim
    distance = (small**2).sum() / dim - variance**2
    fourth = (np.square(centred, dtype="float64").sum(axis=1) ** 2).mean() / dim
    error = max(fourth - (small**2).sum() / dim, 0.0) / count
    shrinkage = min(1.0, error / distance) if distance > 0 else 0.0
    values, vectors = np.linalg.eigh(small)
    spread = np.sqrt(np.maximum(values, 0))[:, None]
    if dim <= count:
        factor = spread * vectors.T
    else:
        factor = vectors.T @ centred / np.sqrt(count)
    gaussian = Gaussian(
        mean,
        (np.sqrt(1 - shrinkage) * factor).astype("float32"),
        np.float32(np.sqrt(shrinkage * variance)),
    )
    return gaussian, {"shrinkage": float(shrinkage), "count": count}
