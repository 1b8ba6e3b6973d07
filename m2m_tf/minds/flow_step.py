"""The training step of a flow: its velocity is to lead from a draw of the prior to a code."""

import numpy as np
import tensorflow as tf

from m2m_tf.codes.gaussian_mixture import COUNT
from m2m_tf.minds.average import update_average
from m2m_tf.minds.flow import flow_of
from m2m_tf.minds.given import of_step
from m2m_tf.minds.logs import mean_of_epoch
from m2m_tf.minds.noise import StepNoise
from m2m_tf.minds.replicas import share_of
from m2m_tf.minds.training_step import descend


def adapt_flow(model):
    """Measures the units of a model's flow, where it has one, by 20,000 of its codes at most."""
    if model.is_flow:
        rows = np.linspace(0, model.codes.count - 1, min(model.codes.count, COUNT)).astype(int)
        codes = model.statistics.standardise(model.codes.codes[rows])
        for network in (model.generator, model.average):
            flow_of(network).adapt(np.reshape(codes, (len(rows), -1)))


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
    step = model.steps_before + model.generator_optimizer.iterations.value
    update_average(model.average, model.generator, model.average_decay, step)
    return mean_of_epoch(model, {"flow_loss": loss, "generator_gradient_norm": norm}, share)


def flow_loss(model, generator, codes, noise, times, labels=None):
    """How far a velocity is from the way that leads from start to code, at places between them.

    Each code's start is drawn from the part of the prior that it belongs to, with the mixture from
    its own component: ways are short, and hardly cross, so that little is left to learn.

    Source: Lipman et al., arXiv 2210.02747, equation 23, with the starts of Tong et al., "Improving
    and generalizing flow-based generative models", arXiv 2302.00482, section 3.

    Args:
        model: The `Mind2Mind`, for its prior and its classes.
        generator: The generator whose flow it is.
        codes: Flat standardised codes, float32 `(n, dim)`.
        noise: Of the starts, `(n, noise_dim)`.
        times: Where between start and code, `(n, 1)` in [0, 1].
        labels: With classes, int32 `(n,)`.

    Returns:
        The mean squared error in the flow's units, a scalar tensor.
    """
    flow = flow_of(generator)
    starts = model.latent_law.near(codes, noise)
    places = starts + times * (codes - starts)
    one_hot = None if labels is None else tf.one_hot(labels, model.num_classes)
    error = flow.velocity(places, times, one_hot) - (codes - starts)
    return tf.reduce_mean(tf.square(error / flow.units))
