"""The mixture that a mind starts from, alone: what its training has to improve on."""

import math

import numpy as np

from m2m_tf.codes import CodeStore, make_statistics
from m2m_tf.minds.priors import make_prior


class Prior:
    """A mixture prior with the statistics of the codes that it was fitted to.

    Args:
        law: A fitted `MapMixturePrior`.
        statistics: The layer that standardises codes, and restores them.
    """

    def __init__(self, law, statistics):
        self.law, self.statistics = law, statistics

    def sample(self, count, rng):
        """Draws: float32 `(count, dim)`."""
        noise = rng.standard_normal((count, self.law.noise_dim), "float32")
        latent = self.law.latent_of(noise)
        codes = self.statistics.restore(np.reshape(latent, (-1, *self.statistics.standard_shape)))
        return np.reshape(codes, (count, -1))


def fit_prior(autoencoder, codes, seed=0):
    """Fits the default prior of `Mind2Mind`, as `fit` does before the first step.

    Args:
        autoencoder: The frozen `Autoencoder`.
        codes: float32 `(n, dim)`, 2 or more.
        seed: Seed of the fit.

    Returns:
        The `Prior` and its facts.
    """
    shape = autoencoder.code_shape
    store = CodeStore(codes.reshape(-1, *shape), fingerprint="")
    statistics = make_statistics(None, shape)
    statistics.adapt(store.codes, autoencoder.decoder)
    standard = statistics.standard_shape
    law = make_prior("mixture", math.prod(standard), standard)
    law.adapt(store, statistics.standardise, seed)
    facts = {"count": len(codes), "components": law.components_count, "notes": []}
    return Prior(law, statistics), facts
