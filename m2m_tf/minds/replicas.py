"""Sums over the replicas that share a batch."""

import tensorflow as tf


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
