"""The flow and the generator that follows it."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from m2m_tf.minds.flow import Flow, build_flow_generator, flow_of


def points(count=5, dim=6):
    return tf.constant(np.random.default_rng(0).normal(size=(count, dim)), "float32")


class Constant(Flow):
    """A flow whose velocity is one vector everywhere."""

    def velocity(self, places, time, label=None):
        return tf.ones_like(places) * 3.0


class Decay(Flow):
    """A flow whose velocity leads to 0: places shrink by e in time 1."""

    def velocity(self, places, time, label=None):
        return -places


def test_it_starts_as_the_identity():
    generator = build_flow_generator(6, (2, 3))
    np.testing.assert_array_equal(generator(points()), np.reshape(points(), (5, 2, 3)))


@pytest.mark.parametrize("steps", [1, 3, 8])
def test_a_constant_velocity_leads_as_far_as_it_says(steps):
    np.testing.assert_allclose(Constant(6, steps=steps)(points()), points() + 3, rtol=1e-6)


def test_more_steps_come_nearer_to_the_solution_by_the_second_power():
    errors = [
        np.abs(Decay(6, steps=steps)(points()) - points() / np.e).max() for steps in (4, 8, 16)
    ]
    assert errors[0] / errors[1] > 3.5 and errors[1] / errors[2] > 3.5


def test_the_velocity_depends_on_place_time_and_label():
    flow = Flow(6, width=16, depth=1, classes=2)
    flow.network.set_weights([np.ones_like(each) / 3 for each in flow.network.get_weights()])
    labels, times = tf.one_hot([0] * 5, 2), tf.zeros((5, 1))
    first = flow.velocity(points(), times, labels)
    for others in (
        (points() + 1, times, labels),
        (points(), times + 0.5, labels),
        (points(), times, 3 * labels),
    ):
        assert not np.allclose(first, flow.velocity(*others))


def test_it_is_made_again_from_its_settings():
    generator = build_flow_generator(6, (6,), width=32, depth=1, steps=2, classes=3)
    again = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(generator))
    again.set_weights(generator.get_weights())
    flow = flow_of(again)
    assert (flow.width, flow.depth, flow.steps, flow.classes) == (32, 1, 2, 3)
    inputs = [points(), tf.one_hot([0, 1, 2, 0, 1], 3)]
    np.testing.assert_array_equal(again(inputs), generator(inputs))


def test_a_latent_of_another_length_is_refused():
    with pytest.raises(ValueError, match="as long as a flat code: 6; got 5"):
        build_flow_generator(5, (2, 3))


def test_other_networks_have_no_flow():
    assert flow_of(keras.Sequential([keras.Input((3,)), keras.layers.Dense(3)])) is None
    assert flow_of("no network") is None
