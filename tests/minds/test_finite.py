"""A training whose numbers blow up stops within the epoch, or goes back."""

import keras
import numpy as np
import pytest

import m2m_tf as m2m
from m2m_tf.errors import NonFinite
from m2m_tf.minds.finite import FiniteSteps
from tests.minds.conftest import small_networks

pytestmark = pytest.mark.slow

FIT = {"batch_size": 50, "verbose": 0}


class BlowUp(keras.callbacks.Callback):
    """Makes a weight of the critic infinite before a training step, some times."""

    def __init__(self, step, times=1):
        super().__init__()
        self.step, self.times = step, times

    def on_train_batch_begin(self, batch, logs=None):
        model = self.model
        if self.times and model.generator_optimizer.iterations.numpy() + 1 == self.step:
            kernel = model.critic.trainable_variables[0]
            kernel.assign(np.full(kernel.shape, np.inf))
            self.times -= 1


@pytest.fixture
def make(shared_autoencoder):
    def make(generator_optimizer=None):
        keras.utils.set_random_seed(5)
        model = m2m.Mind2Mind(shared_autoencoder, **small_networks(), critic_steps=1, seed=0)
        model.compile(generator_optimizer)
        return model

    return make


def rates(model):
    return [
        float(keras.ops.convert_to_numpy(each.learning_rate))
        for each in (model.generator_optimizer, model.critic_optimizer)
    ]


@pytest.mark.parametrize("step", [1, 6, 9])
def test_it_stops_at_the_end_of_the_epoch_with_the_step_and_the_term(make, digits, step):
    model = make()
    with pytest.raises(NonFinite, match=f"at step {step}: .*critic_loss.*NaN") as raised:
        model.fit(digits[:300], epochs=9, callbacks=[BlowUp(step)], **FIT)
    assert raised.value.step == step and "critic_loss" in raised.value.terms
    assert model.generator_optimizer.iterations == -(-step // 6) * 6


def test_two_replicas_tell_the_same_step(make, digits, two_replicas):
    with two_replicas.scope():
        model = make()
    with pytest.raises(NonFinite, match="at step 8"):
        model.fit(digits[:300], epochs=9, callbacks=[BlowUp(8)], **FIT)


def test_the_last_good_checkpoint_is_kept(make, digits, tmp_path, monkeypatch):
    monkeypatch.setattr("m2m_tf.minds.checkpoints.SECONDS", 0.0)
    with pytest.raises(NonFinite):
        make().fit(digits[:300], epochs=9, checkpoint=tmp_path, callbacks=[BlowUp(15)], **FIT)
    whole, resumed = make(), make()
    resumed.fit(digits[:300], epochs=4, checkpoint=tmp_path, **FIT)
    whole.fit(digits[:300], epochs=4, **FIT)
    for ours, theirs in zip(resumed.weights, whole.weights, strict=True):
        np.testing.assert_array_equal(ours.numpy(), theirs.numpy())


@pytest.mark.parametrize(("times", "optimizer"), [(1, None), (3, 1e-3)])
def test_rolling_back_halves_the_rates_and_finishes(make, digits, tmp_path, times, optimizer):
    make_optimizer = optimizer and (lambda: keras.optimizers.Adam(optimizer))
    model = make(make_optimizer and make_optimizer())
    model.fit(digits[:300], epochs=2, **FIT)
    before = rates(model)
    history = model.fit(
        digits[:300],
        epochs=4,
        on_nonfinite="rollback",
        callbacks=[BlowUp(15, times)],
        **FIT,
    )
    assert len(history.history["critic_loss"]) == 4
    assert np.isfinite(history.history["critic_loss"]).all()
    assert all(np.isfinite(weight.numpy()).all() for weight in model.weights)
    after = rates(model)
    assert after[1] == pytest.approx(before[1] / 2**times)
    assert after[0] == pytest.approx(before[0] / 2**times)


def test_a_fourth_time_is_the_last(make, digits):
    model = make()
    model.run_eagerly = True  # each time is a training of few steps, which is traced anew
    with pytest.raises(NonFinite, match="at step 3"):
        model.fit(digits[:300], epochs=4, on_nonfinite="rollback", callbacks=[BlowUp(3, 4)], **FIT)


def test_halved_rates_are_those_of_who_takes_the_training_up(make, digits, tmp_path):
    decay = keras.optimizers.schedules.CosineDecay(1e-3, 1000)
    model = make(keras.optimizers.Adam(decay))
    model.fit(
        digits[:300],
        epochs=3,
        checkpoint=tmp_path,
        on_nonfinite="rollback",
        callbacks=[BlowUp(5)],
        **FIT,
    )
    again = make(keras.optimizers.Adam(decay))
    again.fit(digits[:300], epochs=4, checkpoint=tmp_path, **FIT)
    assert again.generator_optimizer.iterations == 24
    schedule = again.generator_optimizer._learning_rate
    assert schedule.factor == 0.5
    assert rates(again)[1] == pytest.approx(1e-3)
    again.save(tmp_path / "model")
    assert m2m.Mind2Mind.load(tmp_path / "model").generator_optimizer._learning_rate.factor == 0.5


def test_another_answer_is_refused(make, digits):
    said = "on_nonfinite must be one of 'stop', 'rollback'; got 'pray'"
    with pytest.raises(ValueError, match=said):
        make().fit(digits[:300], on_nonfinite="pray", **FIT)


def test_steps_are_counted_until_a_term_is_not_finite():
    metric = FiniteSteps(3)
    for values in ([1, 1, 1], [1, np.nan, 1], [np.inf, 1, 1], [1, 1, 1]):
        metric.update_state(np.array(values, "float32"))
    np.testing.assert_array_equal(metric.result(), [2, 1, 4])
    metric.reset_state()
    np.testing.assert_array_equal(metric.result(), [0, 0, 0])
