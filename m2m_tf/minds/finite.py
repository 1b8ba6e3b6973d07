"""Numbers that blow up: noticed within the epoch, with the step and the term that broke."""

import keras
import tensorflow as tf

from m2m_tf.errors import NonFinite


@keras.saving.register_keras_serializable(package="m2m_tf")
class FiniteSteps(keras.metrics.Metric):
    """For each of some terms, the steps since the last reset until it first was not finite.

    Args:
        terms: The number of terms.
    """

    def __init__(self, terms, name="finite_steps", **kwargs):
        super().__init__(name=name, **kwargs)
        self.terms = terms
        # All start at 0: what is set on replicas whose values are summed is divided among them.
        self.broken = self.add_variable((terms,), "zeros", name="broken")
        self.steps = self.add_variable((terms,), "zeros", name="steps")
        self.made = self.add_variable((), "zeros", name="made")

    def update_state(self, values):
        """Takes the terms of one step, float `(terms,)`."""
        broken = tf.cast(~tf.math.is_finite(values), tf.float32)
        self.broken.assign(tf.maximum(self.broken, broken))
        self.steps.assign_add(1.0 - self.broken)
        self.made.assign_add(1.0)

    def result(self):
        return tf.identity(self.steps)

    def reset_state(self):
        self.broken.assign(tf.zeros(self.terms))
        self.steps.assign(tf.zeros(self.terms))
        self.made.assign(0.0)

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
        self._mind.finite_steps.reset_state()

    def on_epoch_end(self, epoch, logs=None):
        counts, replicas = self._mind.finite_steps, self._mind.replicas  # whose counts are summed
        steps = counts.result().numpy() // replicas
        made = int(counts.made.numpy() / replicas)
        if steps.min() < made:
            broken = [
                name
                for name, count in zip(self._mind.trackers, steps, strict=True)
                if count == steps.min()
            ]
            last = int(self._mind.generator_optimizer.iterations.numpy())
            raise NonFinite(last - made + int(steps.min()) + 1, broken)
