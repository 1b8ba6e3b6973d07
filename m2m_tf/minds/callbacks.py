"""Keras' callbacks with a mind, which has two optimisers and an average."""

import keras

from m2m_tf.minds.rates import check_settable

SET_RATES = (keras.callbacks.LearningRateScheduler, keras.callbacks.ReduceLROnPlateau)


def check_callbacks(model, callbacks):
    """Refuses callbacks that a mind has no use for, before it trains.

    Args:
        model: The compiled `Mind2Mind`.
        callbacks: A list of Keras callbacks.

    Raises:
        ValueError: If one is none, swaps in an optimiser's average, or sets a rate that cannot be
            set.
    """
    for callback in callbacks:
        if not isinstance(callback, keras.callbacks.Callback):
            raise ValueError(
                f"callbacks= expects objects of keras.callbacks.Callback; got {callback!r}."
            )
        if isinstance(callback, keras.callbacks.SwapEMAWeights):
            raise ValueError(
                "SwapEMAWeights has nothing to swap: the model generates, is evaluated and saved "
                "by a moving average of its own, Mind2Mind(autoencoder, average_decay=...). Leave "
                "it out."
            )
        if isinstance(callback, SET_RATES):
            optimizers = [model.generator_optimizer]
            check_settable(optimizers + [model.critic_optimizer] * (model.critic is not None))


def restores_best(callback):
    """Whether it left the model with the weights of the epoch that it found best."""
    return (
        isinstance(callback, keras.callbacks.EarlyStopping)
        and callback.restore_best_weights
        and callback.best_weights is not None
    )
