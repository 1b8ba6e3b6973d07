"""The effective dimension of codes: how many directions they really use."""

from dataclasses import dataclass

import numpy as np

from m2m_tf.theory.checks import check_points

MOST = 4096  # codes measured where codes and code values are both more than this
DEAD = 1e-6  # of the largest deviation


@dataclass(frozen=True)
class EffectiveDimension:
    """How many directions codes use.

    Attributes:
        participation_ratio: `(sum of variances)² / sum of squared variances`, over principal
            components; between 1 and `dim`, 0 where the codes are constant.
        components_95, components_99: Principal components that hold 95 % and 99 % of the variance.
        dead: Code values that do not vary: deviation below a millionth of the largest.
        dim: Number of code values.
        count: Number of codes measured; the figures are at most `count - 1`.
    """

    participation_ratio: float
    components_95: int
    components_99: int
    dead: int
    dim: int
    count: int


def effective_dimension(codes, seed=0):
    """Measures how many directions codes use.

    Source: the participation ratio, as in Gao et al., A theory of multineuronal dimensionality,
    bioRxiv 214262, section 2.

    Args:
        codes: float array `(n, dim)` or `(n, height, width, channels)`, two or more; a map is
            flattened.
        seed: Seed of the draw of 4,096 codes, made only where there are more of them, and more code
            values, than that.

    Returns:
        An `EffectiveDimension`.

    Raises:
        ValueError: If the codes hold a NaN or are fewer than two.

    Example:

    ```python
    print(effective_dimension(autoencoder.encode(images)).participation_ratio)
    ```
    """
    codes = check_points(codes, "codes")
    codes = codes.reshape(len(codes), -1)
    if min(codes.shape) > MOST:
        codes = codes[np.random.default_rng(seed).permutation(len(codes))[:MOST]]
    deviations = codes.std(axis=0, dtype="float64")
    variances = _principal_variances(codes)
    return EffectiveDimension(
        participation_ratio=_participation_ratio(variances),
        components_95=_components(variances, 0.95),
        components_99=_components(variances, 0.99),
        dead=int(np.sum(deviations <= DEAD * deviations.max())),
        dim=codes.shape[1],
        count=len(codes),
    )


def _principal_variances(codes):
    """Variances along the principal components, largest first; those of rounding are 0."""
    centred = codes - codes.mean(axis=0, dtype="float64")
    few = len(centred) < centred.shape[1]
    products = centred @ centred.T if few else centred.T @ centred
    variances = np.maximum(np.linalg.eigvalsh(products)[::-1], 0) / len(codes)
    return np.where(variances > 1e-12 * variances[0], variances, 0)


def _participation_ratio(variances):
    if not variances[0]:
        return 0.0
    shares = variances / variances[0]
    return float(shares.sum() ** 2 / np.sum(shares**2))


def _components(variances, share):
    if not variances[0]:
        return 0
    held = np.cumsum(variances) / variances.sum()
    return int(np.searchsorted(held, share - 1e-12) + 1)
