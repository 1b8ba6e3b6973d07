"""A mixture of Gaussians on the codes, its number of components chosen by held-out likelihood."""

import warnings

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.mixture import GaussianMixture

LADDER = (1, 2, 5, 10, 20, 50, 100, 200)
POINTS_A_COMPONENT = 20
HELD_OUT = 0.1
WIDEST = 64  # directions that get full covariances
TOLERANCE = 1e-2


class SubspaceMixture:
    """A mixture in the widest principal directions, independent Gaussians along the others.

    Source: Tipping and Bishop, "Probabilistic principal component analysis" (1999).
    """

    def __init__(self, mean, directions, mixture, deviations):
        self.mean, self.directions = mean, directions
        self.mixture, self.deviations = mixture, deviations

    def sample(self, count, rng):
        """Draws: floats `(count, dim)`."""
        chosen = rng.choice(len(self.mixture.weights_), count, p=self.mixture.weights_)
        width = self.mixture.means_.shape[1]
        noise = rng.standard_normal((count, width))
        points = np.empty((count, width))
        for index in np.unique(chosen):
            here = chosen == index
            factor = np.linalg.cholesky(self.mixture.covariances_[index])
            points[here] = noise[here] @ factor.T + self.mixture.means_[index]
        others = rng.standard_normal((count, len(self.deviations))) * self.deviations
        return np.concatenate([points, others], axis=1) @ self.directions + self.mean


def fit_mixture(points, seed=0):
    """Fits mixtures of a ladder of sizes, keeps the likeliest on held-out points, refits on all.

    Args:
        points: float32 `(n, dim)`, standardised.
        seed: Seed of the held-out choice and of the k-means++ starts.

    Returns:
        The `SubspaceMixture` and its facts.
    """
    rng = np.random.default_rng(seed)
    mean = points.mean(axis=0)
    values, vectors = np.linalg.eigh(
        np.cov((points - mean).T, dtype="float64").reshape(points.shape[1], -1)
    )
    directions = vectors.T[::-1]
    deviations = np.sqrt(np.maximum(values[::-1], 0))
    inside = (points - mean) @ directions[:WIDEST].T
    order = rng.permutation(len(points))
    held_out = inside[order[: max(1, int(HELD_OUT * len(points)))]]
    kept = inside[order[len(held_out) :]]
    ladder = [size for size in LADDER if size * POINTS_A_COMPONENT <= len(kept)] or [1]
    scores = {}
    for size in ladder:
        scores[size] = float(_fit(kept, size, seed).score(held_out))
        if scores[size] < max(scores.values()):
            break
    best = max(scores, key=scores.get)
    mixture = _fit(inside, best, seed)
    facts = {
        "components": best,
        "held_out_log_likelihood": scores,
        "converged": bool(mixture.converged_),
        "iterations": int(mixture.n_iter_),
        "directions": inside.shape[1],
        "count": len(points),
    }
    return SubspaceMixture(mean, directions, mixture, deviations[WIDEST:]), facts


def _fit(points, size, seed):
    mixture = GaussianMixture(size, max_iter=20, tol=TOLERANCE, reg_covar=1e-2, random_state=seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # said in the facts
        return mixture.fit(points)
