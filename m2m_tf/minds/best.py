"""The average that came nearest to held-out codes, the start included: training never does harm."""

import keras
import numpy as np
import tensorflow as tf

from m2m_tf.metrics.chamfer import chamfer_distance
from m2m_tf.metrics.memorisation import memorisation
from m2m_tf.minds.flow import flow_of
from m2m_tf.minds.flow_step import flow_loss
from m2m_tf.minds.given import with_labels
from m2m_tf.minds.guidance import choose_guidance
from m2m_tf.minds.last import choose_last
from m2m_tf.minds.noise import sample_alpha

STEPS = 250  # between two looks, at least: a look takes as long as some steps
GENERATED, SEED = 4096, 0  # codes of each look, from the same latents
COMPARED, KNOWN = 1000, 20_000  # codes generated and held out, beside so many that were trained on
CLOSE = 1.1  # times the best distance: a last average that is no farther is judged by images
LEAST = 50  # held-out codes: fewer say too little
WIDEST = 2048  # values of a standardised code: a look takes a matrix of as many squared


class Best:
    """What the best look so far found.

    Attributes:
        weights: Those of the average then.
        distance: The Chamfer distance of its codes and held-out ones, both standardised, of a flow
            its error on these; infinite before the first look.
        start: That of the average at the first look.
        step: The step of the best look.
        looked: The step of the last look.
        latest: The distance at the last look of this process; NaN before one.
    """

    def __init__(self, average):
        self.weights = [_variable(np.zeros_like(weight)) for weight in average.variables]
        self.distance, self.start = _variable(np.float32(np.inf)), _variable(np.float32(np.inf))
        self.step, self.looked = _variable(np.int32(0)), _variable(np.int32(0))
        self.latest = np.nan

    @property
    def variables(self):
        """All of it, for checkpoints."""
        return [*self.weights, self.distance, self.start, self.step, self.looked]

    def reset(self):
        """Forgets what another training found."""
        for variable, value in ((self.distance, np.inf), (self.start, np.inf), (self.step, 0)):
            variable.assign(value)
        self.looked.assign(0)

    def take(self, average, distance, step):
        """Keeps an average."""
        for kept, weight in zip(self.weights, average.variables, strict=True):
            kept.assign(weight.numpy())
        self.distance.assign(distance)
        self.step.assign(step)

    def give(self, average):
        """Makes an average what was kept."""
        for kept, weight in zip(self.weights, average.variables, strict=True):
            weight.assign(kept.numpy())


class KeepBest(keras.callbacks.Callback):
    """Looks at the average as it trains, and leaves the best of all looks at the end.

    A look is the Chamfer distance between held-out codes and 4,096 that the average makes of the
    same latents each time, standardised as the mind sees them: milliseconds. Of a flow it is the
    error of its velocity on held-out codes. A distance of means and covariances would prefer the
    start, a mixture, which has those of the codes. An average that the audit for memorisation
    flags, beside codes that were trained on, is passed over. Looks come at ends of epochs, 250
    steps apart at least, and before the first step. Without 50 held-out codes, or on codes of more
    than 2,048 values, there are none, and the last average stays. At the end images are looked at:
    where those of the last average are nearer to held-out ones, it is kept in place of the best.

    Args:
        mind: The `Mind2Mind`, with its codes.
    """

    def __init__(self, mind):
        super().__init__()
        self._mind = mind
        self._held_out, self._labels = _some_of(mind.held_out_codes, mind, GENERATED)
        self._known, _ = _some_of(mind.codes, mind, KNOWN) if self.looks else (None, None)
        self._by_heart = 0

    @property
    def looks(self):
        """Whether there is something to look at."""
        return self._held_out is not None

    def on_train_begin(self, logs=None):
        if self._mind.is_flow:
            flow_of(self._mind.average).follow(1.0)
        if self.looks and np.isinf(self._mind.best.start.numpy()):
            self._mind.best.start.assign(self._look())

    def on_epoch_end(self, epoch, logs=None):
        if self.looks and self._step - int(self._mind.best.looked.numpy()) >= STEPS:
            self._look()

    def finish(self, verbose=0):
        """Looks at the last average, and gives the model the best one."""
        if not self.looks:
            return
        best = self._mind.best
        if self._step > int(best.looked.numpy()):
            self._look()
        last, is_near = self._last_weights(), self._last_is_near()
        best.give(self._mind.average)
        if verbose:
            print(self._sentence(best), flush=True)
        if self._mind.is_flow:
            if int(best.step.numpy()):
                choose_guidance(self._mind, self._is_by_heart, verbose)
        elif is_near:
            choose_last(self._mind, last, self._is_by_heart, verbose)

    def _last_weights(self):
        return [weight.numpy() for weight in self._mind.average.variables]

    def _last_is_near(self):
        """Whether the last average of two networks' game is hardly farther than the best one."""
        best = self._mind.best
        if self._mind.is_flow or not 0 < int(best.step.numpy()) < self._step:
            return False  # a start that no codes are nearer than stays
        return self._code_distance() < CLOSE * best.distance.numpy()

    def _sentence(self, best):
        step = int(best.step.numpy())
        passed = ""
        if self._by_heart:
            passed = f" Passed over, as copies of what it was shown: {self._by_heart} looks."
        if not step:
            return (
                f"No look in {self._step:,} updates found generated codes nearer to held-out ones "
                f"than the start's: the mind is its start, the prior without a correction.{passed}"
            )
        return (
            f"Kept: the average after {step:,} of {self._step:,} updates: {self._found()}.{passed}"
        )

    def _found(self):
        """How good the best look is, in words."""
        best = self._mind.best
        what = "its error on held-out codes" if self._mind.is_flow else "its way to held-out codes"
        words = f"{what} is {best.distance.numpy():.4g}, the start's {best.start.numpy():.4g}"
        return (
            words if self._mind.is_flow else f"{words}, that of codes it was shown {self.floor:.4g}"
        )

    @property
    def _step(self):
        return int(self._mind.generator_optimizer.iterations.numpy())

    def _look(self):
        """Measures the average, and keeps it where it is the best so far; returns the distance."""
        mind, best = self._mind, self._mind.best
        best.looked.assign(self._step)
        distance = self._flow_error() if mind.is_flow else self._code_distance()
        best.latest = distance
        if distance < best.distance.numpy():
            if self._is_by_heart():
                self._by_heart += 1
            else:
                best.take(mind.average, distance, self._step)
        return distance

    def _code_distance(self):
        """The Chamfer distance of generated codes and held-out ones: moments the start has, too."""
        generated = self._generate(min(GENERATED, len(self._known)))
        if not np.isfinite(generated).all():
            return np.inf
        return chamfer_distance(self._held_out, generated)

    @property
    def floor(self):
        """The distance of as many codes that were trained on, which a mind may come near to."""
        rows = np.linspace(0, len(self._known) - 1, min(GENERATED, len(self._known))).astype(int)
        return chamfer_distance(self._held_out, self._known[rows])

    def _flow_error(self):
        """The error of the velocity on held-out codes."""
        law, count = self._mind.latent_law, len(self._held_out)
        noise = law.draw((count, law.noise_dim), [SEED, 0])
        times = sample_alpha((count, 1), [SEED, 1])
        codes = tf.constant(self._held_out, "float32")
        average = self._mind.average
        return float(flow_loss(self._mind, average, codes, noise, times, self._labels))

    def _is_by_heart(self):
        """Whether codes lie nearer to those trained on than held-out ones do; never the start's."""
        if not self._step:
            return False
        real, made = self._held_out[:COMPARED], self._generate(COMPARED)
        return memorisation(self._known, real, made, pairs=1).flagged

    def _generate(self, count):
        sampler, classes = self._mind.sampler, self._mind.num_classes
        labels = sampler.draw_labels(count, SEED) if classes else None
        latent = sampler.draw_latent(count, SEED, labels)
        codes = sampler.generator(with_labels(latent, labels, classes), training=False)
        return np.reshape(codes, (count, -1))


def _some_of(store, mind, most):
    """Standardised codes `(n, values)`, spread evenly, and their labels.

    None and None where there are too few codes, or they are too wide.
    """
    if store is None or store.count < LEAST or np.prod(mind.statistics.standard_shape) > WIDEST:
        return None, None
    rows = np.linspace(0, store.count - 1, min(store.count, most)).astype(int)
    codes = np.asarray(mind.statistics.standardise(np.asarray(store.codes[rows])))
    labels = None if store.labels is None else tf.constant(store.labels[rows])
    return codes.reshape(len(codes), -1), labels


def _variable(value):
    return keras.Variable(value, trainable=False, dtype=value.dtype)
