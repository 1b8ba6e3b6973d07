"""The graph of a Keras model: which operation gives a tensor, from which tensors."""

import keras
from keras import layers

from m2m_tf.keras_internals import node_of

TRAINING_DIFFERS = (
    keras.Model,
    layers.BatchNormalization,
    layers.Dropout,
    layers.GaussianDropout,
    layers.GaussianNoise,
    layers.SpatialDropout2D,
    layers.SpectralNormalization,
)


def has_graph(model):
    """Whether a model is functional or sequential, with one input and one output."""
    if not isinstance(model, keras.Model) or not model.built:
        return False
    inputs, outputs = getattr(model, "inputs", None), getattr(model, "outputs", None)
    return bool(inputs) and bool(outputs) and len(inputs) == len(outputs) == 1


def producer(tensor):
    """Returns `(operation, tensors)`: what gives this symbolic tensor, from what."""
    operation, node = node_of(tensor)
    return operation, node.input_tensors


def last_layer(model, is_passed):
    """The layer that gives a model's output, behind those that `is_passed` holds for; or None."""
    if not has_graph(model):
        return None
    tensor = model.outputs[0]
    while True:
        operation, tensors = producer(tensor)
        if isinstance(operation, keras.Model):
            return last_layer(operation, is_passed)
        if not is_passed(operation) or len(tensors) != 1:
            return operation
        tensor = tensors[0]


def forces_training(tensor):
    """Whether the layer that gives this tensor trains at inference too: `training=True`."""
    operation, node = node_of(tensor)
    if not isinstance(operation, TRAINING_DIFFERS):  # other layers may note it and not mind
        return False
    return node.arguments.kwargs.get("training") is True
