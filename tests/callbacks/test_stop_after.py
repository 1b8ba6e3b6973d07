"""`StopAfter` ends a training by the clock, at the end of an epoch, across interruptions too."""

import json
import time

import keras
import numpy as np
import pytest

import m2m_tf as m2m


@pytest.fixture
def epochs():
    """A function that runs epochs of a given length through the callback; returns how many."""

    def run(callback, seconds, most=50):
        callback.set_model(keras.Sequential())
        callback.model.stop_training = False
        callback.on_train_begin()
        for epoch in range(most):
            callback.on_epoch_begin(epoch)
            time.sleep(seconds)
            callback.on_epoch_end(epoch)
            if callback.model.stop_training:
                return epoch + 1
        return most

    return run


def test_it_stops_at_the_epoch_that_is_nearest_to_the_time(epochs):
    callback = m2m.callbacks.StopAfter(minutes=0.1 / 60)
    done = epochs(callback, 0.02)
    assert 1 <= done <= 5  # a busy machine makes fewer
    assert callback.spent >= 0.1 - 0.02


def test_an_epoch_that_takes_longer_is_done_once(epochs):
    assert epochs(m2m.callbacks.StopAfter(minutes=1e-6), 0.01) == 1


def test_a_training_that_goes_on_has_the_rest(epochs, tmp_path):
    record = tmp_path / "spent.json"
    epochs(m2m.callbacks.StopAfter(minutes=1, record=record), 0.05, most=2)
    assert json.loads(record.read_text())["seconds"] >= 0.1
    goes_on = m2m.callbacks.StopAfter(minutes=0.15 / 60, record=record)
    assert epochs(goes_on, 0.05) == 1
    assert goes_on.spent >= 0.15 - 0.025


@pytest.mark.parametrize("content", ["", "{}", '{"seconds": "many"}', "[1]"])
def test_a_damaged_record_counts_as_none(tmp_path, epochs, content):
    record = tmp_path / "spent.json"
    record.write_text(content)
    callback = m2m.callbacks.StopAfter(minutes=1, record=record)
    callback.on_train_begin()
    assert callback.spent < 30


@pytest.mark.parametrize("minutes", [0, -1, float("nan"), float("inf"), "10", None])
def test_what_is_no_time_is_refused(minutes):
    with pytest.raises(ValueError, match="minutes must be a number above 0; got"):
        m2m.callbacks.StopAfter(minutes)


@pytest.mark.slow
def test_fit_ends_by_it(tiny_autoencoder, digits):
    model = m2m.Mind2Mind(tiny_autoencoder, seed=0)
    model.compile()
    codes = tiny_autoencoder.encode(digits[:64])
    stop = m2m.callbacks.StopAfter(minutes=0.5 / 60)
    history = model.fit(codes, epochs=10_000, batch_size=32, callbacks=[stop], verbose=0)
    assert 1 <= len(history.epoch) < 10_000
    assert np.isfinite(history.history["critic_loss"]).all()
