"""The training step: the critic learns to tell real codes from fake ones, the generator from it."""

import tensorflow as tf

from m2m_tf.minds.average import update_average
from m2m_tf.minds.given import given, of_step
from m2m_tf.minds.logs import mean_of_epoch, mean_of_steps
from m2m_tf.minds.losses import drift_penalty
from m2m_tf.minds.noise import StepNoise
from m2m_tf.minds.replicas import share_of, sum_over_replicas


class TrainingStep:
    """What `Mind2Mind` does with a batch of codes.

    Source: Goodfellow et al., arXiv 1406.2661, algorithm 1; Gulrajani et al., arXiv 1704.00028,
    algorithm 1, for the Wasserstein loss.
    """

    def train_step(self, batch: tf.Tensor | tuple[tf.Tensor, tf.Tensor]) -> dict[str, tf.Tensor]:
        """Updates the critic on each of `critic_steps` batches of codes, then the generator once.

        Args:
            batch: Standardised codes, float32 `(batch, critic_steps, ...)`; with classes a
                pair of these and their labels, int32 `(batch, critic_steps)`. The fake codes that
                the critic sees are of the same labels, and the generator's those of the last step.

        Returns:
            The logs, a dictionary: of each the mean over the epoch so far.
        """
        codes, labels = batch if self.classes else (batch, None)
        noise, logs = StepNoise(self, codes), []
        fakes, alphas = self.fake_codes(noise, labels), noise.alphas(codes.shape.rank - 2)
        for step in range(self.critic_steps):
            real, label = codes[:, step], of_step(labels, step)
            logs.append(self.critic_step(real, fakes[:, step], alphas[:, step], label))
        logs = {**mean_of_steps(logs), **self.generator_step(real, label)}
        return mean_of_epoch(self, logs, share_of(codes, self.batch_size))

    def fake_codes(self, noise: StepNoise, labels: tf.Tensor | None = None) -> tf.Tensor:
        """The fake codes of all critic steps at once: the generator is held meanwhile."""
        labels = None if labels is None else tf.reshape(labels, (-1,))
        generator = given(self.generator, labels, self.num_classes)
        fakes = generator(noise.of_critic_steps(labels), training=True)
        return tf.reshape(fakes, (-1, self.critic_steps, *fakes.shape[1:]))

    def critic_step(
        self, real: tf.Tensor, fake: tf.Tensor, alpha: tf.Tensor, labels: tf.Tensor | None = None
    ) -> dict[str, tf.Tensor]:
        """One update of the critic; the generator is held. Real and fake have the same labels."""
        critic = given(self.critic, labels, self.num_classes)
        with tf.GradientTape() as tape:
            real_scores, fake_scores, penalty = self.adversarial.score(critic, real, fake, alpha)
            loss = self.adversarial.critic(real_scores, fake_scores)
            loss += self.gradient_penalty * penalty
            loss += self.drift_penalty * drift_penalty(real_scores)
        share = share_of(real, self.batch_size)
        return {
            "critic_loss": loss,
            "score_gap": tf.reduce_mean(real_scores) - tf.reduce_mean(fake_scores),
            "gradient_penalty": penalty,
            "critic_gradient_norm": descend(self.critic, self.critic_optimizer, tape, loss, share),
        }

    def generator_step(
        self, real: tf.Tensor, labels: tf.Tensor | None = None
    ) -> dict[str, tf.Tensor]:
        """One update of the generator and of its average; the critic is held."""
        latent = StepNoise(self, real).of_generator_step(labels)
        generator = given(self.generator, labels, self.num_classes)
        critic = given(self.critic, labels, self.num_classes)
        with tf.GradientTape() as tape:
            fake = generator(latent, training=True)
            real_scores = critic(real, training=True) if self.adversarial.is_relative else None
            loss = self.adversarial.generator(real_scores, critic(fake, training=True))
        share, optimizer = share_of(real, self.batch_size), self.generator_optimizer
        norm = descend(self.generator, optimizer, tape, loss, share)
        step = self.steps_before + optimizer.iterations.value
        update_average(self.average, self.generator, self.average_decay, step)
        return {"generator_loss": loss, "generator_gradient_norm": norm}


def descend(network, optimizer, tape, loss, share):
    """Updates a network by the gradients of a loss.

    Args:
        network: The network, whose trainable variables are updated.
        optimizer: Its optimiser.
        tape: The `tf.GradientTape` that watched the loss.
        loss: Scalar tensor, the mean over the samples of this replica.
        share: The share of the batch that these are, in [0, 1]: gradients are summed over replicas.

    Returns:
        The norm of the whole batch's gradients, a scalar tensor.
    """
    variables = [variable.value for variable in network.trainable_variables]
    if not variables:  # frozen: its steps are counted, since noise follows from them
        optimizer.iterations.assign_add(1)
        return tf.zeros(())
    gradients = tape.gradient(loss, variables, output_gradients=tf.cast(share, loss.dtype))
    optimizer.apply_gradients(zip(gradients, network.trainable_variables, strict=True))
    return tf.linalg.global_norm(sum_over_replicas(gradients))
