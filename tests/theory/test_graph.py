"""Which operation gives a tensor of a Keras model, from which tensors."""

import keras
from keras import layers

from m2m_tf.theory.graph import forces_training, has_graph, last_layer, producer


def test_functional_and_sequential_models_have_a_graph():
    image = keras.Input((4,))
    assert has_graph(keras.Model(image, layers.Dense(2)(image)))
    assert has_graph(keras.Sequential([keras.Input((4,)), layers.Dense(2)]))


def test_what_was_not_built_or_has_two_outputs_has_none():
    image = keras.Input((4,))
    two = keras.Model(image, [layers.Dense(2)(image), layers.Dense(3)(image)])
    assert not has_graph(two) and not has_graph(keras.Sequential([layers.Dense(2)]))
    assert not has_graph(layers.Dense(2))


def test_a_tensor_tells_its_layer_and_what_that_was_given():
    image = keras.Input((4,))
    dense, add = layers.Dense(4), layers.Add()
    made = dense(image)
    summed = add([made, image])
    operation, (first, second) = producer(summed)
    assert operation is add and first is made and second is image
    assert producer(made)[0] is dense


def test_the_last_layer_is_found_behind_others_and_inside_models():
    dense = layers.Dense(6)
    inner = keras.Sequential([keras.Input((4,)), dense, layers.Reshape((2, 3))])
    model = keras.Sequential([keras.Input((4,)), inner])
    assert last_layer(model, lambda layer: isinstance(layer, layers.Reshape)) is dense
    assert isinstance(last_layer(model, lambda _: False), layers.Reshape)
    assert last_layer(layers.Dense(2), lambda _: False) is None


def test_only_a_layer_that_minds_forces_training():
    image = keras.Input((4,))
    assert forces_training(layers.Dropout(0.5)(image, training=True))
    assert not forces_training(layers.Dropout(0.5)(image))
    assert not forces_training(layers.Dense(2)(image))
