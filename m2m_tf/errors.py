"""Errors that are not about what was given."""


class NonFinite(ArithmeticError):
    """A loss, a gradient or a score of the training became NaN or infinite.

    Attributes:
        step: The training step at which it did, counted from 1.
        terms: Names of what was not finite there, as the logs have them.
    """

    def __init__(self, step, terms):
        self.step, self.terms = step, terms
        super().__init__(
            f"Training broke at step {step:,}: {', '.join(terms)} became NaN or infinite. Lower "
            "the learning rates, or let on_nonfinite='rollback' go back and halve them."
        )
