"""The losses of the mind: Wasserstein, with a penalty on the critic's gradient and on its drift."""

import tensorflow as tf


def critic_loss(real_scores, fake_scores):
    """The critic's Wasserstein loss: `mean(fake) - mean(real)`.

    Source: Arjovsky, Chintala and Bottou, arXiv 1701.07875, algorithm 1.
    """
    return tf.reduce_mean(fake_scores) - tf.reduce_mean(real_scores)


def generator_loss(fake_scores):
    """The generator's Wasserstein loss: `-mean(fake)`."""
    return -tf.reduce_mean(fake_scores)


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
    between = real + alpha * (fake - real)
    with tf.GradientTape() as tape:
        tape.watch(between)
        scores = critic(between, training=True)
    gradient = tape.gradient(scores, between)
    squares = tf.reduce_sum(tf.square(gradient), axis=list(range(1, gradient.shape.rank)))
    norm = tf.sqrt(squares + 1e-12)  # the derivative of sqrt at 0 is infinite
    return tf.reduce_mean(tf.square(norm - 1.0))


def drift_penalty(real_scores):
    """Keeps the critic's scores near 0: `mean(real²)`.

    Source: Karras et al., arXiv 1710.10196, appendix A.1.
    """
    return tf.reduce_mean(tf.square(real_scores))
