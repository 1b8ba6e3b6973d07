"""The moving average of the generator."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from m2m_tf.minds import build_generator
from m2m_tf.minds.average import copy_network, update_average


class Unregistered(keras.layers.Layer):
    """A layer that Keras cannot make again: its class is registered nowhere."""

    def __init__(self, size):
        super().__init__()
        self.kernel = self.add_weight(shape=(size, size))

    def call(self, inputs):
        return inputs @ self.kernel


def filled(network, value):
    network.set_weights([np.full_like(weight, value) for weight in network.get_weights()])


def test_a_copy_has_the_same_weights_and_is_frozen():
    generator = build_generator(4, (3,), widths=(5,))
    copy = copy_network(generator, "average")
    assert copy.name == "average" and copy.trainable_weights == [] and not copy.trainable
    assert generator.trainable and generator.trainable_weights
    for ours, theirs in zip(copy.get_weights(), generator.get_weights(), strict=True):
        np.testing.assert_array_equal(ours, theirs)
    filled(generator, 7)
    assert not any((weight == 7).all() for weight in copy.get_weights())


def test_a_network_that_cannot_be_made_again_is_refused():
    latent = keras.Input((4,))
    generator = keras.Model(latent, Unregistered(4)(latent), name="mine")
    with pytest.raises(ValueError, match="'mine'.*register_keras_serializable"):
        copy_network(generator, "average")


@pytest.mark.parametrize(
    "step, decay", [(0, 0.1), (1, 2 / 11), (90, 0.91), (889, 890 / 899), (10**6, 0.999)]
)
def test_the_decay_is_ramped_up_to_its_highest(step, decay):
    generator = build_generator(4, (3,), widths=(5,))
    average = copy_network(generator, "average")
    filled(average, 1.0)
    filled(generator, 0.0)
    update_average(average, generator, 0.999, tf.constant(step, tf.int64))
    for weight in average.get_weights():
        np.testing.assert_allclose(weight, decay, rtol=1e-5)


def test_the_first_weights_are_forgotten_within_a_hundred_steps():
    generator = build_generator(4, (3,), widths=(5,))
    average = copy_network(generator, "average")
    filled(average, 1.0)
    filled(generator, 0.0)
    for step in range(100):
        update_average(average, generator, 0.999, step)
    assert average.get_weights()[0].max() < 1e-6  # a fixed .999 would be at 0.9


def test_batch_normalisation_is_averaged_too():
    generator = build_generator(4, (3,), widths=(5,))
    average = copy_network(generator, "average")
    filled(generator, 5.0)
    update_average(average, generator, 0.0, 0)
    for weight in average.get_weights():
        np.testing.assert_array_equal(weight, 5.0)


def test_a_seed_generator_inside_is_left_alone():
    latent = keras.Input((4,))
    generator = keras.Model(latent, keras.layers.Dropout(0.5, seed=1)(latent))
    average = copy_network(generator, "average")
    before = [np.asarray(variable) for variable in average.variables]
    generator(np.ones((2, 4)), training=True)
    update_average(average, generator, 0.0, 0)
    for variable, old in zip(average.variables, before, strict=True):
        np.testing.assert_array_equal(variable, old)
