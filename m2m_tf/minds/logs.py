"""What a training step reports, and the means that Keras shows."""

import tensorflow as tf

LOGS = (
    "score_gap",  # mean real minus mean fake score; with the Wasserstein loss an estimate of W1
    "critic_loss",
    "generator_loss",
    "gradient_penalty",
    "critic_gradient_norm",
    "generator_gradient_norm",
)

FLOW_LOGS = ("flow_loss", "generator_gradient_norm")


def mean_of_steps(logs):
    """One dictionary of scalars from those of several critic steps."""
    return {name: tf.reduce_mean([log[name] for log in logs]) for name in logs[0]}


def mean_of_epoch(model, logs, share):
    """Takes the logs of a training step in; returns the means of the epoch so far.

    Args:
        model: The `Mind2Mind`, which keeps them.
        logs: A dictionary of scalars, one for each of its trackers.
        share: The share of the batch that this replica had.
    """
    for name, value in logs.items():
        model.trackers[name].update_state(value, share)
    model.finite_steps.update_state(tf.stack([logs[name] for name in model.trackers]))
    shape = (1,) if model.workers.are_many else ()  # Keras does not average scalars over workers
    return {name: tf.reshape(each.result(), shape) for name, each in model.trackers.items()}
