"""A training's checkpoints: all that the next epoch needs, and the best one's weights."""

import math

import keras
import numpy as np
import pytest

from m2m_tf.autoencoders.pretraining.resume import EpochCheckpoints
from m2m_tf.files.checkpoint_folder import CheckpointFolder

LOSSES = [3.0, 1.0, 2.0, math.nan]


def build():
    """A compiled network with a seed in it, as dropout has one."""
    network = keras.Sequential(
        [keras.Input((2,)), keras.layers.Dense(1), keras.layers.Dropout(0.5)]
    )
    network.compile(keras.optimizers.Adam(0.1), "mse")
    return network


def begun(folder=None, run=None):
    kept = EpochCheckpoints(folder and CheckpointFolder(folder), build(), run or {"seed": 0})
    kept.begin(before=4.0)
    return kept


def go_through(kept, losses):
    """Epochs of these held-out losses: after each all variables have the value of its number."""
    kept.on_train_begin()
    for epoch, loss in enumerate(losses, start=kept.epoch):
        for variable in (*kept.network.variables, *kept.network.optimizer.variables):
            variable.assign(np.full(variable.shape, epoch + 1))
        kept.on_epoch_end(epoch, {"loss": 2 * loss, "val_loss": loss})


def test_the_best_epoch_is_that_of_the_least_loss_and_its_weights_come_back():
    kept = begun()
    go_through(kept, LOSSES)
    assert (kept.best_epoch, kept.best_loss, kept.epoch) == (2, 1.0, 4)
    assert kept.history["loss"][:3] == [6, 2, 4] and math.isnan(kept.history["val_loss"][3])
    kept.restore_best()
    assert all((weight == 2).all() for weight in kept.network.get_weights())


def test_where_none_beats_the_start_its_weights_come_back():
    kept = begun()
    before = kept.network.get_weights()
    kept.begin(before=0.5, to_beat=0.5)
    go_through(kept, LOSSES)
    kept.restore_best()
    assert kept.best_epoch == 0
    np.testing.assert_array_equal(kept.network.get_weights()[0], before[0])


def test_all_that_a_step_changes_is_taken_up(tmp_path):
    first = begun(tmp_path)
    go_through(first, LOSSES)
    kept = EpochCheckpoints(CheckpointFolder(tmp_path), build(), {"seed": 0})
    kept.take_up(CheckpointFolder(tmp_path).newest())
    variables = [*kept.network.variables, *kept.network.optimizer.variables]
    assert len(variables) == 3 + 6  # weights and a seed; steps, rate and moments
    assert all((np.asarray(variable) == 4).all() for variable in variables)
    names = ("before", "best_epoch", "best_loss", "seconds", "epoch")
    assert [getattr(kept, name) for name in names] == [getattr(first, name) for name in names]
    np.testing.assert_equal(kept.history, first.history)
    kept.restore_best()
    assert all((weight == 2).all() for weight in kept.network.get_weights())


def test_a_run_that_is_another_is_refused_from_its_start(tmp_path):
    begun(tmp_path, {"source": "ab"})
    kept = EpochCheckpoints(CheckpointFolder(tmp_path), build(), {"source": "cd"})
    with pytest.raises(ValueError, match="source: 'ab' there, 'cd' now"):
        kept.take_up(CheckpointFolder(tmp_path).newest())
