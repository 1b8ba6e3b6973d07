"""Networks at labels that are held."""

import keras
import numpy as np

from m2m_tf.minds.given import given, of_step

LABELS = np.array([2, 0, 1], "int32")


def a_network():
    """Adds to the first value of an input the number of its class, of three."""
    value, label = keras.Input((1,)), keras.Input((3,))
    number = keras.layers.Dense(1, use_bias=False)
    network = keras.Model([value, label], keras.layers.Add()([value, number(label)]))
    number.set_weights([np.array([[0.0], [1.0], [2.0]])])
    return network


def test_each_input_comes_with_its_label():
    values = np.array([[10.0], [20.0], [30.0]], "float32")
    scores = given(a_network(), LABELS, 3)(values, training=False)
    np.testing.assert_array_equal(scores, [[12], [20], [31]])


def test_several_times_as_many_inputs_take_the_labels_again():
    scores = given(a_network(), LABELS, 3)(np.zeros((6, 1), "float32"), training=False)
    np.testing.assert_array_equal(scores[:, 0], [2, 0, 1, 2, 0, 1])


def test_without_labels_the_network_is_as_it_was():
    network = a_network()
    assert given(network, None, 0) is network and of_step(None, 1) is None


def test_a_critic_step_has_the_labels_of_its_own_codes():
    labels = np.array([[0, 1], [2, 0]])
    np.testing.assert_array_equal(of_step(labels, 1), [1, 0])
