"""A model that several workers trained, as one process has it."""

import tensorflow as tf

from m2m_tf.autoencoders.pairs import saved_model
from m2m_tf.minds.checkpoints import variables_of


def local_copy(model):
    """A copy of a `Mind2Mind` on this process' own device, which waits for no other worker.

    The variables of a model that several workers trained may need all of them to be read: what one
    worker does with it alone, such as saving, is done with the copy.

    Args:
        model: A compiled `Mind2Mind`.

    Raises:
        ValueError: Inside a strategy's scope, where its variables would be shared again.
    """
    if tf.distribute.has_strategy():
        raise ValueError(
            "A model that several workers trained is copied before one of them saves it, which "
            "cannot be done inside strategy.scope(). Call it after the `with` block."
        )
    with saved_model.loading_with(model.autoencoder):  # where no config can hold it
        copy = type(model).from_config(model.get_config())
    copy.autoencoder.set_weights(model.autoencoder.get_weights())
    copy.autoencoder.card = model.autoencoder.card
    copy.compile_from_config(model.get_compile_config())
    copy.remember(model.record)
    for ours, theirs in zip(variables_of(copy).values(), variables_of(model).values(), strict=True):
        ours.assign(theirs.numpy())
    copy.seed_is_drawn, copy.batch_size = model.seed_is_drawn, model.batch_size
    copy.codes, copy.held_out_codes = model.codes, model.held_out_codes
    copy._encoded = model._encoded
    return copy
