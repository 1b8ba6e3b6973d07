"""A mixture of Gaussians fitted to points along the codes' axes, and the noise across them."""

import warnings

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.mixture import GaussianMixture

from m2m_tf.one_thread import one_thread

TOLERANCE = 1e-2  # of the log likelihood of a point, between iterations
COUNT = 20_000  # codes that a mixture is fitted to, at most: more change it little


def fit_gaussian_mixture(points, components, regularisation, iterations, seed=0):
    """Fits a mixture of full covariances by expectation maximisation.

    Source: Dempster, Laird and Rubin, "Maximum likelihood from incomplete data via the EM
    algorithm" (1977), as scikit-learn computes it.

    Args:
        points: float32 `(n, axes)`, 1 or more.
        components: Number of Gaussians, n at most.
        regularisation: Added to each variance, above 0.
        iterations: At most; a fit that has not converged by then is taken as it is, and its
            `converged_` says so.
        seed: Seed of the k-means start.

    Returns:
        The fitted scikit-learn `GaussianMixture`, its covariances exactly symmetric.

    Example:

    ```python
    mixture = fit_gaussian_mixture(points, 100, regularisation=1e-2, iterations=50)
    shares = mixture.predict_proba(points)  # (n, 100)
    ```
    """
    mixture = GaussianMixture(
        components,
        reg_covar=regularisation,
        max_iter=iterations,
        tol=TOLERANCE,
        random_state=seed,
    )
    points = np.repeat(points, 2, axis=0) if len(points) == 1 else points  # one is too few
    # In products so small, threads only wait: 20 times slower.
    with one_thread(None), warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        mixture.fit(points)
    covariances = mixture.covariances_
    mixture.covariances_ = (covariances + covariances.transpose(0, 2, 1)) / 2
    return mixture


def deviations_across(axes, variances):
    """How wide noise is to be, so that across the axes it varies as much as the codes do.

    Noise in each code value loses what lies along the axes when that is taken away from it; it is
    made wider by as much.

    Args:
        axes: Orthonormal rows, `(axes, dim)`.
        variances: Of the code values, of what lies across the axes, `(dim,)`.

    Returns:
        Deviations of independent noise in the code values, `(dim,)`.
    """
    kept = variances @ (1 - np.square(axes).sum(axis=0))
    return np.sqrt(variances * (variances.sum() / kept if kept > 0 else 1.0))
