"""A mixture of Gaussians on codes, its size and regularisation chosen by held-out likelihood."""

import numpy as np

from m2m_tf.codes.gaussian_mixture import COUNT, fit_gaussian_mixture
from m2m_tf.evaluation.baselines.directions import find_directions

LADDER = (1, 2, 5, 10, 20, 50, 100, 200)
REGULARISATIONS = (3e-3, 1e-2, 3e-2)  # added to the variances of standardised codes
FEW = (1, 3e-2)  # components and regularisation of codes too few for a choice
POINTS_A_COMPONENT = 20
WIDTH = 64  # directions that get full covariances
HELD_OUT_SHARE = 0.1
ITERATIONS = 50


class SubspaceMixture:
    """A mixture along the widest principal directions, independent Gaussians along the others.

    Source: Tipping and Bishop, "Probabilistic principal component analysis" (1999).

    Args:
        directions: `Directions` of the standardised codes.
        mixture: A fitted scikit-learn `GaussianMixture` of the first of them; None where the codes
            do not vary.
    """

    def __init__(self, directions, mixture):
        self.directions, self.mixture = directions, mixture

    def sample(self, count, rng):
        """Draws: float32 `(count, dim)`."""
        points = rng.standard_normal((count, len(self.directions.deviations)), "float32")
        if self.mixture is not None:
            self.mixture.random_state = int(rng.integers(2**31))
            inside, _ = self.mixture.sample(count)
            width = inside.shape[1]
            points[:, :width] = inside / self.directions.deviations[:width]
        return self.directions.restore(points[rng.permutation(count)], rng)


def fit_mixture(codes, seed=0):
    """Fits mixtures of growing size, keeps the likeliest on held-out codes, refits on all.

    Likelihood punishes narrow components, which FID does not: finer mixtures, such as the mind's
    prior, are harder opponents.

    Sizes grow until the held-out likelihood has fallen by more than its standard error. Of the
    choices within one standard error of the best, the largest and least regularised is kept: the
    refit has a tenth more codes. The work is bounded by counts and not by the clock, so the same
    codes and seed give the same mixture.

    Args:
        codes: float32 `(n, dim)`, standardised, 2 or more.
        seed: Seed of the held-out choice and of the k-means++ starts.

    Returns:
        The `SubspaceMixture` and its facts.
    """
    total, rng = len(codes), np.random.default_rng(seed)
    codes = codes[rng.permutation(total)[:COUNT]]
    directions = find_directions(codes, seed)
    points = (directions.along(codes) * directions.deviations)[:, :WIDTH]
    width = points.shape[1]
    facts = {
        "count": len(codes),
        "notes": [f"fitted to {COUNT:,} of {total:,} codes"] if total > COUNT else [],
        "directions": width,
        "other_directions": len(directions.deviations) - width,
    }
    if not width:  # constant codes
        return SubspaceMixture(directions, None), {**facts, "components": 1, "converged": True}
    scores = _try(points, seed)
    size, regularisation = _largest_of_the_best(scores) if scores else FEW
    mixture = fit_gaussian_mixture(points, size, regularisation, ITERATIONS, seed)
    _remove_rounding(mixture)
    facts |= {
        "components": size,
        "regularisation": regularisation,
        "held_out_log_likelihood": {
            f"{size} components, regularisation {added:g}": float(each.mean())
            for (size, added), each in scores.items()
        },
        "converged": bool(mixture.converged_),
        "iterations": int(mixture.n_iter_),
    }
    return SubspaceMixture(directions, mixture), facts


def _remove_rounding(mixture):
    """Weights that sum to 1, and covariances in float64, as numpy's draws want them."""
    weights = mixture.weights_.astype("float64")
    mixture.weights_ = weights / weights.sum()
    mixture.covariances_ = mixture.covariances_.astype("float64")


def _try(points, seed):
    """The held-out log density of each point, by (size, regularisation); none for few points."""
    if len(points) < POINTS_A_COMPONENT:
        return {}
    held_out, kept = np.split(points, [max(1, round(HELD_OUT_SHARE * len(points)))])
    scores = {}
    for size in LADDER:
        if size > 1 and size * POINTS_A_COMPONENT > len(kept):
            break
        for added in REGULARISATIONS:
            mixture = fit_gaussian_mixture(kept, size, added, ITERATIONS, seed)
            scores[size, added] = mixture.score_samples(held_out)
        if not any(_is_near_best(scores, (size, added)) for added in REGULARISATIONS):
            break
    return scores


def _is_near_best(scores, choice):
    """Whether a choice is within one standard error of the best."""
    short = max(scores.values(), key=np.mean) - scores[choice]
    return short.mean() <= short.std() / np.sqrt(len(short))


def _largest_of_the_best(scores):
    """Of the choices within one standard error of the best, the largest and least regularised."""
    near = [choice for choice in scores if _is_near_best(scores, choice)]
    return max(near, key=lambda choice: (choice[0], -choice[1]))
