"""Fits a mixture of Gaussians by expectation maximisation, its covariances shrunk."""

import math
import os
import warnings
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from scipy.linalg import solve_triangular
from scipy.special import logsumexp
from sklearn.cluster import KMeans
from sklearn.exceptions import ConvergenceWarning

LEAST_VARIANCE = 1e-4  # of the variance of all points along a direction, which is 1
COMPONENTS_A_GROUP = 10
SETTLED = 1e-3  # share of points that still change their component
NEGLIGIBLE = 1e-6  # a responsibility that moves no covariance
WORKERS = min(8, os.cpu_count() or 1)


@dataclass
class Mixture:
    """A mixture of Gaussians, block by block: full covariances first, deviations after.

    Attributes:
        weights: `(components,)`.
        means: `(components, dim)`.
        factors: Lower Cholesky factors of the first `width` directions' covariances,
            `(components, width, width)`.
        deviations: Of the other directions, `(components, dim - width)`.
        iterations: How many were made.
        converged: Whether the last one moved less than a thousandth of the points to another
            component.
    """

    weights: np.ndarray
    means: np.ndarray
    factors: np.ndarray
    deviations: np.ndarray
    iterations: int = 0
    converged: bool = False

    def joint(self, points):
        """Log of weight times density of each component: float32 `(n, components)`."""
        width = self.factors.shape[1]
        full, others = points[:, :width], points[:, width:]
        joint = np.empty((len(points), len(self.weights)), "float32")

        def fill(index):
            inverse = solve_triangular(self.factors[index], np.eye(width), lower=True)
            inverse = inverse.T.astype("float32")
            whitened = full @ inverse - self.means[index, :width] @ inverse
            np.einsum("ij,ij->i", whitened, whitened, out=joint[:, index])

        _each(fill, len(self.weights))
        precisions = 1 / np.square(self.deviations)
        means = self.means[:, width:]
        joint += np.square(others) @ precisions.T - 2 * others @ (means * precisions).T
        volume = np.log(self.factors.diagonal(axis1=1, axis2=2)).sum(axis=1)
        volume = volume + np.log(self.deviations).sum(axis=1)
        joint += (np.square(means) * precisions).sum(axis=1) + 2 * volume
        joint *= -0.5
        return (
            joint + np.log(self.weights) - np.float32(points.shape[1] / 2 * math.log(2 * math.pi))
        )

    def densities(self, points):
        """Log density of each of points `(n, dim)`: `(n,)`."""
        return logsumexp(self.joint(points), axis=1)

    def sample(self, count, rng):
        """Draws: float32 `(count, dim)`."""
        weights = self.weights / self.weights.sum(dtype="float64")
        counts = rng.multinomial(count, weights)
        points = rng.standard_normal((count, self.means.shape[1]), "float32")
        width, start = self.factors.shape[1], 0
        for index, number in enumerate(counts):
            here = points[start : start + number]
            here[:, :width] = here[:, :width] @ self.factors[index].T
            here[:, width:] *= self.deviations[index]
            here += self.means[index]
            start += number
        return points[rng.permutation(count)]


def maximise(points, size, strength, width, scale, seed, iterations):
    """Fits a mixture.

    Each covariance is shrunk towards that of the components around it, and theirs towards the
    mean over all, as if `strength` more points had been seen: the mode under an inverse Wishart
    prior (Fraley and Raftery 2007, "Bayesian regularization for normal mixture estimation").

    Args:
        points: float32 `(n, dim)`, of variance 1 along each direction.
        size: Number of components.
        strength: Points that the prior counts for, 0 or more.
        width: Directions that get full covariances.
        scale: Deviation of each direction, `(dim,)`: k-means sees the widest as wide.
        seed: Seed of the k-means++ start.
        iterations: At most so many.

    Returns:
        A `Mixture`.
    """
    shares, groups = _start(points[:, :width] * scale[:width], size, seed)
    for iteration in range(1, iterations + 1):
        mixture = _maximisation(points, shares, groups, strength, width)
        joint = mixture.joint(points)
        last, shares = shares, np.exp(joint - logsumexp(joint, axis=1, keepdims=True))
        mixture.iterations = iteration
        mixture.converged = bool(np.abs(shares - last).sum() < 2 * SETTLED * len(points))
        if mixture.converged:
            break
    return mixture


def _start(points, size, seed):
    """Each point its k-means cluster's, and groups of neighbouring clusters."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # fewer distinct points than clusters
        clusters = KMeans(size, n_init=1, max_iter=50, random_state=seed).fit(points)
        counts = np.bincount(clusters.labels_, minlength=size)
        groups = KMeans(max(1, size // COMPONENTS_A_GROUP), n_init=1, random_state=seed)
        groups.fit(clusters.cluster_centers_, sample_weight=counts)
    shares = np.zeros((len(points), size), "float32")
    shares[np.arange(len(points)), clusters.labels_] = 1
    return shares, groups.labels_


def _maximisation(points, shares, groups, strength, width):
    counts = shares.sum(axis=0) + 1e-3
    means = (shares.T @ points) / counts[:, None]
    scatters = np.empty((len(counts), width, width), "float32")

    def fill(index):
        here = np.flatnonzero(shares[:, index] > NEGLIGIBLE)
        centred = points[here, :width] - means[index, :width]
        scatters[index] = (centred * shares[here, index, None]).T @ centred

    _each(fill, len(counts))
    others = np.square(points[:, width:])
    squares = shares.T @ others - counts[:, None] * np.square(means[:, width:])
    covariances = _shrunk(scatters, counts, groups, strength)
    covariances[:, range(width), range(width)] += LEAST_VARIANCE
    variances = _shrunk(np.maximum(squares, 0), counts, groups, strength) + LEAST_VARIANCE
    factors = np.linalg.cholesky(covariances.astype("float64")).astype("float32")
    return Mixture(counts / counts.sum(), means, factors, np.sqrt(variances).astype("float32"))


def _shrunk(scatters, counts, groups, strength):
    """Scatters over counts, with `strength` points of the group's and of all points' scatter."""
    counts = counts.reshape(-1, *[1] * (scatters.ndim - 1))
    overall = scatters.sum(axis=0) / counts.sum()
    shrunk = np.empty_like(scatters)
    for group in np.unique(groups):
        here = groups == group
        around = (scatters[here].sum(axis=0) + strength * overall) / (counts[here].sum() + strength)
        shrunk[here] = (scatters[here] + strength * around) / (counts[here] + strength)
    return shrunk


def _each(fill, count):
    """Calls `fill` for each index, as many at a time as there are cores."""
    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(fill, range(count)))
