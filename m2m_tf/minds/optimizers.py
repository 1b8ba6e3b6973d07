"""The optimisers of a mind: those that it has by default, and those that it cannot take."""

import keras

from m2m_tf.minds.priors import MIXTURES

LEARNING_RATE = 2e-3
WARMED_UP, WARMED_UP_MAPS = 1e-3, 1e-4  # of the generator that starts from the mixture
WIDE = 512  # of a flow: along 2,048 axes its error rises again at the whole rate
WARM_UP = 500  # updates
MENDS = {
    "gradient_accumulation_steps": "codes are small, so accumulate no gradients but give fit a "
    "larger batch_size",
    "loss_scale_factor": "no loss is scaled, so give the optimiser without it",
    "use_ema": "the model generates by a moving average of its own, Mind2Mind(autoencoder, "
    "average_decay=...)",
}


@keras.saving.register_keras_serializable(package="m2m_tf")
class WarmedUpAdam(keras.optimizers.Adam):
    """Adam whose rate rises from 0 in the first updates, while the critic learns.

    Its learning rate is a number, not a schedule, so that Keras' callbacks can set it.

    Args:
        learning_rate: The rate after that.
        warm_up: How many updates.
        wide: The width of a network's layers up to which the rate is whole; that of a wider one is
            as many times smaller, after Yang et al., arXiv 2203.03466, where Adam's rate falls with
            a layer's width. None is any.
        **settings: As `keras.optimizers.Adam` takes them.

    Example:

    ```python
    model.compile(WarmedUpAdam(1e-3, warm_up=500, beta_1=0.0, beta_2=0.9))
    ```
    """

    def __init__(self, learning_rate=1e-3, warm_up=WARM_UP, wide=None, **settings):
        super().__init__(learning_rate, **settings)
        self.warm_up, self.wide, self._share = warm_up, wide, 1.0

    def build(self, variables):
        super().build(variables)
        widest = max((each.shape[-1] for each in variables if len(each.shape)), default=1)
        self._share = 1.0 if self.wide is None else min(1.0, self.wide / widest)

    def update_step(self, gradient, variable, learning_rate):
        done = keras.ops.cast(self.iterations, "float32") / self.warm_up
        share = self._share * keras.ops.minimum(done, 1.0)
        super().update_step(gradient, variable, learning_rate * share)

    def get_config(self):
        return {**super().get_config(), "warm_up": self.warm_up, "wide": self.wide}


def generator_adam(model):
    """The default optimiser of a model's generator."""
    if model.is_flow:
        return WarmedUpAdam(WARMED_UP, wide=WIDE, beta_1=0.9, beta_2=0.999)
    if model.prior not in MIXTURES:
        return default_adam(LEARNING_RATE)
    is_map = len(model.statistics.standard_shape) == 3
    return WarmedUpAdam(WARMED_UP_MAPS if is_map else WARMED_UP, beta_1=0.0, beta_2=0.9)


def default_adam(learning_rate=LEARNING_RATE):
    """The default optimiser of a critic."""
    return keras.optimizers.Adam(learning_rate, beta_1=0.0, beta_2=0.9)


def check_optimizers(generator_optimizer, critic_optimizer):
    """Refuses optimisers that a training of two networks in float32 cannot use.

    Args:
        generator_optimizer, critic_optimizer: As `Mind2Mind.compile` takes them.

    Raises:
        ValueError: If both are one object, or one accumulates gradients, scales the loss or keeps
            an average of its own.
    """
    if generator_optimizer is critic_optimizer and not isinstance(critic_optimizer, str | None):
        raise ValueError(
            "Mind2Mind.compile expects two optimisers, one for each network; got the same object "
            "twice. Make two of the same kind."
        )
    for optimizer in (generator_optimizer, critic_optimizer):
        _check_is_one(optimizer)
        if isinstance(optimizer, keras.optimizers.LossScaleOptimizer):
            raise ValueError(f"Minds train in float32: {MENDS['loss_scale_factor']}.")
        for name, mend in MENDS.items():
            if value := getattr(optimizer, name, None):
                raise ValueError(
                    f"Mind2Mind.compile takes no optimiser with {name}={value!r}: {mend}."
                )


def _check_is_one(optimizer):
    """Refuses what Keras takes for no optimiser, as a loss in the place where Keras has it."""
    try:
        keras.optimizers.get(optimizer)
    except (ValueError, TypeError) as error:
        raise ValueError(
            "Mind2Mind.compile expects an optimiser for each network, compile(generator_optimizer, "
            f"critic_optimizer), such as keras.optimizers.Adam(1e-3); got {optimizer!r}."
        ) from error
