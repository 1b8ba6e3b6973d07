"""The kernel distance: an unbiased squared maximum mean discrepancy of a cubic kernel."""

import numpy as np

from m2m_tf.checks import check_short_seed, check_whole
from m2m_tf.metrics.checks import checked_pair


def kernel_distance(real, generated, subset_size=1000, subsets=100, seed=0):
    """The kernel distance: "KID" where Inception gave the features.

    The squared maximum mean discrepancy of the kernel `(x·y / dim + 1)³`, estimated without bias
    on random subsets and averaged. Unbiased at any sample size, so it can be slightly negative.
    A subset takes no sample twice, as in torch-fidelity, whose subsets the same seed draws here;
    Binkowski's own code draws with replacement, which counts a sample against itself and adds a
    bias of the order of 1/n. Subsets are drawn independently of one another and overlap.

    The error is a standard error of the value against the two laws: what other samples and other
    subsets would change. From each side it takes the jackknife variance V of a subset's estimate
    (Efron and Stein 1981: biased upwards) as `V (s/n + (1 - s/n) / subsets)` for s of n samples.
    It is not the deviation among subsets, which the literature often prints as "KID ±".

    Source: Binkowski et al., arXiv 1801.01401, section 4; Gretton et al. 2012, lemma 6.

    Args:
        real, generated: Features `(n, dim)` and `(m, dim)`, at least 3 samples each.
        subset_size: Samples a subset; of a smaller set the whole is taken.
        subsets: Number of subsets; 1 is enough where both sets are taken whole.
        seed: Seed of the subsets.

    Returns:
        `(value, error)`, two floats.

    Raises:
        ValueError: For other shapes, different widths, values that are not finite, fewer than 3
            samples, a subset below 3 or fewer than 1 subset.

    Example:

    ```python
    rng = np.random.default_rng(0)
    value, error = kernel_distance(rng.normal(size=(500, 8)), 1 + rng.normal(size=(500, 8)))
    ```
    """
    check_whole("subset_size", subset_size, at_least=3)
    check_whole("subsets", subsets)
    check_short_seed(seed)
    real, generated = checked_pair(real, generated, 3, "an unbiased kernel distance")
    sizes = min(subset_size, len(real)), min(subset_size, len(generated))
    if sizes == (len(real), len(generated)):
        subsets = 1  # every subset would be the whole
    rng = np.random.RandomState(seed)  # torch-fidelity's generator of numbers
    real, generated = _scaled(real), _scaled(generated)
    estimates, variances = [], []
    for _ in range(subsets):
        first = real[rng.choice(len(real), sizes[0], replace=False)]
        second = generated[rng.choice(len(generated), sizes[1], replace=False)]
        estimate, variance = _estimate(first, second)
        estimates.append(estimate)
        variances.append(variance)
    shares = np.array([sizes[0] / len(real), sizes[1] / len(generated)])
    variance = np.mean(variances, axis=0) @ (shares + (1 - shares) / subsets)
    return float(np.mean(estimates)), float(np.sqrt(variance))


def _scaled(features):
    """Features whose inner products are the kernel's base, `x·y / dim + 1`."""
    count, dim = features.shape
    scaled = np.empty((count, dim + 1))
    np.divide(features, np.sqrt(dim), out=scaled[:, :dim])
    scaled[:, dim] = 1.0
    return scaled


def _estimate(first, second):
    """The unbiased estimate on two subsets, and the jackknife variance from each side."""
    m, n = len(first), len(second)
    first_rows, second_rows = _others(first), _others(second)
    base = first @ second.T
    first_cross, second_cross = _cubes(base, "i"), _cubes(base, "j")
    parts = first_rows.sum(), second_rows.sum(), first_cross.sum()
    value = parts[0] / (m * (m - 1)) + parts[1] / (n * (n - 1)) - 2 * parts[2] / (m * n)
    variances = _jackknife(first_rows, first_cross, n), _jackknife(second_rows, second_cross, m)
    return value, variances


def _others(subset):
    """The sum of the kernel from each sample to the others of its subset."""
    own = np.einsum("ij,ij->i", subset, subset) ** 3
    return _cubes(subset @ subset.T, "i") - own


def _cubes(base, axis):
    """The cubes summed over rows "i" or columns "j", in one pass without a matrix of cubes."""
    return np.einsum(f"ij,ij,ij->{axis}", base, base, base)


def _jackknife(rows, cross, other_count):
    """The jackknife variance over the samples of one side, each left out once."""
    m = len(rows)
    without = (rows.sum() - 2 * rows) / ((m - 1) * (m - 2))
    without -= 2 * (cross.sum() - cross) / ((m - 1) * other_count)
    return (m - 1) / m * np.sum((without - without.mean()) ** 2)
