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


def test_guidance_goes_beyond_what_was_learned():
    flow = Constant(6, steps=3, measured=True)
    for guidance, way in ((1.5, 4.5), (0.0, 0.0)):
        flow.guidance.assign(guidance)
        np.testing.assert_allclose(flow(points()), points() + way, rtol=1e-6)


def test_a_unit_grows_with_the_power_of_its_values_deviation():
    widths = np.array([8.0, 1.0, 1.0 / 8, 0.0, 1.0, 1.0])
    flow = Flow(6, measured=True)
    flow.adapt(np.random.default_rng(0).choice([-1.0, 1.0], (4001, 6)) * widths)
    units = flow.units.numpy()
    np.testing.assert_allclose(units[:3] / units[1], 8.0 ** np.array([0.75, 0, -0.75]), rtol=1e-2)
    assert units[3] == pytest.approx(units[0] * 1e-3**0.75, rel=1e-5)  # what never varies
    assert np.square(units).mean() == pytest.approx(1, rel=1e-5)


def test_units_leave_codes_that_never_vary_alone():
    flow = Flow(6, measured=True)
    flow.adapt(np.full((10, 6), 3.0))
    np.testing.assert_allclose(flow.units, 1, rtol=1e-6)


def test_the_network_takes_and_gives_values_in_their_units():
    flow, plain = Flow(6, measured=True), Flow(6)
    weights = [np.full_like(each, 0.1) for each in plain.network.get_weights()]
    for each in (flow, plain):
        each.network.set_weights(weights)
    flow.adapt(points(50) * [[4.0, 1, 1, 1, 1, 0.1]])
    times = tf.zeros((5, 1))
    np.testing.assert_allclose(
        flow.velocity(points() * flow.units, times),
        plain.velocity(points(), times) * flow.units,
        rtol=1e-4,
    )


def test_a_flow_of_before_units_is_made_again_as_it_was():
    config = {"dim": 6, "width": 16, "depth": 1, "steps": 2, "classes": 0}
    flow = Flow.from_config(config)
    flow.adapt(points())
    assert flow.guidance == 1 and len(flow.weights) == len(flow.network.weights)


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
    flow_of(generator).adapt(points() * [[3.0, 2, 1, 1, 1, 1]])
    again = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(generator))
    again.set_weights(generator.get_weights())
    flow = flow_of(again)
    assert (flow.width, flow.depth, flow.steps, flow.classes) == (32, 1, 2, 3)
    assert flow.measured and np.ptp(flow.units) > 0
    inputs = [points(), tf.one_hot([0, 1, 2, 0, 1], 3)]
    np.testing.assert_array_equal(again(inputs), generator(inputs))


def test_a_latent_of_another_length_is_refused():
    with pytest.raises(ValueError, match="as long as a flat code: 6; got 5"):
        build_flow_generator(5, (2, 3))


def test_other_networks_have_no_flow():
    assert flow_of(keras.Sequential([keras.Input((3,)), keras.layers.Dense(3)])) is None
    assert flow_of("no network") is None
