"""Numbers that blow up: noticed within the epoch, with the step and the term that broke."""

import keras
import numpy as np
import tensorflow as tf

from m2m_tf.errors import NonFinite


@keras.saving.register_keras_serializable(package="m2m_tf")
class FiniteSteps(keras.metrics.Metric):
    """For each of some terms, the steps of this epoch until it first was not finite.

    Args:
        terms: The number of terms.
    """

    def __init__(self, terms, name="finite_steps", **kwargs):
        super().__init__(name=name, **kwargs)
        self.terms = terms
        self.still = self.add_variable((terms,), "ones", name="still")
        self.steps = self.add_variable((terms,), "zeros", name="steps")

    def update_state(self, values):
        """Takes the terms of one step, float `(terms,)`."""
        self.still.assign(self.still * tf.cast(tf.math.is_finite(values), tf.float32))
        self.steps.assign_add(self.still)

    def result(self):
        return tf.identity(self.steps)

    def reset_state(self):
        self.still.assign(tf.ones(self.terms))
        self.steps.assign(tf.zeros(self.terms))

    def get_config(self):
        return {**super().get_config(), "terms": self.terms}


class StopWhereNotFinite(keras.callbacks.Callback):
    """Ends a training at the end of the epoch in which a term was not finite.

    Args:
        model: The `Mind2Mind`.
    """

    def __init__(self, model):
        super().__init__()
        self._mind = model

    def on_epoch_begin(self, epoch, logs=None):
        self._first = self._step()

    def on_epoch_end(self, epoch, logs=None):
        made = self._step() - self._first
        steps = np.floor(self._mind.finite_steps.result().numpy())
        if steps.min() < made:
            broken = [
                name
                for name, count in zip(self._mind.trackers, steps, strict=True)
                if count == steps.min()
            ]
            raise NonFinite(self._first + int(steps.min()) + 1, broken)

    def _step(self):
        return int(self._mind.generator_optimizer.iterations.numpy())
