"""Priors without weights: latents drawn from one law, whatever the codes are."""

import tensorflow as tf

ALGORITHM = "philox"  # named, so that a seed gives the same latent on any device; not under XLA


def sample_uniform(shape, seed):
    """Draws from U(-1, 1): the paper's prior (arXiv 1906.11613, experiments)."""
    return tf.random.stateless_uniform(shape, seed, -1.0, 1.0, alg=ALGORITHM)


def sample_normal(shape, seed):
    """Draws from N(0, 1)."""
    return tf.random.stateless_normal(shape, seed, alg=ALGORITHM)


class SimplePrior:
    """A prior whose noise is the latent itself.

    Args:
        draw: A function `(shape, seed) -> float32 tensor`.
        latent_dim: Length of the latent.
    """

    def __init__(self, draw, latent_dim):
        self.draw = draw
        self.noise_dim = latent_dim

    def adapt(self, store, standardise, seed=0):
        """Nothing to fit."""

    def latent_of(self, noise, labels=None, truncation=1.0):
        """Noise `(..., latent_dim)`, shrunk by the truncation, as latents of the same shape."""
        return noise * truncation

    def near(self, codes, noise):
        """Latents of the noise: no part of the law belongs to a code."""
        return self.latent_of(noise)
