"""The moving average of the generator, which is what generates."""

import keras
import tensorflow as tf


def copy_network(network, name):
    """Returns a frozen copy of a network, with the same weights.

    Raises:
        ValueError: If the network cannot be made again from its config.
    """
    config = keras.saving.serialize_keras_object(network)
    try:
        copy = keras.saving.deserialize_keras_object(config)
        copy.set_weights(network.get_weights())
    except (TypeError, ValueError, NotImplementedError) as error:
        raise ValueError(
            f"Mind2Mind keeps a moving average of '{network.name}', so it must be able to make it "
            "again: build it with keras.Input, or give its class get_config and register it with "
            f"keras.saving.register_keras_serializable. Keras says: {error}"
        ) from error
    copy.name = name
    copy.trainable = False
    return copy


def update_average(average, network, decay, step):
    """Moves each weight of the average towards the network's.

    The decay is ramped, `min(decay, (1 + step) / (10 + step))`: a fixed one would hold the first
    weights for a thousand steps.

    Args:
        average: The copy, updated in place.
        network: The network that is trained.
        decay: The highest decay, in [0, 1).
        step: Scalar tensor: updates done so far.
    """
    step = tf.cast(step, tf.float32)
    decay = tf.minimum(decay, (1.0 + step) / (10.0 + step))
    for slow, fast in zip(average.variables, network.variables, strict=True):
        if "float" in slow.dtype:
            slow.assign(fast + decay * (slow - fast))
