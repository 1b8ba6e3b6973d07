"""The Fréchet distance between the Gaussians fitted to two sets of features."""

import numpy as np
from scipy.linalg.lapack import dpstrf

from m2m_tf.checks import check_short_seed
from m2m_tf.metrics.checks import checked_pair
from m2m_tf.one_thread import one_thread

PIECES = 12  # the least number that halves, thirds and quarters share
PARTS = (1, 2, 3, 4)  # the subset sizes: the whole, halves, thirds, quarters


def frechet_distance(real, generated):
    """The squared Fréchet distance (W2) of two Gaussians: "FID" where Inception gave the features.

    The sum `|m1 - m2|² + trace(C1 + C2 - 2 (C1 C2)^(1/2))`. Its second part is computed as the
    least squared distance between the centred features' triangular factors under a rotation, so
    it takes singular covariances, is never negative and loses no digits where the sets are close.
    Biased upwards for finite sets; see `extrapolated_frechet_distance`.

    Source: Heusel et al., arXiv 1706.08500, section 4; Dowson and Landau 1982 for the formula;
    Bhatia, Jain and Lim, arXiv 1712.01504, theorem 1, for the rotation.

    Args:
        real, generated: Features `(n, dim)` and `(m, dim)`, any unit, at least 2 samples each.

    Returns:
        A float, 0 or more, in squared units of the features.

    Raises:
        ValueError: For other shapes, different widths, values that are not finite, or fewer than
            2 samples.

    Example:

    ```python
    rng = np.random.default_rng(0)
    frechet_distance(rng.normal(size=(500, 8)), 1 + rng.normal(size=(500, 8)))  # near 8
    ```
    """
    real, generated = checked_pair(real, generated)
    shift = real.mean(axis=0) - generated.mean(axis=0)
    with one_thread():
        spread = _factor_distance(_factor(real), _factor(generated))
    return float(shift @ shift + spread)


def frechet_distance_from_moments(real_mean, real_covariance, generated_mean, generated_covariance):
    """The squared Fréchet distance of two Gaussians given by their moments.

    For statistics that somebody else stored. Covariances have lost half the digits of their small
    eigenvalues: with the features at hand, `frechet_distance` is the more accurate.

    Args:
        real_mean, generated_mean: `(dim,)`.
        real_covariance, generated_covariance: `(dim, dim)`, symmetric; may be singular.

    Returns:
        A float, 0 or more.

    Raises:
        ValueError: For other shapes, values that are not finite, or a matrix that is no covariance.

    Example:

    ```python
    frechet_distance_from_moments(np.zeros(2), np.eye(2), np.ones(2), 4 * np.eye(2))  # 4.0
    ```
    """
    first = _checked_moments(real_mean, real_covariance, "real")
    second = _checked_moments(generated_mean, generated_covariance, "generated")
    if len(first[0]) != len(second[0]):
        raise ValueError(
            "Both Gaussians must have the same number of features; got "
            f"{len(first[0])} and {len(second[0])}."
        )
    return moments_distance(*first, *second)


def extrapolated_frechet_distance(real, generated, seed=0):
    """The Fréchet distance that infinitely many samples would have, as far as a line can tell.

    The bias of `frechet_distance` is near to linear in 1/n. So it is measured on the whole sets,
    on their halves, thirds and quarters (disjoint, drawn at random, averaged), and the line through
    the four means is read off at 1/n = 0. Chong and Forsyth hold the real side whole; here both
    sides shrink alike, for both are samples. The difference to `frechet_distance` shows the bias.
    Where a quarter holds hardly more samples than features the line no longer holds.

    Source: Chong and Forsyth, arXiv 1911.07023, section 4.

    Args:
        real, generated: Features `(n, dim)` and `(m, dim)`, at least 12 samples each.
        seed: Seed of the split.

    Returns:
        A float; it can fall below 0 by chance where the sets have the same law.

    Raises:
        ValueError: As `frechet_distance`, and for fewer than 12 samples.

    Example:

    ```python
    rng = np.random.default_rng(0)
    real, generated = rng.normal(size=(2, 500, 32))
    frechet_distance(real, generated)               # about 1: bias alone
    extrapolated_frechet_distance(real, generated)  # about 0
    ```
    """
    check_short_seed(seed)
    real, generated = checked_pair(real, generated, PIECES, "the extrapolated Fréchet distance")
    real, generated = _in_their_span(real, generated)
    rng = np.random.default_rng(seed)
    sides = [_piece_moments(side, rng) for side in (real, generated)]
    means = [
        np.mean([moments_distance(*a, *b) for a, b in zip(*pair, strict=True)])
        for pair in ([_merged(side, parts) for side in sides] for parts in PARTS)
    ]
    return float(np.polyfit(PARTS, means, 1)[1])


def _in_their_span(real, generated):
    """Coordinates that keep all distances, as few as samples: covariances cost dim cubed."""
    if len(real) + len(generated) >= real.shape[1]:
        return real, generated
    coordinates = np.linalg.qr(np.concatenate([real, generated]).T, mode="r").T
    return coordinates[: len(real)], coordinates[len(real) :]


def _factor(features):
    """The triangular `R`, of at most n rows, with `R.T @ R` the covariance."""
    centred = features - features.mean(axis=0)
    centred /= np.sqrt(len(features) - 1)
    return np.linalg.qr(centred, mode="r")


def _factor_distance(first, second):
    """The least of `|first.T - second.T @ U|²` over partial isometries U: the covariances' part."""
    if len(first) < len(second):
        first, second = second, first  # U must keep the lengths of all the rows that it turns
    left, _, right = np.linalg.svd(second @ first.T, full_matrices=False)
    return np.sum((first.T - second.T @ (left @ right)) ** 2)


def moments_distance(first_mean, first_covariance, second_mean, second_covariance):
    """The textbook sum, with the trace of the root taken from eigenvalues of a symmetric matrix."""
    factor = _pivoted_factor(first_covariance)
    inner = factor @ second_covariance @ factor.T
    with one_thread():
        eigenvalues = np.linalg.eigvalsh(inner)
    # Roots of what rounding alone leaves would count.
    largest = first_covariance.diagonal().max() * second_covariance.diagonal().max()
    least = len(first_mean) * np.finfo(float).eps * largest
    trace_of_root = np.sqrt(eigenvalues[eigenvalues > least]).sum()
    shift = first_mean - second_mean
    traces = np.trace(first_covariance) + np.trace(second_covariance)
    return max(0.0, float(shift @ shift + traces - 2 * trace_of_root))


def _pivoted_factor(covariance):
    """`F`, of as many rows as the numerical rank, with `F.T @ F` the covariance."""
    upper, pivots, rank, _ = dpstrf(covariance)
    factor = np.empty((rank, len(covariance)))
    factor[:, pivots - 1] = np.triu(upper)[:rank]
    return factor


def _piece_moments(features, rng):
    """Count, mean and scatter (sum of squared deviations) of each of 12 random pieces."""
    pieces = np.array_split(rng.permutation(len(features)), PIECES)
    return [_scatter(features[piece]) for piece in pieces]


def _scatter(features):
    mean = features.mean(axis=0)
    centred = features - mean
    return len(features), mean, centred.T @ centred


def _merged(pieces, parts):
    """The moments (mean, covariance) of `parts` disjoint unions of the pieces."""
    size = PIECES // parts
    return [_union(pieces[start : start + size]) for start in range(0, PIECES, size)]


def _union(pieces):
    counts, means, scatters = zip(*pieces, strict=True)
    counts, means, total = np.array(counts, float), np.array(means), sum(counts)
    mean = counts @ means / total
    shifts = (means - mean) * np.sqrt(counts)[:, None]
    return mean, (sum(scatters) + shifts.T @ shifts) / (total - 1)


def _checked_moments(mean, covariance, which):
    mean, covariance = np.asarray(mean, np.float64), np.asarray(covariance, np.float64)
    if mean.ndim != 1 or not len(mean) or covariance.shape != (len(mean), len(mean)):
        raise ValueError(
            f"The {which} moments must be a mean (dim,) and a covariance (dim, dim); got "
            f"{mean.shape} and {covariance.shape}."
        )
    if not (np.isfinite(mean).all() and np.isfinite(covariance).all()):
        raise ValueError(f"The {which} moments must be finite; they hold NaN or infinity.")
    largest = np.abs(covariance).max()
    if np.abs(covariance - covariance.T).max() > 1e-6 * largest:
        raise ValueError(f"The {which} covariance must be symmetric; this matrix is not.")
    if np.linalg.eigvalsh(covariance)[0] < -1e-6 * largest:
        raise ValueError(
            f"The {which} covariance must have no negative eigenvalue; the least is "
            f"{np.linalg.eigvalsh(covariance)[0]:.3g}."
        )
    return mean, (covariance + covariance.T) / 2
