"""Learning rates made smaller in the middle of a training."""

import keras
import pytest
from keras.optimizers import schedules

from m2m_tf.minds.rates import BothRates, Rates, ScaledSchedule, check_settable


@pytest.fixture
def optimizers():
    """One of a schedule and one of a number."""
    schedule = schedules.PolynomialDecay(0.1, 10, 0.0)
    return keras.optimizers.Adam(schedule), keras.optimizers.SGD(0.5)


def rates(optimizers):
    return [float(each.learning_rate) for each in optimizers]


def test_a_factor_scales_a_schedule_and_a_number(optimizers):
    found = Rates(optimizers)
    found.scale(0.25)
    assert rates(optimizers) == pytest.approx([0.025, 0.125])
    assert float(optimizers[0]._learning_rate(5)) == pytest.approx(0.0125)


def test_a_factor_is_of_the_rates_as_they_were_and_not_of_the_last(optimizers):
    found = Rates(optimizers)
    for factor in (0.5, 0.25, 1.0):
        found.scale(factor)
        assert rates(optimizers) == pytest.approx([0.1 * factor, 0.5 * factor])
    assert isinstance(optimizers[0]._learning_rate, schedules.PolynomialDecay)


def test_schedules_alone_are_scaled_where_numbers_have_the_factor_already(optimizers):
    found = Rates(optimizers)
    found.scale_schedules(0.5)
    assert rates(optimizers) == pytest.approx([0.05, 0.5]) and found.factor == 0.5


def test_a_scaled_schedule_is_saved_and_comes_back(optimizers):
    schedule = ScaledSchedule(optimizers[0]._learning_rate, 0.5)
    again = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(schedule))
    assert isinstance(again, ScaledSchedule)
    assert [float(again(step)) for step in (0, 5)] == pytest.approx([0.05, 0.025])


def test_the_critics_rate_follows_what_a_callback_makes_of_the_generators(make_mind):
    model = make_mind()
    both = BothRates(model)
    both.on_train_begin()
    for rate, expected in ((1e-3, 1e-3), (0.0, 0.0), (4e-3, 4e-3)):
        model.generator_optimizer.learning_rate = rate
        both.on_train_batch_begin(0)
        assert float(model.critic_optimizer.learning_rate) == pytest.approx(expected)
    model.critic_optimizer.learning_rate = 1.0
    both.on_epoch_end(0)
    model.generator_optimizer.learning_rate = 2e-3
    both.on_epoch_begin(1)
    assert float(model.critic_optimizer.learning_rate) == pytest.approx(0.5)


def test_rates_that_are_schedules_cannot_be_set(optimizers):
    with pytest.raises(ValueError, match="Compile both with numbers"):
        check_settable(optimizers)
    check_settable(optimizers[1:])
