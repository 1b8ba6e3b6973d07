"""A mixture of Gaussians on codes, its size and shrinkage chosen by held-out likelihood."""

import numpy as np
from threadpoolctl import threadpool_limits

from m2m_tf.evaluation.baselines.directions import find_directions
from m2m_tf.evaluation.baselines.maximisation import maximise

LADDER = (1, 2, 5, 10, 20, 50, 100, 200, 300, 400)
ALWAYS_TRIED = 20  # up to here a fit takes a moment
POINTS_A_COMPONENT = 20
WIDTH = 64  # directions that get full covariances
HELD_OUT_SHARE = 0.1
TRIAL_COUNT = 10_000  # codes that the choice is made on, at most
COUNT = 20_000  # codes that the mixture is fitted to, at most
TRIAL_ITERATIONS = 7
ITERATIONS = 30


class SubspaceMixture:
    """A mixture along the principal directions, brought back to codes."""

    def __init__(self, directions, mixture):
        self.directions, self.mixture = directions, mixture

    def sample(self, count, rng):
        """Draws: float32 `(count, dim)`."""
        points = np.empty((count, 0), "float32")
        if self.mixture is not None:
            points = self.mixture.sample(count, rng)
        return self.directions.restore(points, rng)


def fit_mixture(codes, seed=0):
    """Fits mixtures of growing size, keeps the likeliest on held-out codes, refits on all.

    Sizes grow until the held-out likelihood falls; then the best size is tried with weaker and
    stronger shrinkage. Of those within one standard error of the best, the largest and least
    shrunk is kept, as the refit has a tenth more codes. The work is bounded by counts and not by
    the clock, so that the same codes and seed give the same mixture.

    Args:
        codes: float32 `(n, dim)`, 2 or more.
        seed: Seed of the held-out choice and of the k-means++ starts.

    Returns:
        The `SubspaceMixture` and its facts; log likelihoods are of codes whose deviation along
        each principal direction is 1.
    """
    rng = np.random.default_rng(seed)
    given, codes = len(codes), codes[rng.permutation(len(codes))[:COUNT]]
    directions = find_directions(codes, seed)
    points = directions.along(codes)
    width = min(WIDTH, points.shape[1])
    notes = [f"fitted to {COUNT:,} of {given:,} codes"] if given > COUNT else []
    facts = {
        "count": len(codes),
        "directions": width,
        "other_directions": points.shape[1] - width,
        "notes": notes,
    }
    if not width:
        facts |= {"components": 1, "converged": True, "notes": [*notes, "the codes are constant"]}
        return SubspaceMixture(directions, None), facts

    def fit(points, size, strength, iterations):
        return maximise(points, size, strength, width, directions.deviations, seed, iterations)

    # Threads share out components: inside so small products they would only wait.
    with threadpool_limits(1):
        (size, strength), trials = _choose(points[:TRIAL_COUNT], width, fit)
        mixture = fit(points, size, strength, ITERATIONS)
    facts |= {
        "components": size,
        "strength": strength,
        "trials": trials,
        "held_out_log_likelihood": _best_by_size(trials),
        "converged": mixture.converged,
        "iterations": mixture.iterations,
    }
    return SubspaceMixture(directions, mixture), facts


def _choose(points, width, fit):
    """The size and strength, and what each trial scored."""
    held_out, kept = np.split(points, [max(1, round(HELD_OUT_SHARE * len(points)))])
    scores = {}

    def score(size, strength):
        scores[size, strength] = fit(kept, size, strength, TRIAL_ITERATIONS).densities(held_out)
        return scores[size, strength].mean()

    best = -np.inf
    for size in (size for size in LADDER if size == 1 or size * POINTS_A_COMPONENT <= len(kept)):
        found = score(size, width)
        if found >= best:
            best, best_size = found, size
        elif size > ALWAYS_TRIED:
            break
    for strength in (max(1, width // 2), 2 * width):
        score(best_size, strength)
    trials = [
        {"components": size, "strength": strength, "held_out_log_likelihood": float(each.mean())}
        for (size, strength), each in scores.items()
    ]
    return _largest_of_the_best(scores), trials


def _largest_of_the_best(scores):
    """Of the choices within one standard error of the best, the largest and least shrunk."""
    best = max(scores.values(), key=np.mean)
    near = [
        (size, -strength)
        for (size, strength), each in scores.items()
        if (best - each).mean() <= (best - each).std() / np.sqrt(len(best))
    ]
    size, strength = max(near)
    return size, -strength


def _best_by_size(trials):
    """The best held-out log likelihood of each size."""
    sizes = {}
    for trial in trials:
        size, found = trial["components"], trial["held_out_log_likelihood"]
        sizes[size] = max(found, sizes.get(size, -np.inf))
    return sizes
