"""The principal directions of codes, and what lies outside them."""

from dataclasses import dataclass

import numpy as np
from sklearn.utils.extmath import randomized_svd

from m2m_tf.codes.gaussian_mixture import deviations_across

EXACT_DIM = 1024  # wider codes: only their widest directions are looked for
WIDEST = 512
ROUNDING = 1e-5  # of a code value's variance: what float32 cannot tell from nothing
NEGLIGIBLE = 1e-4  # of the widest direction's deviation: less is the rounding of float32


@dataclass
class Directions:
    """Principal directions, scaled: along each, the codes have mean 0 and variance 1.

    Source: Tipping and Bishop 1999, "Probabilistic principal component analysis": what lies
    outside the directions is independent noise; here with a variance for each code value.

    Attributes:
        mean: Of the codes, `(dim,)`.
        vectors: Orthonormal rows, widest first, `(number, dim)`.
        deviations: Of the codes along each, `(number,)`.
        noise: Deviation of each code value outside the directions, `(dim,)`.
    """

    mean: np.ndarray
    vectors: np.ndarray
    deviations: np.ndarray
    noise: np.ndarray

    def along(self, codes):
        """Codes `(n, dim)` to points `(n, number)` of variance 1."""
        return (codes - self.mean) @ self.vectors.T / self.deviations

    def restore(self, points, rng):
        """Points to codes, with noise outside the directions."""
        codes = (points * self.deviations) @ self.vectors + self.mean
        if self.noise.any():
            noise = rng.standard_normal(codes.shape, "float32") * self.noise
            codes += noise - (noise @ self.vectors.T) @ self.vectors
        return codes


def find_directions(codes, seed=0):
    """Finds the principal directions of codes.

    All of them up to 1,024 code values, the 512 widest above; none along which codes do not vary.

    Args:
        codes: float32 `(n, dim)`.
        seed: Seed of the randomised search in wide codes.

    Returns:
        `Directions`, of float32.
    """
    mean = codes.mean(axis=0, dtype="float64").astype("float32")
    centred = codes - mean
    variances, vectors = _spectrum(centred, seed)
    deviations = np.sqrt(np.maximum(variances, 0))
    kept = deviations > NEGLIGIBLE * max(deviations.max(initial=0), np.finfo("float32").tiny)
    vectors, deviations = vectors[kept].astype("float32"), deviations[kept].astype("float32")
    noise = np.zeros(codes.shape[1], "float32")
    if codes.shape[1] > EXACT_DIM:
        noise = _noise(centred, vectors, deviations)
    return Directions(mean, vectors, deviations, noise)


def _noise(centred, vectors, deviations):
    """Deviation of noise in each code value that makes up for what lies outside the directions."""
    inside = (np.square(deviations)[:, None] * np.square(vectors)).sum(axis=0)
    total = np.square(centred).mean(axis=0)
    variances = np.where(total - inside > ROUNDING * total, total - inside, 0)
    return deviations_across(vectors, variances)


def _spectrum(centred, seed):
    """Variances and directions, widest first."""
    count, dim = centred.shape
    if dim <= EXACT_DIM:
        wide = centred.astype("float64")
        values, vectors = np.linalg.eigh(wide.T @ wide / count)
        return values[::-1], vectors.T[::-1]
    number = min(WIDEST, count - 1)
    _, values, vectors = randomized_svd(centred, number, n_iter=2, random_state=seed)
    return np.square(values.astype("float64")) / count, vectors
