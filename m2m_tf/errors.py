"""What errors have in common: near names to offer, and errors that are not about what was given."""

import difflib
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from m2m_tf.workers import Workers


def did_you_mean(name, names, most=3, cutoff=0.6, show=repr):
    """The end of a message about a name that is not known: the known ones that are near.

    Args:
        name: What came.
        names: The known names.
        most: How many are offered at most.
        cutoff: From which likeness on, 0 to 1, as `difflib.get_close_matches` takes it.
        show: How one is written.

    Returns:
        " Did you mean 'one' or 'other'?", with the space before it; empty where none is near.

    Example:
        >>> did_you_mean("digit", ["digits", "fashion"])
        " Did you mean 'digits'?"
    """
    near = difflib.get_close_matches(str(name), names, most, cutoff)
    return f" Did you mean {' or '.join(map(show, near))}?" if near else ""


class NonFinite(ArithmeticError):
    """A loss, a gradient or a score of the training became NaN or infinite.

    Attributes:
        step: The training step at which it did, counted from 1.
        terms: Names of what was not finite there, as the logs have them.
    """

    def __init__(self, step: int, terms: Sequence[str]) -> None:
        self.step: int = step
        self.terms: Sequence[str] = terms
        super().__init__(
            f"Training broke at step {step:,}: {', '.join(terms)} became NaN or infinite. Lower "
            "the learning rates, or let on_nonfinite='rollback' go back and halve them."
        )


class WeightsUnavailable(ValueError):
    """The weights of an extractor are not here; the message says how to get them."""


class WorkerLost(RuntimeError):
    """Another worker of the training is gone, or cannot be reached.

    Attributes:
        workers: The `Workers`, with this process' number.
    """

    def __init__(self, workers: "Workers") -> None:
        self.workers: Workers = workers
        super().__init__(
            f"Worker {workers.number} of {workers.count} ended, since another one is gone or "
            "cannot be reached: look at what that one said last. Start all of them again; with "
            "the same checkpoint folder they go on where they were."
        )
