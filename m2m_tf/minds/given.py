"""Networks that are given the labels of their inputs, where there are classes."""

import tensorflow as tf


def given(network, labels, classes):
    """The network as a function of its inputs alone, at labels that are held.

    Args:
        network: A generator, or a critic.
        labels: int32 `(n,)`, or None without classes.
        classes: The number of classes.

    Returns:
        A function `(inputs, training)` of n inputs, or of several times n, whose labels then come
        again: the critic is asked for real and fake codes at once.
    """
    if labels is None:
        return network

    def of_inputs(inputs, training):
        times = tf.shape(inputs)[0] // tf.shape(labels)[0]
        return network(with_labels(inputs, tf.tile(labels, [times]), classes), training=training)

    return of_inputs


def with_labels(inputs, labels, classes):
    """What a network takes: the inputs; with classes also their one-hot labels `(n, classes)`."""
    if not classes:
        return inputs
    return [tf.convert_to_tensor(inputs), tf.one_hot(labels, classes)]


def of_step(labels, step):
    """The labels of one critic step, `(batch,)` of `(batch, critic_steps)`; None without."""
    return None if labels is None else labels[:, step]
