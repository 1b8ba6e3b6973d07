"""The package's own mind, through `Mind2Mind`, `compile` and `fit`, as a user trains it.

`RECIPES` names other settings to compare with the default. A recipe is a dictionary of dictionaries
of keyword arguments: `model` for `Mind2Mind`, `generator` and `critic` for `build_generator` and
`build_critic` (the defaults where empty), `compile`, `fit`. Optimisers are given as Keras configs:
`{"class_name": "Adam", "config": {"learning_rate": 1e-3}}`.
"""

import copy
import inspect
import math

import keras

import m2m_tf as m2m
from benchmarks.peers.peer import Peer

ENDLESS = 1_000_000  # epochs: the stopwatch ends the training
HELD_OUT = 0.1  # of what it gets, as `m2m transfer`: they choose which average is kept


def _adam(rate, beta_2=0.9):
    return {
        "class_name": "Adam",
        "config": {"learning_rate": rate, "beta_1": 0.0, "beta_2": beta_2},
    }


def _schedule(rate, decay_steps=1, alpha=1.0):
    """The default's warm-up to a rate, and a decay to `alpha` of it; none where that is 1."""
    return {
        "class_name": "CosineDecay",
        "module": "keras.optimizers.schedules",
        "config": {
            "initial_learning_rate": 0.0,
            "decay_steps": decay_steps,
            "alpha": alpha,
            "warmup_target": rate,
            "warmup_steps": 500,
        },
    }


def _rates(generator, critic, **settings):
    return {
        "compile": {
            "generator_optimizer": _adam(generator, **settings),
            "critic_optimizer": _adam(critic, **settings),
        }
    }


RECIPES = {
    "mind": {},
    "uniform_prior": {"model": {"prior": "uniform"}},
    "normal_prior": {"model": {"prior": "normal"}},
    "scale": {"model": {"standardise": "scale"}},
    "shared_mixture": {"model": {"prior": "shared_mixture"}},
    "flow": {"model": {"loss": "flow"}},
    "wasserstein": {"model": {"loss": "wasserstein"}},
    "relativistic": {"model": {"loss": "relativistic"}},
    "relativistic_1": {"model": {"loss": "relativistic", "gradient_penalty": 1.0}},
    "hinge": {"model": {"loss": "hinge"}},
    "critic_step_1": {"model": {"critic_steps": 1}},
    "critic_steps_5": {"model": {"critic_steps": 5}},
    "average_0.99": {"model": {"average_decay": 0.99}},
    "average_0.999": {"model": {"average_decay": 0.999}},
    "batch_256": {"fit": {"batch_size": 256}},
    "batch_512": {"fit": {"batch_size": 512}},
    "wide_critic": {"critic": {"widths": (512, 512)}},
    "deep_critic": {"critic": {"widths": (256, 256, 256)}},
    "penalty_1": {"model": {"gradient_penalty": 1.0}},
    "penalty_3": {"model": {"gradient_penalty": 3.0}},
    "no_normalisation": {"generator": {"normalise": False}},
    "slow_critic": _rates(_schedule(1e-3), 1e-3),
    "fast_rates": _rates(_schedule(2e-3), 4e-3),
    "beta_2_0.99": _rates(_schedule(1e-3), 2e-3, beta_2=0.99),
    # Over about two minutes of steps.
    "decay": _rates(_schedule(1e-3, 10_000, 0.02), _schedule(2e-3, 20_000, 0.02)),
    # For code maps, in place of the convolutional networks.
    "dense": {"generator": {"widths": (512, 512)}, "critic": {"widths": (256, 256)}},
    "dense_decoder": {
        "model": {"standardise": "decoder"},
        "generator": {"widths": (512, 512)},
        "critic": {"widths": (256, 256)},
    },
    "xla": {"compile": {"jit_compile": True}},
}


class Mind(Peer):
    """A `Mind2Mind` on the target's codes.

    The clock runs from the call of `fit`: a prior that is fitted there counts as training, and so
    does the choice of what is kept at its end.
    """

    about = "the package's mind"
    defaults = {"model": {}, "generator": {}, "critic": {}, "compile": {}, "fit": {}}

    def __init__(self, task, seed, **changes):
        super().__init__(task, seed, **changes)
        functions = {
            "Mind2Mind": m2m.Mind2Mind.__init__,
            "compile": m2m.Mind2Mind.compile,
            "fit": m2m.Mind2Mind.fit,
            "build_generator": m2m.build_generator,
            "build_critic": m2m.build_critic,
        }
        if len(task.autoencoder.code_shape) == 3:
            functions["build_map_generator"] = m2m.build_map_generator
            functions["build_map_critic"] = m2m.build_map_critic
        self.facts["package_defaults"] = {
            name: _defaults_of(function) for name, function in functions.items()
        }

    def prepare(self, budget):
        keras.utils.set_random_seed(self.seed)
        networks = {"generator": self.build_generator(), "critic": self.build_critic()}
        settings = {"seed": self.seed, **self.settings["model"], **networks}
        if networks["generator"]:
            settings.setdefault("prior", "mixture")
        self.model = m2m.Mind2Mind(self.task.autoencoder, **settings)
        # Keras puts the objects that it makes of a config into the config.
        self.model.compile(**copy.deepcopy(self.settings["compile"]))

    def build_generator(self):
        """The generator, the residual one that the mixture needs; None for the package's own."""
        if not self.settings["generator"]:
            return None
        shape = self.task.autoencoder.code_shape
        return m2m.build_generator(
            math.prod(shape), shape, residual=True, **self.settings["generator"]
        )

    def build_critic(self):
        """The critic; None for the package's own."""
        widths = self.settings["critic"]
        return m2m.build_critic(self.task.autoencoder.code_shape, **widths) if widths else None

    def callbacks(self):
        """Callbacks of the training, beside the stopwatch."""
        return []

    def train(self, watch):
        fit = {"epochs": ENDLESS, "verbose": 0, "validation_split": HELD_OUT}
        fit |= self.settings["fit"]
        default = inspect.signature(m2m.Mind2Mind.fit).parameters["batch_size"].default
        images_a_step = fit.get("batch_size", default) * self.model.critic_steps
        callbacks = [*self.callbacks(), _Watched(self, watch, images_a_step)]
        self.model.fit(self.task.codes, callbacks=callbacks, **fit)
        watch.changed = True  # the best average, chosen at the end

    def is_over(self, watch):
        """Whether to stop before the stopwatch says so."""
        return False

    def steps(self):
        """Generator updates that the model has seen."""
        return int(self.model.generator_optimizer.iterations.numpy())

    def generate_codes(self, count, seed):
        """Codes: float32 `(count, *code_shape)`."""
        return self.model.generate_codes(count, seed)

    def generate(self, count, seed):
        return self.model.generate(count, seed)


class _Watched(keras.callbacks.Callback):
    """Shows the stopwatch every step, and stops the training when time is over."""

    def __init__(self, mind, watch, images_a_step):
        super().__init__()
        self.mind, self.watch, self.images_a_step = mind, watch, images_a_step
        self.first_step = mind.steps()

    def on_train_batch_end(self, batch, logs=None):
        steps = self.mind.steps() - self.first_step
        if self.watch.look(steps * self.images_a_step) or self.mind.is_over(self.watch):
            self.model.stop_training = True


def _defaults_of(function):
    """The arguments' defaults, written out: they change what a recipe means."""
    parameters = inspect.signature(function).parameters.values()
    return {p.name: repr(p.default) for p in parameters if p.default is not p.empty}
