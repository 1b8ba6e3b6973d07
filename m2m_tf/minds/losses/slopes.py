"""Penalties on the slope of the critic: on its gradient with respect to the codes."""

import tensorflow as tf


def gradient_penalty(critic, real, fake, alpha):
    """How far the norm of the critic's gradient is from 1 between real and fake codes.

    Source: Gulrajani et al., arXiv 1704.00028, section 4.

    Args:
        critic: Codes `(n, *code_shape)` to scores `(n, 1)`.
        real, fake: Codes `(n, *code_shape)`.
        alpha: U(0, 1), one a sample: `(n, 1, ...)`, of the codes' rank.

    Returns:
        A scalar tensor: the mean of `(norm - 1)²`, without weight.
    """
    _, squares = scores_and_slopes(critic, real + alpha * (fake - real))
    norm = tf.sqrt(squares + 1e-12)  # the derivative of sqrt at 0 is infinite
    return tf.reduce_mean(tf.square(norm - 1.0))


def scores_and_slopes(critic, codes):
    """The critic's scores `(n, 1)`, and the square of its gradient's norm at each code `(n,)`."""
    with tf.GradientTape() as tape:
        tape.watch(codes)
        scores = critic(codes, training=True)
    gradient = tape.gradient(scores, codes)
    return scores, tf.reduce_sum(tf.square(gradient), axis=list(range(1, gradient.shape.rank)))


def score_between(critic, real, fake, alpha):
    """Real and fake scores `(n, 1)`, and the gradient penalty between real and fake codes."""
    scores = critic(tf.concat([real, fake], axis=0), training=True)
    real_scores, fake_scores = tf.split(scores, 2)
    return real_scores, fake_scores, gradient_penalty(critic, real, fake, alpha)


def score_both(critic, real, fake, alpha):
    """Real and fake scores `(n, 1)`, and R1 + R2: half the mean squared slopes at both.

    Source: Mescheder, Geiger and Nowozin, arXiv 1801.04406, section 4.1, for R1; both together as
    in Huang et al., arXiv 2501.05441, section 2.
    """
    scores, squares = scores_and_slopes(critic, tf.concat([real, fake], axis=0))
    real_scores, fake_scores = tf.split(scores, 2)
    return real_scores, fake_scores, tf.reduce_mean(squares)  # the mean over both is half the sum
