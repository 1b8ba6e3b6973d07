"""The private names of Keras and TensorFlow that the package needs, each in one function.

They have no public equivalent. `tests/test_keras_internals.py` says what breaks where one changes.
"""

import contextlib
import functools

import keras
import tensorflow as tf
from keras.src.backend.common import global_state


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


def check_writes_no_hdf5(name):
    """Refuses to be written into HDF5, Keras' format of old, which asks for a config apart.

    Raises:
        ValueError: If Keras is at it.
    """
    if global_state.get_global_attribute("use_legacy_config"):
        raise ValueError(
            f"{name} is not kept in a .h5 file, whose format holds no such model; nothing was "
            "written into the one that Keras began. Give keras.saving.save_model a name that ends "
            "in .keras, or call its own save."
        )


class BuiltFromTheStart:
    """Mixin of a `keras.Model` whose weights are there before `fit`, of replicas too.

    Keras would build it by the sum of the replicas' batches, which may be of any lengths.
    """

    def _maybe_symbolic_build(self, iterator=None, data_batch=None):
        """Nothing is left to build."""


def freed(function):
    """A function whose graph is freed with its model; only for what no caller differentiates.

    TensorFlow keeps the gradient of each `tf.custom_gradient` in a graph for ever, with that the
    graph, and with that the weights. Keras' optimisers, silu and synchronised batch normalisation
    have such gradients. A tape inside the function does not look them up there.
    """

    @functools.wraps(function)
    def forgetful(*arguments, **settings):
        found = function(*arguments, **settings)
        _forget_gradients()
        return found

    return forgetful


@tf.autograph.experimental.do_not_convert
def _forget_gradients():
    """Takes the custom gradients of the graph that is being traced out of TensorFlow's registry."""
    if tf.executing_eagerly():
        return
    graphs = [tf.compat.v1.get_default_graph()]
    while graphs:
        _forget_gradients_of(graphs.pop(), graphs)


def _forget_gradients_of(graph, graphs):
    """Takes those of one graph; adds the graphs of its loops to the list."""
    from tensorflow.python.framework import ops

    for operation in graph.get_operations():
        loops = (getattr(operation, name, None) for name in ("_body_graph", "_cond_graph"))
        graphs.extend(loop for loop in loops if loop is not None)
        if operation.type == "IdentityN":  # what they are hung on
            with contextlib.suppress(ValueError):  # has none
                name = operation.get_attr("_gradient_op_type").decode()
                ops.gradient_registry._registry.pop(name, None)


class FreedStep:
    """Mixin of a `keras.Model` that trains as Keras does: its step is freed with it."""

    @freed
    def train_step(self, *arguments):
        return super().train_step(*arguments)


class SeedsOf(keras.random.SeedGenerator):
    """Seeds that follow from a number, such as a batch's: nothing is counted between two of them.

    Keras' own is counted on with each draw, and by parallel threads in any order.

    Args:
        seed: A whole number.
        number: A whole number or a scalar tensor, of the pipeline's graph.
    """

    def __init__(self, seed, number):  # Keras' own would make the variable that it counts in
        self._seed, self._number, self._drawn = seed, number, 0

    def next(self, ordered=True):
        """The seed of the next draw, int64 `(2,)`; 64 draws a number at most."""
        self._drawn += 1
        place = tf.cast(self._number, tf.int64) * 64 + self._drawn
        return tf.stack([tf.constant(self._seed, tf.int64), place])


def augmented(layer, images, seeds):
    """Images as one of Keras' layers augments them, by TensorFlow, whatever the backend is.

    Args:
        layer: A random layer of Keras' image preprocessing.
        images: A tensor of images, of a pipeline's graph or not.
        seeds: A `SeedsOf`.
    """
    layer.backend.set_backend("tensorflow")
    try:
        drawn = layer.get_random_transformation(images, training=True, seed=seeds)
        return layer.transform_images(images, drawn, training=True)
    finally:
        layer.backend.reset()


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
