"""How far from real images a model's are, beside real images that the model never saw."""

import dataclasses

import numpy as np

from m2m_tf.evaluation.prediction import LEAST
from m2m_tf.evaluation.verdict import spread_of
from m2m_tf.metrics import frechet_distance
from m2m_tf.metrics.difference import Difference, frechet_difference

HELD_OUT = "held-out real images"
HALF = "the other half of the training images"


@dataclasses.dataclass(frozen=True)
class BesideReal:
    """Fréchet distances of as many images each to the same training images.

    Fewer images have a larger distance, so generated and real ones are compared at one number: what
    is left between them is what the model lacks, and not what the counts do.

    Attributes:
        whose: What the real images are, in words.
        images: How many of each there are.
        generated, start, floor, real: The distances of the model's images, of its start's, of the
            real images' reconstructions, and of the real images.
        excess: What the model's distance is above the real images', a `Difference`.
        spread: The total variance of the training images' features: the distance of always giving
            their mean.
    """

    whose: str
    images: int
    generated: float
    start: float
    floor: float
    real: float
    excess: Difference
    spread: float

    @property
    def share(self) -> float:
        """The excess as a share of the spread, 0 or more: what levels are judged by."""
        return self._share_of(self.excess.value)

    @property
    def share_interval(self) -> tuple[float, float]:
        """The 95 % interval of the share, (low, high)."""
        return self._share_of(self.excess.low), self._share_of(self.excess.high)

    def _share_of(self, excess):
        return max(excess, 0.0) / max(self.spread, np.finfo(float).tiny)

    def to_json(self):
        """The same as a dictionary of plain values."""
        shares = {"share": self.share, "share_interval": self.share_interval}
        return {**dataclasses.asdict(self), "excess": self.excess._asdict(), **shares}


def beside_real(training, held_out, generated, start, seed=0):
    """Sets generated images beside real ones, held out of training where there are 12 of them.

    Else one half of the training images stands for what is real, and the other for what they are
    compared with.

    Args:
        training, held_out: `Survey`s; `held_out` may be None.
        generated, start: `Features` of what the model and its start generated, row by row of the
            same latents.
        seed: Seed of the halves and of the interval.

    Returns:
        A `BesideReal`.
    """
    if held_out is not None and len(held_out) >= LEAST:
        whose, against, real = HELD_OUT, training.features.values, held_out
    else:
        half = np.random.default_rng(seed).permutation(len(training)) < len(training) // 2
        whose, against, real = HALF, training.features.values[~half], training.part(half)
    count = min(len(real), len(generated.values))
    sets = (generated, start, real.reconstructed, real.features)
    made, begun, rebuilt, reals = (features.values[:count] for features in sets)
    distances = [frechet_distance(against, points) for points in (made, begun, rebuilt, reals)]
    return BesideReal(
        whose,
        count,
        *distances,
        excess=frechet_difference(against, made, reals, seed),
        spread=spread_of(training.features),
    )
