"""Training on images that survives a cut: a checkpoint an epoch, of all that the next one needs."""

import dataclasses
import json
import math
import time

import keras
import numpy as np

BEST = "best/"  # how the names of the best epoch's weights begin
FIGURES = ("before", "best_loss", "best_epoch", "seconds", "history")


class EpochCheckpoints(keras.callbacks.Callback):
    """Keeps a training after each epoch, and the weights of its best one.

    A checkpoint holds all that a step changes: weights, the optimiser's moments and steps, seeds.
    Where batches follow from the epoch's number, a training that is taken up ends with the same
    bits. It goes after callbacks that change the logs.

    Args:
        folder: A `CheckpointFolder`; None keeps nothing on the disk.
        network: The compiled `keras.Model` in training, whose weights are there.
        run: What must be the same for a checkpoint to be of this run, a dictionary that JSON can
            hold.

    Attributes:
        network: That model.
        before: The error before the first epoch.
        history: `{log: [value of each epoch]}`.
        best_epoch: The epoch of the least `val_loss`, from 1; 0 where none was below what was to
            be beaten.
        best_loss: That loss.
        seconds: What all epochs took, those before an interruption too.
    """

    def __init__(self, folder, network, run):
        super().__init__()
        self._folder, self.network = folder, network
        self._run = json.loads(json.dumps(run))
        network.optimizer.build(network.trainable_variables)
        self.before = self.best_loss = math.inf
        self.best_epoch, self.history, self.seconds = 0, {}, 0.0
        self._best = network.get_weights()

    @property
    def epoch(self):
        """The number of epochs that were trained."""
        return len(next(iter(self.history.values()), ()))

    def begin(self, before, to_beat=math.inf):
        """Begins anew.

        Args:
            before: The error before the first epoch.
            to_beat: The `val_loss` that an epoch must be below to be the best one.
        """
        self.before, self.best_loss = float(before), float(to_beat)
        self._write()

    def take_up(self, checkpoint):
        """Goes on from a `Checkpoint`.

        Raises:
            ValueError: If it is that of another run or of other networks.
        """
        card = checkpoint.card
        checkpoint.check_run(card["run"], self._run)
        of_step = {k: v for k, v in checkpoint.arrays.items() if not k.startswith(BEST)}
        dataclasses.replace(checkpoint, arrays=of_step).assign_to(self._variables())
        self._best = [checkpoint.arrays[f"{BEST}{i}"] for i in range(len(self._best))]
        for name in FIGURES:
            setattr(self, name, card[name])

    def on_train_begin(self, logs=None):
        self._began = time.perf_counter()

    def on_epoch_end(self, epoch, logs=None):
        now = time.perf_counter()
        self.seconds += now - self._began
        self._began = now
        for name, value in logs.items():
            self.history.setdefault(name, []).append(float(value))
        if logs.get("val_loss", math.inf) < self.best_loss:
            self.best_loss, self.best_epoch = float(logs["val_loss"]), epoch + 1
            self._best = self.network.get_weights()
        self._write()

    def restore_best(self):
        """Gives the network the weights of its best epoch, or those of the start."""
        self.network.set_weights(self._best)

    def _write(self):
        if self._folder is None:
            return
        arrays = {name: np.asarray(value) for name, value in self._variables().items()}
        arrays |= {f"{BEST}{number}": value for number, value in enumerate(self._best)}
        figures = {name: getattr(self, name) for name in FIGURES}
        self._folder.write(self.epoch, arrays, {**figures, "run": self._run})

    def _variables(self):
        """All that a step changes: `{name: variable}`."""
        parts = {"network": self.network, "optimizer": self.network.optimizer}
        return {
            f"{name}/{number}": variable
            for name, part in parts.items()
            for number, variable in enumerate(part.variables)
        }
