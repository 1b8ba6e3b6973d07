"""Whether a generator returns its training images: nearest neighbours against held-out ones."""

from dataclasses import asdict, dataclass
from typing import NamedTuple

import numpy as np
from scipy.stats import betabinom, rankdata
from sklearn.neighbors import NearestNeighbors

from m2m_tf.checks import check_number

NEIGHBOURS = 20  # training points that say how far apart training points are around here
CLOSEST_SHARE = 0.01  # of the held-out points: what "close" means
SIGNIFICANCE = 1e-3
LEAST_CLOSE_SHARE = 3 * CLOSEST_SHARE  # a smaller excess is no memorisation, however certain
LEAST_HELD_OUT = 20
BOOTSTRAPS = 1000
NEAR = 1 / 3  # of the mean distance to the nearest 20: closer than real images come by chance
NEAR_TOLERANCE = 0.1  # of the training points' deviation: near, however many lie around
BLIND_SHARE = 0.05  # of the held-out points: so many near-copies hide those of a generator
DOUBTFUL = 0.05


class Pair(NamedTuple):
    """A generated point and the training point nearest to it."""

    generated: int
    train: int
    distance: float


@dataclass(frozen=True)
class Memorisation:
    """What `memorisation` found.

    Attributes:
        ratio: Median distance of generated points to their nearest training point, over the
            held-out points' median. 1: as far as new real data; near 0: copies.
        ratio_interval: Its 95 % bootstrap interval, (low, high).
        close_share: Share of generated points that lie relatively closer to a training point than
            the nearest 1 % of held-out points do.
        held_out_close_share: The share of held-out points within that distance: 0.01, or the least
            that so many points allow.
        close_p_value: Chance of that share or more, were generated points like held-out ones.
        copies: Generated points within `copy_distance` of a training point.
        held_out_copies: Held-out points within it: duplicates that the data have anyway.
        copies_p_value: Chance of as many copies, were generated points like held-out ones.
        near_copies: Generated points that lie at less than a third of the mean distance to their
            nearest 20 training points from the nearest of them, or within a tenth of the training
            points' deviation: variants of one training point.
        held_out_near_copies: Held-out points that do: frames, colour variants.
        near_p_value: Chance of as many near-copies, were generated points like held-out ones.
        mann_whitney_z: Far below 0, generated points lie closer to training points than held-out
            ones do, as a whole; far above 0, farther.
        detectable_share: The smallest share of copies that so many points can show.
        pairs: The closest `Pair`s, relatively closest first.
        copy_distance: Distance within which a point is a copy.
        train_count, held_out_count, generated_count: Numbers of points.
        flagged: Whether the generator returns training points.
        verdict: The same in words.
    """

    ratio: float
    ratio_interval: tuple
    close_share: float
    held_out_close_share: float
    close_p_value: float
    copies: int
    held_out_copies: int
    copies_p_value: float
    near_copies: int
    held_out_near_copies: int
    near_p_value: float
    mann_whitney_z: float
    detectable_share: float
    pairs: tuple
    copy_distance: float
    train_count: int
    held_out_count: int
    generated_count: int
    flagged: bool
    verdict: str

    @property
    def is_blind(self):
        """Whether so many held-out points are near-copies that a generator's would not show."""
        return _is_blind(self.held_out_near_copies, self.held_out_count)

    @property
    def is_doubtful(self):
        """Whether generated points have more near-copies than chance, if too few for a flag."""
        return self.near_copies > 0 and self.near_p_value < DOUBTFUL

    def to_json(self):
        """The same as a dictionary of plain values; each pair a dictionary too."""
        pairs = [pair._asdict() for pair in self.pairs]
        return {**asdict(self), "ratio_interval": list(self.ratio_interval), "pairs": pairs}


def memorisation(train, held_out, generated, copy_tolerance=0.01, pairs=16, seed=0):
    """Tests whether generated points lie closer to training points than new real ones do.

    Give features, or codes. Decoded images are smoother than real ones, and so may lie elsewhere
    in features: compare generated images with *reconstructions* of the training and held-out
    images, all three sets decoded.

    Two counts can flag a generator, each against the same count of held-out points by the exact
    law of exchangeable draws (beta-binomial): exact copies, and points that are relatively close.
    Relative is the distance to the nearest training point over the mean distance to the nearest
    20: a generator may prefer a dense region without copying what lies there.

    Source: the comparison with held-out data and the Mann-Whitney z, Meehan, Chaudhuri and
    Dasgupta, arXiv 2004.05675 (their C_T with the whole space as one cell); the relative distance,
    Carlini et al., arXiv 2301.13188, section 4.

    Args:
        train: Floats `(n, dim)`: the points that the generator was fitted to.
        held_out: Floats `(n, dim)`, 20 or more: real points that it has not seen.
        generated: Floats `(n, dim)`.
        copy_tolerance: A point is a copy within this share of the root mean square distance of
            training points to their mean.
        pairs: How many of the closest pairs to return.
        seed: Seed of the bootstrap.

    Returns:
        A `Memorisation`.

    Raises:
        ValueError: For arrays of different widths, that are not finite, or too few points.

    Example:

    ```python
    audit = memorisation(codes[:8000], codes[8000:], model.generate_codes(2000, seed=0))
    print(audit.verdict)
    audit.flagged  # False
    ```
    """
    train, held_out, generated = _check_points(train, held_out, generated)
    check_number("copy_tolerance is a share in [0, 1)", copy_tolerance, below=1)
    mean = train.mean(axis=0, dtype="float64")
    train, held_out, generated = (
        (points - mean).astype("float32") for points in (train, held_out, generated)
    )
    deviation = float(np.sqrt(np.square(train).sum(axis=1).mean()))
    copy_distance = copy_tolerance * deviation
    real, made = _nearest(train, held_out), _nearest(train, generated)
    close, held_out_close, close_p_value = _close(real.relative, made.relative)
    copies, held_out_copies, copies_p_value = _within(copy_distance, real.distance, made.distance)
    near_distance = NEAR_TOLERANCE * deviation
    near, held_out_near = (_near_copies(each, near_distance) for each in (made, real))
    found = {
        "ratio": _ratio(np.median(made.distance), np.median(real.distance)),
        "ratio_interval": _ratio_interval(real.distance, made.distance, seed),
        "close_share": close / len(generated),
        "held_out_close_share": held_out_close / len(held_out),
        "close_p_value": close_p_value,
        "copies": copies,
        "held_out_copies": held_out_copies,
        "copies_p_value": copies_p_value,
        "near_copies": near,
        "held_out_near_copies": held_out_near,
        "near_p_value": _p_value(near, len(generated), held_out_near, len(held_out)),
        "mann_whitney_z": _mann_whitney_z(real.distance, made.distance),
        "detectable_share": _detectable_share(len(held_out), len(generated)),
        "pairs": _closest(made, pairs),
        "copy_distance": copy_distance,
        "train_count": len(train),
        "held_out_count": len(held_out),
        "generated_count": len(generated),
    }
    found["flagged"] = _is_flagged(found)
    return Memorisation(**found, verdict=_verdict(found))


class _Nearest(NamedTuple):
    """Of each point: its nearest training point, the distance, and that over the mean of 20."""

    index: np.ndarray
    distance: np.ndarray
    relative: np.ndarray


def _nearest(train, points):
    count = min(NEIGHBOURS, len(train))
    search = NearestNeighbors(n_neighbors=count, algorithm="brute").fit(train)
    around, indices = search.kneighbors(points)
    index = indices[:, 0]
    # The search expands squares, which is inexact exactly where points are close.
    distance = np.concatenate(
        [
            np.linalg.norm(points[i : i + 4096] - train[index[i : i + 4096]], axis=1)
            for i in range(0, len(points), 4096)
        ]
    ).astype("float64")
    around = around.mean(axis=1, dtype="float64")
    relative = np.divide(distance, around, out=np.zeros_like(distance), where=around > 0)
    return _Nearest(index, distance, relative)


def _close(real, made):
    """Counts points closer than the nearest 1 % of the held-out ones."""
    rank = max(1, round(CLOSEST_SHARE * len(real)))
    return _within(np.partition(real, rank - 1)[rank - 1], real, made)


def _within(limit, real, made):
    """How many generated and held-out points lie within a limit, and how likely that is."""
    count, expected = int((made <= limit).sum()), int((real <= limit).sum())
    return count, expected, _p_value(count, len(made), expected, len(real))


def _near_copies(nearest, near_distance):
    """How many points are variants of one training point."""
    return int(((nearest.relative < NEAR) | (nearest.distance <= near_distance)).sum())


def _is_blind(near_copies, count):
    return near_copies >= BLIND_SHARE * count


def _p_value(count, generated_count, expected, held_out_count):
    """Chance that `count` draws or more come before the held-out point after the `expected` first.

    Exact for exchangeable draws without ties; where held-out points tie, or the limit is one of
    them, too high rather than too low.
    """
    if expected == held_out_count:
        return 1.0
    law = betabinom(generated_count, expected + 1, held_out_count - expected)
    # The sum, since scipy's sf is 1 - cdf, which ends at 1e-12.
    return float(min(1.0, law.pmf(np.arange(count, generated_count + 1)).sum()))


def _detectable_share(held_out_count, generated_count):
    """The least share of close points that is flagged."""
    rank = max(1, round(CLOSEST_SHARE * held_out_count))
    law = betabinom(generated_count, rank + 1, held_out_count - rank)
    needed = law.isf(SIGNIFICANCE) + 1  # sf(needed - 1) is below it
    return float(max(LEAST_CLOSE_SHARE, min(1.0, needed / generated_count)))


def _ratio(made, real):
    if real > 0:
        return float(made / real)
    return 1.0 if made == 0 else float("inf")


def _ratio_interval(real, made, seed):
    rng = np.random.default_rng(seed)
    medians = zip(_bootstrap_medians(made, rng), _bootstrap_medians(real, rng), strict=True)
    ratios = [_ratio(*pair) for pair in medians]
    return tuple(float(value) for value in np.quantile(ratios, (0.025, 0.975), method="nearest"))


def _bootstrap_medians(distances, rng):
    """Medians of resamples, by the law of a resample's middle ranks: no resample is drawn."""
    ordered, count = np.sort(distances), len(distances)
    middle = (count + 1) // 2
    lower = rng.beta(middle, count - middle + 1, BOOTSTRAPS)
    upper = lower
    if count % 2 == 0:
        upper = lower + (1 - lower) * rng.beta(1, count - middle, BOOTSTRAPS)
    positions = (np.minimum((count * at).astype(int), count - 1) for at in (lower, upper))
    return sum(ordered[position] for position in positions) / 2


def _mann_whitney_z(real, made):
    ranks = rankdata(np.concatenate([made, real]))
    product, total = len(made) * len(real), len(made) + len(real)
    wins = ranks[: len(made)].sum() - len(made) * (len(made) + 1) / 2
    ties = np.unique(ranks, return_counts=True)[1].astype("float64")
    variance = product / 12 * (total + 1 - (ties**3 - ties).sum() / (total * (total - 1)))
    return float((wins - product / 2) / np.sqrt(variance)) if variance > 0 else 0.0


def _closest(made, count):
    order = np.lexsort((made.distance, made.relative))[:count]
    return tuple(Pair(int(i), int(made.index[i]), float(made.distance[i])) for i in order)


def _is_flagged(found):
    close = found["close_share"] >= LEAST_CLOSE_SHARE and found["close_p_value"] < SIGNIFICANCE
    return bool(close or found["copies_p_value"] < SIGNIFICANCE)


def _verdict(found):
    copies = (
        f"{found['copies']:,} of {found['generated_count']:,} are copies "
        f"({found['held_out_copies']:,} of {found['held_out_count']:,} held-out ones are)"
    )
    close = (
        f"{found['close_share']:.1%} lie closer to a training point than the nearest "
        f"{found['held_out_close_share']:.1%} of held-out points do"
    )
    near = _sentence_of_near_copies(found)
    if found["flagged"]:
        return f"Returns training images: {close}; {copies}. Look at the closest pairs.{near}"
    return (
        f"No sign of returned training images: {close}; {copies}. So many points show it from a "
        f"share of {found['detectable_share']:.1%}.{near}"
    )


def _sentence_of_near_copies(found):
    """What near-copies there are, where they matter."""
    made, real = found["near_copies"], found["held_out_near_copies"]
    text = ""
    if made and found["near_p_value"] < DOUBTFUL:
        text += f" {made:,} generated points lie close to one training point: look at the pairs."
    if _is_blind(real, found["held_out_count"]):
        text += (
            f" {real:,} of {found['held_out_count']:,} held-out points are near-copies of training "
            "points, such as frames or variants: they hide a generator's copies. Hold out images "
            "that have no variant among those trained on."
        )
    return text


def _check_points(train, held_out, generated):
    named = {"train": train, "held_out": held_out, "generated": generated}
    arrays = {name: np.asarray(points) for name, points in named.items()}
    for name, points in arrays.items():
        if points.ndim != 2 or points.dtype.kind not in "fiu":
            raise ValueError(
                f"memorisation expects {name} as numbers (n, dim); got {points.dtype} of shape "
                f"{points.shape}. Flatten code maps: codes.reshape(len(codes), -1)."
            )
        bad = np.flatnonzero(~np.isfinite(points).all(axis=1))
        if len(bad):
            raise ValueError(
                f"memorisation expects finite points; {len(bad)} of {name} have a NaN or an "
                f"infinite value, the first is point {bad[0]}."
            )
    widths = {name: points.shape[1] for name, points in arrays.items()}
    if len(set(widths.values())) > 1:
        raise ValueError(
            f"memorisation expects points of one width; got {widths}. Take all three from the same "
            "encoder or extractor."
        )
    for name, least in (("train", 2), ("held_out", LEAST_HELD_OUT), ("generated", 1)):
        if len(arrays[name]) < least:
            raise ValueError(
                f"memorisation needs {least} {name} points or more, to say what is close; got "
                f"{len(arrays[name])}."
            )
    return tuple(arrays.values())
