"""The private names of Keras and TensorFlow that the package needs, each in one function.

They have no public equivalent. `tests/test_keras_internals.py` says what breaks where one changes.
"""

import tensorflow as tf


def layers_below(model):
    """All layers of a model, those of the models in it too; without the model itself."""
    return list(model._flatten_layers(include_self=False))


def replace_layer(model, name, layer):
    """Gives a built model another layer under an attribute's name; plain assignment is refused."""
    model._tracker.replace_tracked_value("layers", getattr(model, name), layer)
    setattr(model, name, layer)


def node_of(tensor):
    """`(operation, node)` that a symbolic tensor comes from: one call of the operation.

    The node has `input_tensors`, and `arguments.kwargs` of the call.
    """
    operation, index, _ = tensor._keras_history
    return operation, operation._inbound_nodes[index]


def loss_metric(model):
    """The metric in which a compiled model keeps the mean of its loss."""
    return model._loss_tracker


def learning_rate_of(optimizer):
    """Its variable or schedule; the public property computes a schedule's rate, and hides it."""
    return optimizer._learning_rate


class BuiltFromTheStart:
    """Mixin of a `keras.Model` whose weights are there before `fit`, of replicas too.

    Keras would build it by the sum of the replicas' batches, which may be of any lengths.
    """

    def _maybe_symbolic_build(self, iterator=None, data_batch=None):
        """Nothing is left to build."""


class SameElements(tf.data.Dataset):
    """A dataset of the same elements as another one, for subclasses that iterate otherwise."""

    def __init__(self, dataset):
        self._dataset = dataset
        super().__init__(dataset._variant_tensor)

    def _inputs(self):
        return [self._dataset]

    @property
    def element_spec(self):
        return self._dataset.element_spec


def with_constants(concrete_function):
    """A concrete function with its variables' values in place of the variables."""
    from tensorflow.python.framework import convert_to_constants

    return convert_to_constants.convert_variables_to_constants_v2(concrete_function)
