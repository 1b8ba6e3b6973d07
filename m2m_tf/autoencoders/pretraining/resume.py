"""Pretraining that survives a cut: the last and the best whole epoch, on disk."""

import json
import time
from pathlib import Path

import keras

from m2m_tf.files.durable import replacing, write_durably

STATE = "state.json"


class KeepBestAndLast(keras.callbacks.Callback):
    """Saves the model after each epoch, and apart when its held-out loss is the lowest yet.

    Args:
        folder: Where `last.keras`, `best.keras` and `state.json` go.
        state: What `read_state` or `new_state` gave; kept up to date here.
    """

    def __init__(self, folder, state):
        super().__init__()
        self.folder = Path(folder)
        self.state = state

    def on_train_begin(self, logs=None):
        self.folder.mkdir(parents=True, exist_ok=True)
        self._epoch_began = time.perf_counter()

    def on_epoch_end(self, epoch, logs=None):
        now = time.perf_counter()
        state = self.state
        state["seconds"] += now - self._epoch_began
        state["history"].append({name: float(value) for name, value in logs.items()})
        self._epoch_began = now
        if logs["val_loss"] < state["best_loss"]:
            state.update(best_loss=float(logs["val_loss"]), best_epoch=epoch + 1)
            self._save_model("best.keras")
        state["epoch"] = epoch + 1
        self._save_model("last.keras")
        write_state(self.folder, state)

    def _save_model(self, name):
        with replacing(self.folder / name) as unfinished:
            self.model.save(unfinished)


def new_state(settings, start_mse):
    """The state of a run that has not begun."""
    return {
        "settings": settings,
        "epoch": 0,
        "seconds": 0.0,
        "start_mse": start_mse,
        "best_loss": float("inf"),
        "best_epoch": 0,
        "history": [],
    }


def read_state(folder, settings):
    """Reads the state of a run that was cut off.

    Args:
        folder: The run's training folder.
        settings: What the run is asked to do now.

    Returns:
        The state, or None where no epoch was finished.

    Raises:
        ValueError: If the folder holds a run with other settings.
    """
    path = Path(folder) / STATE
    if not path.is_file():
        return None
    state = json.loads(path.read_text(encoding="utf-8"))
    if state["settings"] != settings:
        others = [key for key in settings if state["settings"].get(key) != settings[key]]
        raise ValueError(
            f"'{path.parent}' holds an unfinished run with other settings ({', '.join(others)}). "
            "Give the same settings to continue it, another folder, or delete that one."
        )
    return state


def write_state(folder, state):
    """Writes the state whole or not at all."""
    write_durably(Path(folder) / STATE, (json.dumps(state, indent=2) + "\n").encode())
