"""Checkpoints of a training: all that it needs to go on as if it had never been cut off."""

import json
import shutil
import time
import warnings
from pathlib import Path

import keras
import numpy as np

from m2m_tf.files.being_made import being_made
from m2m_tf.files.card import read_card, write_card
from m2m_tf.files.durable import replace_folder, replacing
from m2m_tf.minds.rates import Rates

STATE = "state.npz"
KEPT = 3
SECONDS = 10.0  # between checkpoints, at least: writing one is not to cost much
PARTS = (
    "generator",
    "critic",
    "average",
    "best",
    "statistics",
    "latent_law",
    "class_law",
    "generator_optimizer",
    "critic_optimizer",
)
SETTINGS = (
    "prior",
    "loss_name",
    "critic_steps",
    "gradient_penalty",
    "drift_penalty",
    "average_decay",
    "classes",
)


class Checkpoints(keras.callbacks.Callback):
    """Writes checkpoints at the ends of epochs, and takes the newest whole one up again.

    A checkpoint is a folder, `epoch-00000012/`: networks, average, statistics, prior, both
    optimisers with their steps, the seed and the logs of all epochs. Noise and the order of the
    codes follow from seed and step. It is written under another name, flushed and renamed; a
    damaged one is passed over, with a warning, for the one before.

    Args:
        folder: Where they are.
        model: The `Mind2Mind`, compiled.
        run: What must be the same for a checkpoint to be of this run, a dictionary that JSON can
            hold: the target, the batch size...
    """

    def __init__(self, folder, model, run):
        super().__init__()
        self.folder, self._mind = Path(folder), model
        self._run = json.loads(json.dumps({**run, **_settings_of(model)}))
        self._written, self._logs = time.perf_counter(), {}
        self._rates = Rates((model.generator_optimizer, model.critic_optimizer))

    def restore(self):
        """Takes up the newest whole checkpoint.

        Returns:
            The number of epochs that were trained; 0 where there is no checkpoint.

        Raises:
            ValueError: If the checkpoints are those of another run.
        """
        self._logs = {}
        for path in reversed(self._paths()):
            try:
                card = read_card(path, "checkpoint")
                state = _read_state(path / STATE)
            except ValueError as error:
                warnings.warn(
                    f"The checkpoint '{path}' is damaged; the one before it is taken: {error}",
                    stacklevel=3,
                )
                continue
            seed = {} if self._mind.seed_is_drawn else {"seed": self._mind.seed}
            self._check_run(path, {**card["run"], "seed": card["seed"]}, {**self._run, **seed})
            _assign(self._mind, state, path)
            self._mind.seed = card["seed"]
            self._logs = card["logs"]
            self._rates.scale_schedules(card["rate_factor"])
            return card["epoch"]
        return 0

    def roll_back(self):
        """Takes up the newest whole checkpoint with half the learning rates of now.

        Returns:
            The number of epochs that were trained.
        """
        factor = self._rates.factor / 2
        epoch = self.restore()
        self._rates.scale(factor)
        return epoch

    @property
    def epochs(self):
        """The number of epochs that were trained."""
        return len(next(iter(self._logs.values()), ()))

    def history(self):
        """The logs of all epochs, before and after interruptions: a dict of name to list."""
        return self._logs

    def on_epoch_end(self, epoch, logs=None):
        for name, value in (logs or {}).items():
            self._logs.setdefault(name, []).append(float(np.mean(value)))
        if time.perf_counter() - self._written >= SECONDS:
            self.write(epoch + 1)

    def on_train_end(self, logs=None):
        if self.epochs and not self._path(self.epochs).exists():
            self.write(self.epochs)

    def write(self, epoch):
        """Writes a checkpoint, and removes those that are too old; of several workers the chief."""
        if not self._mind.workers.is_chief:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        unfinished = self.folder / f".{self._path(epoch).name}.part"
        shutil.rmtree(unfinished, ignore_errors=True)
        card = {
            "epoch": epoch,
            "step": int(self._mind.generator_optimizer.iterations.numpy()),
            "seed": self._mind.seed,
            "rate_factor": self._rates.factor,
            "logs": self._logs,
            "run": self._run,
        }
        try:
            with being_made(unfinished):
                with replacing(unfinished / STATE) as state:
                    np.savez(state, **state_of(self._mind))
                write_card(unfinished, card)
            replace_folder(unfinished, self._path(epoch))  # one that is there is damaged
        except BaseException:
            shutil.rmtree(unfinished, ignore_errors=True)
            raise
        for path in self._paths()[:-KEPT]:
            shutil.rmtree(path)
        self._written = time.perf_counter()

    def _path(self, epoch):
        return self.folder / f"epoch-{epoch:08}"

    def _paths(self):
        """The checkpoints, the oldest first."""
        return sorted(path for path in self.folder.glob("epoch-*") if path.is_dir())

    def _check_run(self, path, there, now):
        others = [name for name in now if there.get(name) != now[name]]
        if others:
            found = "; ".join(
                f"{name}: {there.get(name)!r} there, {now[name]!r} now" for name in others
            )
            raise ValueError(
                f"The checkpoint '{path}' is that of another run ({found}). Give another folder, "
                "remove this one to start anew, or use the settings of that run."
            )


def _settings_of(model):
    """What tells a model's training from another's, but for the seed."""
    return {
        **{name: getattr(model, name) for name in SETTINGS},
        "standardise": model.statistics.kind,
        "optimizers": [
            {**_plain(optimizer.get_config()), "class": type(optimizer).__name__}
            for optimizer in (model.generator_optimizer, model.critic_optimizer)
        ],
        "shapes": [list(value.shape) for value in variables_of(model).values()],
        "autoencoder": model.autoencoder.fingerprint,
    }


def _plain(config):
    """A config without the name, which counts how many there were before."""
    plain = {name: value for name, value in config.items() if name != "name"}
    return json.loads(json.dumps(plain, default=str))


def variables_of(model):
    """All that a training step of a `Mind2Mind` changes or uses: `{name: variable}`."""
    parts = {name: getattr(model, name) for name in PARTS}
    found = {}
    for name, part in parts.items():
        for number, variable in enumerate(getattr(part, "variables", ())):
            found[f"{name}/{number}"] = variable
    return found


def state_of(model):
    """The values of those variables: `{name: array}`."""
    return {name: np.asarray(variable) for name, variable in variables_of(model).items()}


def _read_state(path):
    try:
        with np.load(path, allow_pickle=False) as file:
            return dict(file)
    except Exception as error:  # a damaged archive may raise anything
        raise ValueError(f"'{path}' does not load: {error}") from error


def _assign(model, state, path):
    variables = variables_of(model)
    if state.keys() != variables.keys():
        raise ValueError(f"The checkpoint '{path}' is that of other networks. Remove it.")
    for name, variable in variables.items():
        variable.assign(state[name])
