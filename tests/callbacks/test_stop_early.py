"""`StopEarly` ends a training in which held-out codes find nothing better, when taken up too."""

import keras
import numpy as np
import pytest

import m2m_tf as m2m
from m2m_tf.minds import best
from m2m_tf.minds.checkpoints import state_of

FIT = {"batch_size": 100, "validation_split": 0.1, "verbose": 0, "epochs": 12}


@pytest.fixture
def make(shared_autoencoder, monkeypatch):
    """A function that makes a mind with a rate; it is looked at every five steps."""
    monkeypatch.setattr(best, "STEPS", 5)

    def make(rate):
        model = m2m.Mind2Mind(shared_autoencoder, seed=0)
        model.compile(keras.optimizers.Adam(rate, 0.0, 0.9))
        return model

    return make


@pytest.fixture(scope="module")
def codes(shared_autoencoder, digits):
    return shared_autoencoder.encode(digits[:600])


@pytest.mark.slow
def test_a_training_that_does_harm_ends_when_it_has_waited(make, codes, capsys):
    model = make(rate=0.3)
    stop = m2m.callbacks.StopEarly(wait=20, verbose=1)
    history = model.fit(codes, callbacks=[stop], **FIT)
    assert len(history.epoch) == 4  # of 5 updates each
    said = capsys.readouterr().out
    assert (
        "Stopped after 20 updates: held-out codes found none better than the average after 0."
        in said
    )


@pytest.mark.slow
def test_it_waits_as_long_as_the_best_look_took(make, codes):
    model = make(rate=1e-4)
    model.fit(codes, **{**FIT, "epochs": 4})
    stop = m2m.callbacks.StopEarly(wait=1)
    for kept, over in ((20, False), (11, False), (10, True), (0, True)):
        model.best.step.assign(kept)
        assert stop.is_over(model) == over


@pytest.mark.slow
def test_without_held_out_codes_it_never_stops(make, codes):
    model = make(rate=0.3)
    history = model.fit(
        codes, callbacks=[m2m.callbacks.StopEarly(wait=1)], **{**FIT, "validation_split": 0}
    )
    assert len(history.epoch) == 12


@pytest.mark.slow
def test_a_training_that_it_ended_is_not_taken_up_again(make, codes, tmp_path):
    ended = make(rate=0.3)
    fit = {**FIT, "checkpoint": tmp_path, "callbacks": [m2m.callbacks.StopEarly(wait=20)]}
    first = ended.fit(codes, **fit)
    again = make(rate=0.3)
    second = again.fit(codes, **fit)
    assert second.epoch == first.epoch and second.history == first.history
    for name, value in state_of(ended).items():
        np.testing.assert_array_equal(value, state_of(again)[name], name)


@pytest.mark.parametrize("wait", [0, -1, 2.5, None])
def test_a_wait_that_is_no_number_of_updates_is_refused(wait):
    with pytest.raises(ValueError, match="wait"):
        m2m.callbacks.StopEarly(wait=wait)
