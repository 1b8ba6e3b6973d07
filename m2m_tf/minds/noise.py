"""Noise for training that does not depend on how many replicas share the batch."""

import tensorflow as tf

from m2m_tf.minds.priors import sample_uniform
from m2m_tf.minds.replicas import largest_share


def replica_noise(draw, batch_size, shape, seed, whole=None):
    """Draws the noise of the whole batch and returns this replica's share.

    Args:
        draw: A function `(shape, seed) -> tensor`.
        batch_size: Samples of this replica.
        shape: The shape of one sample.
        seed: Two integers or scalar tensors.
        whole: Samples of all replicas; by default as many of each as of this one. Where they do
            not divide evenly the last replica has fewer, as `tf.distribute` shares batches.

    Returns:
        float32 tensor `(batch_size, *shape)`.
    """
    context = tf.distribute.get_replica_context()
    replicas, number = context.num_replicas_in_sync, context.replica_id_in_sync_group
    whole = batch_size * replicas if whole is None else whole
    noise = draw((whole, *shape), [tf.cast(part, tf.int32) for part in seed])
    if replicas == 1:
        return noise
    start = number * largest_share(whole, replicas)
    return tf.ensure_shape(noise[start : start + batch_size], (None, *shape))


def sample_alpha(shape, seed):
    """Draws the gradient penalty's mixing weights from U(0, 1)."""
    return (sample_uniform(shape, seed) + 1.0) / 2.0
