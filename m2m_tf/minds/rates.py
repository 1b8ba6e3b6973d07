"""Learning rates made smaller in the middle of a training."""

import keras

from m2m_tf.keras_internals import learning_rate_of


@keras.saving.register_keras_serializable(package="m2m_tf")
class ScaledSchedule(keras.optimizers.schedules.LearningRateSchedule):
    """A learning rate schedule times a number.

    Args:
        schedule: The `LearningRateSchedule`.
        factor: The number.
    """

    def __init__(self, schedule, factor):
        self.schedule, self.factor = schedule, factor

    def __call__(self, step):
        return self.factor * self.schedule(step)

    def get_config(self):
        serialize = keras.saving.serialize_keras_object
        return {"schedule": serialize(self.schedule), "factor": self.factor}

    @classmethod
    def from_config(cls, config):
        return cls(keras.saving.deserialize_keras_object(config["schedule"]), config["factor"])


class Rates:
    """The learning rates of some optimisers, and a factor on them.

    Args:
        optimizers: Keras optimisers, as they are before anything is changed.

    Attributes:
        factor: What the rates are multiplied with.
    """

    def __init__(self, optimizers):
        self._rates = [(each, learning_rate_of(each)) for each in optimizers]
        self._numbers = [
            None if _is_schedule(rate) else float(rate.numpy()) for _, rate in self._rates
        ]
        self.factor = 1.0

    def scale(self, factor):
        """Sets the factor. A step that was compiled with a schedule must be compiled again."""
        self.scale_schedules(factor)
        for (_, rate), number in zip(self._rates, self._numbers, strict=True):
            if number is not None:
                rate.assign(number * factor)

    def scale_schedules(self, factor):
        """Sets the factor where the numbers have it already, as those of a checkpoint do."""
        self.factor = factor
        for optimizer, rate in self._rates:
            if _is_schedule(rate):
                optimizer.learning_rate = rate if factor == 1 else ScaledSchedule(rate, factor)


class BothRates(keras.callbacks.Callback):
    """Changes the critic's rate by the factor that another callback changed the generator's by.

    Keras' callbacks know one optimiser, the generator's. It comes after them. A rate that was set
    by hand is left alone.

    Args:
        mind: The `Mind2Mind`.
    """

    def __init__(self, mind):
        super().__init__()
        self._optimizers = [mind.generator_optimizer]
        if mind.critic is not None:
            self._optimizers.append(mind.critic_optimizer)
        self._rates = [learning_rate_of(each) for each in self._optimizers]
        self._follows = all(isinstance(rate, keras.Variable) for rate in self._rates)

    def on_train_begin(self, logs=None):
        self._first = self._last = self._now()

    def on_epoch_begin(self, epoch, logs=None):
        self._follow()

    def on_train_batch_begin(self, batch, logs=None):
        self._follow()

    def on_train_batch_end(self, batch, logs=None):
        self._follow()

    def on_epoch_end(self, epoch, logs=None):
        self._follow()

    def _now(self):
        return [float(rate.numpy()) for rate in self._rates] if self._follows else []

    def _follow(self):
        now = self._now()
        if now == self._last:
            return
        (generator, *critic), (_, *before) = now, self._last
        if critic != before:  # set by hand: what follows starts from there
            self._first = now
        elif critic and self._first[0] > 0:
            self._optimizers[1].learning_rate = self._first[1] * generator / self._first[0]
        self._last = self._now()


def check_settable(optimizers):
    """Refuses rates that no callback can set.

    Raises:
        ValueError: If one is a schedule.
    """
    if any(_is_schedule(learning_rate_of(each)) for each in optimizers):
        raise ValueError(
            "A callback that sets learning rates expects numbers; an optimiser of the model has a "
            "schedule. Compile both with numbers: model.compile(keras.optimizers.Adam(1e-3), "
            "keras.optimizers.Adam(2e-3))."
        )


def _is_schedule(rate):
    return isinstance(rate, keras.optimizers.schedules.LearningRateSchedule)
