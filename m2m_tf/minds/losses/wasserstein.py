"""The Wasserstein loss, with a penalty on the critic's gradient and on its drift."""

import tensorflow as tf

from m2m_tf.minds.losses.loss import Loss
from m2m_tf.minds.losses.slopes import score_between


def critic_loss(real_scores, fake_scores):
    """The critic's Wasserstein loss: `mean(fake) - mean(real)`.

    Source: Arjovsky, Chintala and Bottou, arXiv 1701.07875, algorithm 1.
    """
    return tf.reduce_mean(fake_scores) - tf.reduce_mean(real_scores)


def generator_loss(fake_scores):
    """The generator's Wasserstein loss: `-mean(fake)`."""
    return -tf.reduce_mean(fake_scores)


def drift_penalty(real_scores):
    """Keeps the critic's scores near 0: `mean(real²)`.

    Source: Karras et al., arXiv 1710.10196, appendix A.1.
    """
    return tf.reduce_mean(tf.square(real_scores))


WASSERSTEIN = Loss(
    critic=critic_loss,
    generator=lambda real_scores, fake_scores: generator_loss(fake_scores),
    score=score_between,
    critic_steps=2,
    gradient_penalty=10.0,
    drift_penalty=1e-3,
)
