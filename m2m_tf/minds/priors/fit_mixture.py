"""Fits the mixture prior: many narrow Gaussians along the codes' widest axes."""

import dataclasses

import numpy as np
from sklearn.mixture import GaussianMixture
from sklearn.utils.extmath import randomized_svd

from m2m_tf.codes.gaussian_mixture import deviations_across, fit_gaussian_mixture

COMPONENTS = 400  # at most
CODES_A_COMPONENT = 22  # fewer, and draws lie nearer to training codes than new codes do
AXES = 64  # that get full covariances
ITERATIONS = 40
REGULARISATION = 1e-3  # of the widest axis' variance, added to each variance


@dataclasses.dataclass
class FittedMixture:
    """A mixture on standardised codes of `dim` values.

    Attributes:
        model: The fitted scikit-learn `GaussianMixture` of the points along the axes.
        mean: Of the codes, `(dim,)`.
        axes: Orthonormal rows, `(axes, dim)`.
        means: Of the components, `(components, dim)`.
        factors: `(components, axes, axes)`: a component's covariance is `factorᵀ factor`.
        deviations: Of the values outside the axes, around the components' means, `(dim,)`.
    """

    model: GaussianMixture
    mean: np.ndarray
    axes: np.ndarray
    means: np.ndarray
    factors: np.ndarray
    deviations: np.ndarray

    def weights_of(self, codes, labels, classes):
        """Weights of the components `(1, components)`, or of each class `(classes, components)`."""
        if not classes:
            return self.model.weights_[None]
        shares = self._shares(codes)
        return np.stack([shares[labels == label].mean(axis=0) for label in range(classes)])

    def _shares(self, codes):
        return self.model.predict_proba((codes - self.mean) @ self.axes.T)


def fit_mixture(codes, axes_count, seed=0, components=None):
    """Fits a mixture of components with full covariances along the widest axes.

    Args:
        codes: float32 `(n, dim)`, standardised.
        axes_count: Number of axes that get full covariances.
        seed: Seed of the k-means start.
        components: How many; None is one for 22 codes, 400 at most.

    Returns:
        A `FittedMixture`.
    """
    mean = codes.mean(axis=0)
    axes = _widest_axes(codes - mean, axes_count, seed)
    points = (codes - mean) @ axes.T  # float32: a third of the time
    model = _fit(points, components or _count_for(len(points)), seed)
    shares = model.predict_proba(points)
    means = shares.T @ codes / np.maximum(shares.sum(axis=0), 1e-9)[:, None]
    left = codes - means[shares.argmax(axis=1)]
    left -= (left @ axes.T) @ axes
    factors = np.linalg.cholesky(model.covariances_).transpose(0, 2, 1)
    parts = (mean, axes, means, factors, deviations_across(axes, left.var(axis=0)))
    return FittedMixture(model, *(part.astype("float32") for part in parts))


def _count_for(codes):
    return int(np.clip(codes // CODES_A_COMPONENT, 1, COMPONENTS))


def _fit(points, components, seed):
    widest = points.var(axis=0).max() or 1.0
    return fit_gaussian_mixture(points, components, REGULARISATION * widest, ITERATIONS, seed)


def _widest_axes(centred, count, seed):
    dim = centred.shape[1]
    if dim <= 1024:
        _, axes = np.linalg.eigh(centred.T @ centred)
        return axes.T[::-1][:count]
    _, _, axes = randomized_svd(centred, min(count, len(centred)), random_state=seed)
    # Where codes are fewer than axes, any directions across them are the others.
    others = np.random.default_rng(seed).normal(size=(dim, count - len(axes)))
    return np.linalg.qr(np.concatenate([axes.T, others], axis=1))[0].T.astype(centred.dtype)
