"""A WGAN with gradient penalty, the same for codes and for images: the loop of most peers.

Source: Gulrajani et al., arXiv 1704.00028, algorithm 1. The latents are uniform, as in Mind2Mind's
paper, arXiv 1906.11613.
"""

import keras
import numpy as np
import tensorflow as tf

from m2m_tf.minds.average import copy_network, update_average
from m2m_tf.minds.losses import gradient_penalty


class WassersteinGAN:
    """A generator and a critic, with one optimiser each.

    Args:
        generator: Latents `(n, latent_dim)` to fakes.
        critic: Reals or fakes to scores `(n, 1)`.
        critic_steps: Critic updates for one generator update.
        learning_rate, betas: Of Adam, for both.
        penalty: Weight of the gradient penalty.
        average_decay: Highest decay of a moving average of the generator; None for no average.
        seed: Seed of latents and of the penalty's mixing weights.
    """

    def __init__(
        self,
        generator,
        critic,
        critic_steps=5,
        learning_rate=1e-3,
        betas=(0.1, 0.5),
        penalty=10.0,
        average_decay=None,
        seed=0,
    ):
        self.generator, self.critic = generator, critic
        self.latent_dim = generator.input_shape[1]
        self.critic_steps, self.penalty, self.seed = critic_steps, penalty, seed
        self.average_decay = average_decay
        self.average = copy_network(generator, "average") if average_decay else None
        self.optimizers = {}
        for network in (generator, critic):
            adam = keras.optimizers.Adam(learning_rate, beta_1=betas[0], beta_2=betas[1])
            adam.build(network.trainable_variables)
            self.optimizers[id(network)] = adam

    def train_step(self, reals):
        """One update of the generator after those of the critic.

        Args:
            reals: Tensor `(critic_steps, batch, *shape)`.

        Returns:
            The generator's loss, a scalar.
        """
        batch = reals.shape[1]
        step = self.optimizers[id(self.generator)].iterations.value
        key = tf.stack([tf.cast(self.seed, tf.int64), tf.cast(step, tf.int64)])
        shape = (self.critic_steps + 1, batch, self.latent_dim)
        latents = tf.random.stateless_uniform(shape, 2 * key, -1.0, 1.0)
        alpha_shape = (self.critic_steps, batch, *(1,) * (reals.shape.rank - 2))
        alphas = tf.random.stateless_uniform(alpha_shape, 2 * key + 1)
        for index in tf.range(self.critic_steps):  # traced once, and not for every step
            self._critic_step(reals[index], latents[index], alphas[index])
        return self._generator_step(latents[-1], step)

    def _critic_step(self, real, latent, alpha):
        fake = self.generator(latent, training=True)
        with tf.GradientTape() as tape:
            scores = self.critic(tf.concat([real, fake], axis=0), training=True)
            real_scores, fake_scores = tf.split(scores, 2)
            loss = tf.reduce_mean(fake_scores) - tf.reduce_mean(real_scores)
            loss += self.penalty * gradient_penalty(self.critic, real, fake, alpha)
        self._update(tape, loss, self.critic)

    def _generator_step(self, latent, step):
        with tf.GradientTape() as tape:
            fake = self.generator(latent, training=True)
            loss = -tf.reduce_mean(self.critic(fake, training=True))
        self._update(tape, loss, self.generator)
        if self.average is not None:
            update_average(self.average, self.generator, self.average_decay, step)
        return loss

    def _update(self, tape, loss, network):
        gradients = tape.gradient(loss, [v.value for v in network.trainable_variables])
        pairs = zip(gradients, network.trainable_variables, strict=True)
        self.optimizers[id(network)].apply_gradients(pairs)

    def compile_step(self, reals, jit_compile):
        """The step as one function of row numbers `(critic_steps, batch)`; ends when done."""
        reals = tf.constant(reals)
        step = tf.function(
            lambda rows: self.train_step(tf.gather(reals, rows)), jit_compile=jit_compile
        )
        return lambda rows: step(tf.constant(rows)).numpy()

    def sample(self, count, seed, averaged=True):
        """Fakes in inference mode: float32 `(count, *shape)`."""
        network = self.average if averaged and self.average is not None else self.generator
        latents = tf.random.stateless_uniform((count, self.latent_dim), [seed, -1], -1.0, 1.0)
        draw = tf.function(lambda latent: network(latent, training=False), reduce_retracing=True)
        starts = range(0, count, 256)
        return np.concatenate([draw(latents[start : start + 256]).numpy() for start in starts])


def draw_rows(count, batch_size, critic_steps, reuse, seed):
    """Endless row numbers for training steps; each row once before any comes again.

    Args:
        count: Number of reals.
        batch_size, critic_steps: The shape of a step's rows.
        reuse: Whether all critic steps of a training step see the same batch.
        seed: Seed of the order.

    Yields:
        int32 `(critic_steps, batch_size)`.
    """
    rng = np.random.default_rng(seed)
    batches = 1 if reuse else critic_steps
    rows = np.empty(0, "int32")
    while True:
        while len(rows) < batches * batch_size:
            rows = np.concatenate([rows, rng.permutation(count).astype("int32")])
        taken, rows = np.split(rows, [batches * batch_size])
        yield np.broadcast_to(taken.reshape(batches, batch_size), (critic_steps, batch_size))
