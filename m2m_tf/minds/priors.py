"""Priors: the law of the latent that the generator starts from."""

import tensorflow as tf

ALGORITHM = "philox"  # named, so that a seed gives the same latent on any device; not under XLA


def sample_uniform(shape, seed):
    """Draws from U(-1, 1): the paper's prior (arXiv 1906.11613, experiments)."""
    return tf.random.stateless_uniform(shape, seed, -1.0, 1.0, alg=ALGORITHM)


def sample_normal(shape, seed):
    """Draws from N(0, 1)."""
    return tf.random.stateless_normal(shape, seed, alg=ALGORITHM)


PRIORS = {"uniform": sample_uniform, "normal": sample_normal}


def get_prior(name):
    """Returns the function `(shape, seed) -> float32 tensor` of a prior.

    Args:
        name: `"uniform"` or `"normal"`.

    Raises:
        ValueError: If there is no such prior.
    """
    if name not in PRIORS:
        raise ValueError(f"prior must be one of {', '.join(map(repr, PRIORS))}; got {name!r}.")
    return PRIORS[name]
