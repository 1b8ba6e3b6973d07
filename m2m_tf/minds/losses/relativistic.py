"""The relativistic loss: the critic says of a real and a fake code which is the real one."""

import tensorflow as tf

from m2m_tf.minds.losses.loss import Loss
from m2m_tf.minds.losses.slopes import score_both


def relativistic_loss(winning_scores, losing_scores):
    """The mean of `softplus(losing - winning)`, pair by pair.

    The critic wants real scores to win, the generator fake ones.

    Source: Jolicoeur-Martineau, arXiv 1807.00734, section 4.1; with R1 and R2 as in Huang et al.,
    "The GAN is dead; long live the GAN!", arXiv 2501.05441, section 2.
    """
    return tf.reduce_mean(tf.nn.softplus(losing_scores - winning_scores))


RELATIVISTIC = Loss(
    critic=relativistic_loss,
    generator=lambda real_scores, fake_scores: relativistic_loss(fake_scores, real_scores),
    score=score_both,
    critic_steps=1,
    gradient_penalty=0.3,
    is_relative=True,
)
