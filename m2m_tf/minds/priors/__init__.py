"""Priors: the law of the latent that the generator starts from."""

from m2m_tf.minds.priors.make import MIXTURES, PRIORS, check_prior, make_prior
from m2m_tf.minds.priors.simple import sample_normal, sample_uniform

__all__ = ["MIXTURES", "PRIORS", "check_prior", "make_prior", "sample_normal", "sample_uniform"]
