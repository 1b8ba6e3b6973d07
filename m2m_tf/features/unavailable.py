"""The error for an extractor whose weights cannot be had."""


class WeightsUnavailable(ValueError):
    """The weights of an extractor are not here; the message says how to get them."""
