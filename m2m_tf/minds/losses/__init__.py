"""The losses of the mind: what the critic and the generator lower."""

from m2m_tf.minds.losses.get import LOSSES, get_loss
from m2m_tf.minds.losses.slopes import gradient_penalty
from m2m_tf.minds.losses.wasserstein import critic_loss, drift_penalty, generator_loss

__all__ = [
    "LOSSES",
    "critic_loss",
    "drift_penalty",
    "generator_loss",
    "get_loss",
    "gradient_penalty",
]
