"""Checks of arguments that many take: each raises a ValueError which says what came."""

import math
import numbers

LARGEST_SEED = 2**62  # leaves room for the streams that are added to it


def check_whole(name, value, at_least=1):
    """Refuses what is no whole number of `at_least` or more, such as 2.0 and True."""
    is_whole = isinstance(value, numbers.Integral) and not isinstance(value, bool)
    if not is_whole or value < at_least:
        raise ValueError(f"{name} must be a whole number of {at_least} or more; got {value!r}.")


def batch_size_of(batch_size, default):
    """Returns a batch size that was given, or the default for None; refuses what is none."""
    if batch_size is None:
        return default
    check_whole("batch_size", batch_size)
    return int(batch_size)


def check_number(said, value, below=math.inf, most=None):
    """Refuses what is no number of 0 or more in a range.

    Args:
        said: What the message says that it is: "average_decay lies in [0, 1)".
        value: What came.
        below: What it must be below.
        most: What it may be at most, in place of `below`.
    """
    is_number = isinstance(value, numbers.Real) and value >= 0
    if not is_number or not (value < below if most is None else value <= most):
        raise ValueError(f"{said}; got {value!r}.")


def check_choice(name, value, choices):
    """Returns the value, or refuses what is none of the choices."""
    if value not in choices:
        raise ValueError(f"{name} must be one of {', '.join(map(repr, choices))}; got {value!r}.")
    return value


def check_seed(seed):
    """Returns a seed of TensorFlow's stateless draws as an int, or refuses what is none."""
    if not isinstance(seed, numbers.Integral) or abs(int(seed)) > LARGEST_SEED:
        raise ValueError(f"A seed is a whole number of at most 2^62 either way; got {seed!r}.")
    return int(seed)


def check_short_seed(seed, bits=32):
    """Refuses a seed outside [0, 2**bits): 32 is what NumPy's and scikit-learn's draws share."""
    check_whole("seed", seed, at_least=0)
    if seed >= 2**bits:
        raise ValueError(f"seed must be below 2**{bits}; got {seed}.")
