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


def _is_schedule(rate):
    return isinstance(rate, keras.optimizers.schedules.LearningRateSchedule)
