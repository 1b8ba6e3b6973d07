"""Replicas that share a batch: which part is whose, and sums over them."""

import tensorflow as tf


def share_of_batch(batch_size, replicas, number):
    """The samples of a batch that a replica takes, as `tf.distribute` shares them.

    Args:
        batch_size: Samples of all replicas.
        replicas: Their number.
        number: The replica's, from 0.

    Returns:
        A slice. The last replica has fewer where samples do not divide evenly.
    """
    most = largest_share(batch_size, replicas)
    return slice(number * most, min(batch_size, (number + 1) * most))


def largest_share(batch_size, replicas):
    """The samples of a batch that all replicas but the last take."""
    return -(-batch_size // replicas)


def share_of(batch, whole):
    """The share of the batch that this replica has, called inside a training step.

    Args:
        batch: This replica's samples, `(n, ...)`.
        whole: Samples of all replicas.
    """
    if tf.distribute.get_replica_context().num_replicas_in_sync == 1:
        return 1.0
    return tf.cast(tf.shape(batch)[0], tf.float32) / whole


def sum_over_replicas(tensors):
    """Sums each tensor over the replicas; called inside a training step.

    Args:
        tensors: A list of tensors of this replica, such as its gradients; None is left out, as
            the gradient of a weight that is not used.

    Returns:
        The list of sums, the same on each replica; with one replica the tensors themselves.
    """
    tensors = [tensor for tensor in tensors if tensor is not None]
    context = tf.distribute.get_replica_context()
    if context.num_replicas_in_sync == 1:
        return tensors
    return context.all_reduce(tf.distribute.ReduceOp.SUM, tensors)
