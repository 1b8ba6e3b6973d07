"""What the mind does not have and could be given, to be compared with it (docs/recipes.md)."""

import dataclasses
import time

import keras
import tensorflow as tf
from keras import layers

from benchmarks.peers.mind import Mind
from m2m_tf.minds.losses import gradient_penalty


class LazyPenaltyMind(Mind):
    """The gradient penalty on each `every`-th critic update only, with as many times its weight.

    Source: Karras et al., arXiv 1912.04958, section 3.1.
    """

    about = "the package's mind with a lazy gradient penalty"
    defaults = {**Mind.defaults, "every": 4}

    def prepare(self, budget):
        super().prepare(budget)
        model, every = self.model, self.settings["every"]

        def score(critic, real, fake, alpha):
            both = critic(tf.concat([real, fake], axis=0), training=True)
            is_due = model.critic_optimizer.iterations.value % every == 0
            penalty = tf.cond(
                is_due,
                lambda: float(every) * gradient_penalty(critic, real, fake, alpha),
                lambda: tf.constant(0.0),
            )
            return *tf.split(both, 2), penalty

        model.adversarial = dataclasses.replace(model.adversarial, score=score)


class MinibatchMind(Mind):
    """A critic that also sees how far the codes of its batch differ from each other.

    Source: Karras et al., arXiv 1710.10196, section 3.
    """

    about = "the package's mind with minibatch statistics in the critic"

    def build_critic(self):
        code_shape = self.task.autoencoder.code_shape
        codes = keras.Input(code_shape)
        x = layers.Flatten()(codes)
        for width in (256, 256):
            x = layers.Dense(width, activation="relu")(x)
        x = layers.Concatenate()([x, MinibatchDeviation()(x)])
        return keras.Model(codes, layers.Dense(1)(x), name="critic")


@keras.saving.register_keras_serializable(package="benchmarks")
class MinibatchDeviation(layers.Layer):
    """The mean over all values of their deviation in a group of four of the batch: `(n, 1)`."""

    def call(self, x):
        groups = tf.reshape(x, (4, -1, x.shape[-1]))
        deviations = tf.sqrt(tf.math.reduce_variance(groups, axis=0) + 1e-8)
        return tf.tile(tf.reduce_mean(deviations, axis=1, keepdims=True), [4, 1])


class WarmMind(Mind):
    """Generator and critic start from a mind that was trained on the source's codes.

    The codes are measured as the source's mind measured them, since its weights hold for those
    coordinates; the prior is fitted to the target's codes, on the clock.
    """

    about = "the package's mind, started from a mind of the source"
    uses = (*Mind.uses, "source mind")
    defaults = {**Mind.defaults, "source_seconds": 60.0}

    def prepare(self, budget):
        super().prepare(budget)
        began = time.perf_counter()
        codes = self.task.autoencoder.encode(self.task.load_source())
        until = _Until(self.settings["source_seconds"])
        self.model.fit(codes, epochs=1_000_000, verbose=0, callbacks=[until])
        self.before["source mind"] = time.perf_counter() - began

    def callbacks(self):
        return [keras.callbacks.LambdaCallback(on_train_begin=lambda logs: self.fit_prior())]

    def fit_prior(self):
        """Fits the prior to the target's codes."""
        model = self.model
        model.latent_law.adapt(model.codes, model.statistics.standardise, self.seed)


class _Until(keras.callbacks.Callback):
    """Ends a training after so many seconds."""

    def __init__(self, seconds):
        super().__init__()
        self.seconds = seconds

    def on_train_begin(self, logs=None):
        self.end = time.perf_counter() + self.seconds

    def on_train_batch_end(self, batch, logs=None):
        self.model.stop_training = time.perf_counter() > self.end
