"""Noise for training that does not depend on how many replicas share the batch."""

import tensorflow as tf

from m2m_tf.minds.priors import sample_uniform
from m2m_tf.minds.replicas import largest_share


class StepNoise:
    """All that one training step draws: latents, and the gradient penalty's mixing weights.

    It follows from the model's seed and the number of the step.

    Args:
        model: The `Mind2Mind`.
        batch: This replica's samples, `(n, ...)`.
    """

    def __init__(self, model, batch):
        self._law, self._critic_steps = model.latent_law, model.critic_steps
        self._seed, self._step = model.seed, model.generator_optimizer.iterations.value
        self._here, self._whole = batch.shape[0] or tf.shape(batch)[0], model.batch_size

    def of_critic_steps(self, labels=None):
        """The latents of all critic steps, `(n * critic_steps, latent_dim)`."""
        return self._latent((self._critic_steps,), labels, stream=0)

    def alphas(self, ones):
        """The mixing weights of all critic steps, `(n, critic_steps, 1, ...)`: so many 1s."""
        return self._draw(sample_alpha, (self._critic_steps, *(1,) * ones), stream=1)

    def of_generator_step(self, labels=None):
        """The latents of the generator step, `(n, latent_dim)`."""
        return self._latent((), labels, stream=2)

    def of_starts(self):
        """The noise of a flow's starts, `(n, noise_dim)`."""
        return self._draw(self._law.draw, (self._law.noise_dim,), stream=0)

    def times(self):
        """Times between start and code, `(n, 1)` in [0, 1]."""
        return self._draw(sample_alpha, (1,), stream=1)

    def _latent(self, shape, labels, stream):
        noise_dim = self._law.noise_dim
        noise = self._draw(self._law.draw, (*shape, noise_dim), stream)
        return self._law.latent_of(tf.reshape(noise, (-1, noise_dim)), labels)

    def _draw(self, draw, shape, stream):
        """The stream tells the draws of a step apart."""
        seed = [self._seed + stream, self._step]
        return replica_noise(draw, self._here, shape, seed, self._whole)


def replica_noise(draw, batch_size, shape, seed, whole=None):
    """Draws the noise of the whole batch and returns this replica's share.

    Args:
        draw: A function `(shape, seed) -> tensor`.
        batch_size: Samples of this replica.
        shape: The shape of one sample.
        seed: Two integers or scalar tensors.
        whole: Samples of all replicas; by default as many of each as of this one. Where they do
            not divide evenly the last replica has fewer, as `tf.distribute` shares batches.

    Returns:
        float32 tensor `(batch_size, *shape)`.
    """
    context = tf.distribute.get_replica_context()
    replicas, number = context.num_replicas_in_sync, context.replica_id_in_sync_group
    whole = batch_size * replicas if whole is None else whole
    noise = draw((whole, *shape), [tf.cast(part, tf.int32) for part in seed])
    if replicas == 1:
        return noise
    start = number * largest_share(whole, replicas)
    return tf.ensure_shape(noise[start : start + batch_size], (None, *shape))


def sample_alpha(shape, seed):
    """Draws the gradient penalty's mixing weights from U(0, 1)."""
    return (sample_uniform(shape, seed) + 1.0) / 2.0
