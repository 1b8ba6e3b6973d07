"""The hinge loss: real scores above 1 and fake scores below -1 are good enough."""

import tensorflow as tf

from m2m_tf.minds.losses.loss import Loss
from m2m_tf.minds.losses.slopes import score_both


def hinge_loss(real_scores, fake_scores):
    """The critic's hinge loss: `mean(max(0, 1 - real)) + mean(max(0, 1 + fake))`.

    Source: Lim and Ye, arXiv 1705.02894, section 3; Miyato et al., arXiv 1802.05957, section 4.
    """
    return tf.reduce_mean(tf.nn.relu(1.0 - real_scores)) + tf.reduce_mean(
        tf.nn.relu(1.0 + fake_scores)
    )


HINGE = Loss(
    critic=hinge_loss,
    generator=lambda real_scores, fake_scores: -tf.reduce_mean(fake_scores),
    score=score_both,
    critic_steps=1,
    gradient_penalty=0.3,
)
