"""Checkpoints of a training: all that it needs to go on as if it had never been cut off."""

import json
import time

import keras
import numpy as np

from m2m_tf.files.checkpoint_folder import CheckpointFolder
from m2m_tf.minds.rates import Rates

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

    A checkpoint, see `CheckpointFolder`, has networks, average, statistics, prior, both optimisers
    with their steps, the seed and the logs of all epochs. Noise and the order of the codes follow
    from seed and step.

    Args:
        folder: Where they are.
        model: The `Mind2Mind`, compiled.
        run: What must be the same for a checkpoint to be of this run, a dictionary that JSON can
            hold: the target, the batch size...
    """

    def __init__(self, folder, model, run):
        super().__init__()
        self._folder, self._mind = CheckpointFolder(folder), model
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
        found = self._folder.newest()
        if found is None:
            return 0
        card = found.card
        seed = {} if self._mind.seed_is_drawn else {"seed": self._mind.seed}
        found.check_run({**card["run"], "seed": card["seed"]}, {**self._run, **seed})
        found.assign_to(variables_of(self._mind))
        self._mind.seed = card["seed"]
        self._logs = card["logs"]
        self._rates.scale_schedules(card["rate_factor"])
        return card["epoch"]

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
        if self.epochs and not self._folder.path(self.epochs).exists():
            self.write(self.epochs)

    def write(self, epoch):
        """Writes a checkpoint, and removes those that are too old; of several workers the chief."""
        if not self._mind.workers.is_chief:
            return
        card = {
            "epoch": epoch,
            "step": int(self._mind.generator_optimizer.iterations.numpy()),
            "seed": self._mind.seed,
            "rate_factor": self._rates.factor,
            "logs": self._logs,
            "run": self._run,
        }
        self._folder.write(epoch, state_of(self._mind), card)
        self._written = time.perf_counter()


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
