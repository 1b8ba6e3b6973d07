"""What every callback of this package checks."""

from m2m_tf.checks import check_whole
from m2m_tf.minds import Mind2Mind


def check_model(model, callback):
    """Refuses a model that is no Mind2Mind."""
    if not isinstance(model, Mind2Mind):
        raise ValueError(
            f"m2m.callbacks.{callback} watches a m2m.Mind2Mind; got {type(model).__name__}. Give "
            f"it to the callbacks of Mind2Mind.fit."
        )


def check_every(name, every):
    """Refuses what is no number of epochs; None means never."""
    if every is not None:
        check_whole(name, every)


def is_due(epoch, every, last):
    """Whether an epoch, counted from 0, is one of each `every`, or the last; never for None."""
    return every is not None and ((epoch + 1) % every == 0 or epoch == last)
