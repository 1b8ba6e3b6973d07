"""Which callbacks a mind takes; tests/conformance/test_callbacks.py has what each does."""

import keras
import pytest
from keras import callbacks

from m2m_tf.minds.callbacks import check_callbacks, restores_best


def test_callbacks_that_a_mind_has_a_use_for_pass(make_mind):
    check_callbacks(make_mind(), [callbacks.CSVLogger("any"), callbacks.ReduceLROnPlateau()])


@pytest.mark.parametrize(
    "callback, said",
    [
        (callbacks.SwapEMAWeights(), "nothing to swap"),
        (callbacks.History, "expects objects of keras.callbacks.Callback"),
        (print, "expects objects of keras.callbacks.Callback"),
    ],
)
def test_others_are_refused(make_mind, callback, said):
    with pytest.raises(ValueError, match=said):
        check_callbacks(make_mind(), [callback])


def test_schedules_are_not_set_by_callbacks(make_mind):
    model = make_mind()
    model.compile(keras.optimizers.SGD(keras.optimizers.schedules.CosineDecay(1e-3, 10)))
    check_callbacks(model, [callbacks.TerminateOnNaN()])
    with pytest.raises(ValueError, match="has a schedule"):
        check_callbacks(model, [callbacks.ReduceLROnPlateau()])


def test_early_stopping_gives_back_the_best_where_it_saw_one():
    stop = callbacks.EarlyStopping(restore_best_weights=True)
    assert not restores_best(stop) and not restores_best(callbacks.History())
    stop.best_weights = []
    assert restores_best(stop)
