"""One step of an optimiser down a loss, on however many replicas share the batch."""

import tensorflow as tf

from m2m_tf.minds.replicas import sum_over_replicas


def descend(network, optimizer, tape, loss, share):
    """Updates a network by the gradients of a loss.

    Args:
        network: The network, whose trainable variables are updated.
        optimizer: Its optimiser.
        tape: The `tf.GradientTape` that watched the loss.
        loss: Scalar tensor, the mean over the samples of this replica.
        share: The share of the batch that these are, in [0, 1]: gradients are summed over replicas.

    Returns:
        The norm of the whole batch's gradients, a scalar tensor.
    """
    variables = [variable.value for variable in network.trainable_variables]
    gradients = tape.gradient(loss, variables, output_gradients=tf.cast(share, loss.dtype))
    optimizer.apply_gradients(zip(gradients, network.trainable_variables, strict=True))
    return tf.linalg.global_norm(sum_over_replicas(gradients))
