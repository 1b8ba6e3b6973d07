"""The optimisers of a mind."""

import keras
import numpy as np
import pytest

from m2m_tf.minds import Mind2Mind
from m2m_tf.minds.optimizers import WarmedUpAdam, check_optimizers


def moved(optimizer, steps):
    """How far each of some steps, with a gradient of 1, moves a variable."""
    variable = keras.Variable(np.float32(0))
    places = [0.0]
    for _ in range(steps):
        optimizer.apply([np.float32(1)], [variable])
        places.append(float(variable))
    return -np.diff(places)


def test_its_rate_rises_from_0_to_what_was_given_and_stays():
    steps = moved(WarmedUpAdam(0.1, warm_up=4, beta_1=0.0, beta_2=0.9), 6)
    np.testing.assert_allclose(steps, [0, 0.025, 0.05, 0.075, 0.1, 0.1], atol=1e-6)


def test_its_rate_can_be_set_as_that_of_any_optimiser():
    optimizer = WarmedUpAdam(0.1, warm_up=1)
    optimizer.learning_rate = 0.3
    np.testing.assert_allclose(moved(optimizer, 3), [0, 0.3, 0.3], atol=1e-5)


def test_it_is_saved_and_comes_back():
    config = keras.saving.serialize_keras_object(WarmedUpAdam(0.1, warm_up=7, beta_1=0.5))
    again = keras.saving.deserialize_keras_object(config)
    assert type(again) is WarmedUpAdam
    assert (again.warm_up, again.beta_1, float(again.learning_rate)) == (7, 0.5, pytest.approx(0.1))


@pytest.mark.parametrize(
    "settings, said",
    [
        ({"gradient_accumulation_steps": 2}, "gradient_accumulation_steps=2: .*larger batch_size"),
        ({"loss_scale_factor": 8.0}, "loss_scale_factor=8.0: no loss is scaled"),
        ({"use_ema": True}, "use_ema=True: .*average_decay"),
    ],
)
def test_an_optimiser_that_a_mind_cannot_use_is_refused(settings, said):
    for optimizers in ((keras.optimizers.SGD(0.1, **settings), None), ("sgd", _adam(settings))):
        with pytest.raises(ValueError, match=said):
            check_optimizers(*optimizers)


def test_a_loss_scale_around_an_optimiser_is_refused():
    with pytest.raises(ValueError, match="train in float32: no loss is scaled"):
        check_optimizers(keras.optimizers.LossScaleOptimizer(keras.optimizers.Adam()), None)


@pytest.mark.parametrize("given", ["mse", 1e-3, keras.losses.MeanSquaredError()])
def test_what_is_no_optimiser_is_refused(given):
    with pytest.raises(ValueError, match=r"compile\(generator_optimizer, critic_optimizer\), such"):
        check_optimizers("adam", given)


def test_optimisers_of_all_other_kinds_pass():
    clipped = keras.optimizers.AdamW(1e-3, clipnorm=1.0, weight_decay=1e-4)
    for optimizer in (clipped, "lion", {"class_name": "Adam", "config": {}}, None):
        check_optimizers(optimizer, keras.optimizers.SGD())


def _adam(settings):
    return keras.optimizers.Adam(1e-3, **settings)


@pytest.mark.parametrize(("width", "share"), [(4, 1.0), (8, 1.0), (16, 0.5), (32, 0.25)])
def test_the_rate_of_a_wide_network_is_as_many_times_smaller(width, share):
    settings = {"learning_rate": 0.1, "beta_1": 0.9, "beta_2": 0.999}
    optimizer = WarmedUpAdam(warm_up=1, wide=8, **settings)
    plain = keras.optimizers.Adam(**settings)
    ways = []
    for each in (keras.optimizers.deserialize(keras.optimizers.serialize(optimizer)), plain):
        weights = [keras.Variable(np.zeros((3, 4), "float32")), keras.Variable(np.zeros(width))]
        each.build(weights)
        each.iterations.assign(1)  # after the warm-up
        each.apply([np.ones((3, 4), "float32"), np.ones(width, "float32")], weights)
        ways.append([weight.numpy() for weight in weights])
    for wide, whole in zip(*ways, strict=True):
        np.testing.assert_allclose(wide, share * whole, rtol=1e-5)


def test_the_rate_of_a_flow_counts_its_axes(shared_autoencoder):
    model = Mind2Mind(shared_autoencoder, loss="flow")
    model.compile()
    assert model.generator_optimizer.wide == 512
    model.compile(WarmedUpAdam(1e-3))
    assert model.generator_optimizer.wide is None
