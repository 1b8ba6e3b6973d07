"""Laws fitted to the codes, with no adversary: one Gaussian, two mixtures, kernel density."""

import numpy as np
from sklearn.neighbors import KernelDensity

from benchmarks.peers.peer import Peer
from m2m_tf.codes import CodeStatistics
from m2m_tf.evaluation.baselines import CodeBaseline, fit_baseline

BANDWIDTHS = np.geomspace(0.02, 1.0, 12)  # in standardised codes
FITTED, HELD_OUT = 3000, 600  # codes that choose the bandwidth


class CodeLaw(Peer):
    """A law of `m2m_tf.evaluation.baselines`, fitted once: a point, not a curve."""

    about = "one Gaussian on the codes"
    kind = "gaussian"

    def train(self, watch):
        self.law = self.fit()
        watch.images = len(self.task.codes)

    def fit(self):
        """A `CodeBaseline`."""
        return fit_baseline(self.kind, self.task.autoencoder, self.task.codes, seed=self.seed)

    def generate_codes(self, count, seed):
        """Codes: float32 `(count, *code_shape)`."""
        return self.law.generate_codes(count, seed)

    def generate(self, count, seed):
        return self.law.generate(count, seed)


class Mixture(CodeLaw):
    """A mixture, its size chosen by held-out likelihood."""

    about = "a mixture of Gaussians on the codes, its size chosen by held-out likelihood"
    kind = "mixture"


class PriorAlone(CodeLaw):
    """The mixture that the package's mind starts from, before its first step."""

    about = "the mixture that the mind starts from: components with directions of their own"
    kind = "prior"


class KernelDensityOfCodes(CodeLaw):
    """Kernel density: each draw is a training code with Gaussian noise added.

    One bandwidth for all standardised values, chosen by the likelihood of held-out codes.
    """

    about = "kernel density on the codes, its bandwidth chosen by held-out likelihood"
    kind = "kernel_density"

    def fit(self):
        statistics = CodeStatistics(self.task.autoencoder.code_shape)
        statistics.adapt(self.task.codes)
        points = np.asarray(statistics.standardise(self.task.codes))
        points = points.reshape(len(points), -1)
        bandwidth = choose_bandwidth(points, self.seed)
        law = _Noisy(KernelDensity(bandwidth=bandwidth).fit(points), statistics)
        flat = self.task.codes.reshape(len(points), -1)
        self.facts["bandwidth"] = bandwidth
        lowest, highest = flat.min(axis=0), flat.max(axis=0)
        return CodeBaseline(self.kind, self.task.autoencoder, law, lowest, highest, self.facts)


def choose_bandwidth(points, seed):
    """The bandwidth under which held-out points are likeliest, of points drawn from many.

    Args:
        points: Floats `(n, dim)`, standardised.
        seed: Seed of what is drawn.

    Returns:
        A float.
    """
    drawn = points.astype("float64")[np.random.default_rng(seed).permutation(len(points))]
    held_out = drawn[: min(HELD_OUT, len(drawn) // 5)]
    fitted = drawn[len(held_out) :][:FITTED]
    squares = np.maximum(
        np.square(held_out).sum(axis=1)[:, None]
        + np.square(fitted).sum(axis=1)
        - 2 * held_out @ fitted.T,
        0,
    )
    likelihoods = [_log_likelihood(squares, each, points.shape[1]) for each in BANDWIDTHS]
    return float(BANDWIDTHS[np.argmax(likelihoods)])


def _log_likelihood(squares, bandwidth, dim):
    """The mean log density of points, up to a constant, from squared distances to the kernels."""
    exponents = -squares / (2 * bandwidth**2)
    return np.logaddexp.reduce(exponents, axis=1).mean() - dim * np.log(bandwidth)


class _Noisy:
    """A kernel density of standardised codes, as a law of codes."""

    def __init__(self, density, statistics):
        self.density, self.statistics = density, statistics

    def sample(self, count, rng):
        """Draws: floats `(count, dim)`."""
        drawn = self.density.sample(count, random_state=int(rng.integers(2**31)))
        codes = drawn.reshape(count, *self.statistics.code_shape).astype("float32")
        return np.asarray(self.statistics.restore(codes)).reshape(count, -1)
