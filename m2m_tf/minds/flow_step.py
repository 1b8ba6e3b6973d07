"""The training step of a flow: its velocity is to lead from a draw of the prior to a code."""

import tensorflow as tf

from m2m_tf.minds.average import update_average
from m2m_tf.minds.flow import flow_loss
from m2m_tf.minds.given import of_step
from m2m_tf.minds.logs import mean_of_epoch
from m2m_tf.minds.noise import StepNoise
from m2m_tf.minds.replicas import share_of
from m2m_tf.minds.training_step import descend


def flow_step(model, batch):
    """Updates the velocity once, to the mean way from start to code through the places between.

    Args:
        model: The `Mind2Mind`.
        batch: As `TrainingStep.train_step` takes it, with one code a group.

    Returns:
        The logs, a dictionary: of each the mean over the epoch so far.
    """
    codes, labels = batch if model.classes else (batch, None)
    codes, labels = tf.reshape(codes, (-1, model.latent_dim)), of_step(labels, 0)
    noise, share = StepNoise(model, codes), share_of(codes, model.batch_size)
    of_starts, times = noise.of_starts(), noise.times()
    with tf.GradientTape() as tape:
        loss = flow_loss(model, model.generator, codes, of_starts, times, labels)
    norm = descend(model.generator, model.generator_optimizer, tape, loss, share)
    step = model.generator_optimizer.iterations.value
    update_average(model.average, model.generator, model.average_decay, step)
    return mean_of_epoch(model, {"flow_loss": loss, "generator_gradient_norm": norm}, share)
