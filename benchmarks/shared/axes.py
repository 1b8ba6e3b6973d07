"""What codes are worth to a mind: how few axes hold them, and what a mixture on those makes."""

import math

import numpy as np
import tensorflow as tf

from m2m_tf.evaluation.baselines.mixture import fit_mixture

PROBES, BATCH = 256, 8  # of the decoder's pullback: 256 images give 65,536 places of 64x64 codes


class CodeAxes:
    """The widest principal axes of codes, measured as the decoder sees them.

    The metric is a block for the channels, the same at every place: the mean over places of JᵀJ, J
    the decoder's Jacobian. Axes come from the Gram matrix, so that codes may be of any width.

    Args:
        codes: float32 `(n, height, width, channels)`.
        decoder: A `keras.Model`, codes to images.
        seed: Seed of the probes.

    Attributes:
        shares: `(n,)`, the share of the variance in the first 1, 2, ... axes.
    """

    def __init__(self, codes, decoder, seed=0):
        block = channel_pullback(decoder, codes, seed)
        values, vectors = np.linalg.eigh(block)
        values = np.maximum(values, values.max() * 1e-6)
        self.root = ((vectors * np.sqrt(values)) @ vectors.T).astype("float32")
        self.back = ((vectors / np.sqrt(values)) @ vectors.T).astype("float32")
        self.shape, self.mean = codes.shape[1:], codes.mean(axis=0)
        self.points = ((codes - self.mean) @ self.root).reshape(len(codes), -1)
        variances, vectors = np.linalg.eigh((self.points @ self.points.T).astype("float64"))
        self.variances, self.vectors = np.maximum(variances[::-1], 0), vectors[:, ::-1]
        self.shares = np.cumsum(self.variances) / self.variances.sum()

    def draw(self, count, axes, seed=0):
        """Codes drawn from a mixture on the first axes: float32 `(count, height, width, c)`.

        What lies across the axes is left at its mean: it is uncorrelated with what lies along them.
        """
        axes = min(axes, len(self.points) - 1)
        scores = self.vectors[:, :axes] * np.sqrt(self.variances[:axes])
        directions = self.vectors[:, :axes].T @ self.points / np.sqrt(self.variances[:axes, None])
        scale = math.sqrt(np.mean(scores**2))
        mixture, _ = fit_mixture((scores / scale).astype("float32"), seed)
        drawn = scale * mixture.sample(count, np.random.default_rng(seed))
        maps = (drawn @ directions).reshape(count, *self.shape)
        return (self.mean + maps @ self.back).astype("float32")


def channel_pullback(decoder, codes, seed=0):
    """Estimates the mean over codes and places of the channels' block of JᵀJ: `(c, c)`.

    Source: Hutchinson (1989), for all entries of a block.
    """
    rng = np.random.default_rng(seed)
    channels = codes.shape[-1]
    total = np.zeros((channels, channels))

    @tf.function(reduce_retracing=True)
    def product(drawn, signs):
        with tf.GradientTape() as tape:
            tape.watch(drawn)
            value = tf.reduce_sum(decoder(drawn, training=False) * signs)
        return tape.gradient(value, drawn)

    for _ in range(PROBES // BATCH):
        drawn = tf.constant(codes[rng.integers(0, len(codes), BATCH)])
        signs = rng.choice(np.float32([-1, 1]), (BATCH, *decoder.output_shape[1:]))
        flat = product(drawn, signs).numpy().reshape(-1, channels).astype("float64")
        total += flat.T @ flat / len(flat)
    return total / (PROBES // BATCH)
