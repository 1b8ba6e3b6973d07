"""Checks of arguments that many take: each raises a ValueError which says what came."""

import math
import numbers

import numpy as np

LARGEST_SEED = 2**62  # leaves room for the streams that are added to it


def check_whole(name, value, at_least=1):
    """Returns an int; refuses what is no whole number of `at_least` or more, as 2.0 and True."""
    is_whole = isinstance(value, numbers.Integral) and not isinstance(value, bool)
    if not is_whole or value < at_least:
        raise ValueError(f"{name} must be a whole number of {at_least} or more; got {value!r}.")
    return int(value)


def batch_size_of(batch_size, default):
    """Returns a batch size that was given, or the default for None; refuses what is none."""
    if batch_size is None:
        return default
    return check_whole("batch_size", batch_size)


def check_number(said, value, below=math.inf, most=None):
    """Returns a float; refuses what is no number of 0 or more in a range.

    Args:
        said: What the message says that it is: "average_decay lies in [0, 1)".
        value: What came.
        below: What it must be below.
        most: What it may be at most, in place of `below`.
    """
    is_number = isinstance(value, numbers.Real) and value >= 0
    if not is_number or not (value < below if most is None else value <= most):
        raise ValueError(f"{said}; got {value!r}.")
    return float(value)


def check_rate(value):
    """Returns a learning rate as a float, or refuses what is none."""
    if not isinstance(value, numbers.Real) or not 0 < value < math.inf:
        raise ValueError(f"learning_rate must be a number above 0; got {value!r}.")
    return float(value)


def check_finite(said, values, mend):
    """Refuses an array in whose rows a value is NaN or infinite.

    Args:
        said: What was expected: "Expected latents".
        values: A float array `(n, ...)`.
        mend: How to mend it, a sentence.
    """
    bad = np.flatnonzero(~np.isfinite(values).all(axis=tuple(range(1, np.ndim(values)))))
    if len(bad):
        raise ValueError(
            f"{said} of finite numbers; of {len(values)} given, number {bad[0]}, counted from 0, "
            f"holds a NaN or an infinite value. {mend}"
        )


def check_image_shape(image_shape):
    """Returns `(height, width, channels)` as ints, or refuses what is no shape of images."""
    shape = tuple(image_shape) if hasattr(image_shape, "__len__") else ()
    is_whole = all(isinstance(side, numbers.Integral) for side in shape)
    if len(shape) != 3 or not is_whole or min(shape) < 1 or shape[2] not in (1, 3):
        raise ValueError(
            "Expected an image_shape for images of shape (height, width, channels), with 1 or 3 "
            f"channels; got {image_shape!r}."
        )
    return tuple(map(int, shape))


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
    """Returns a seed in [0, 2**bits), or refuses it: 32 is what NumPy and scikit-learn share."""
    seed = check_whole("seed", seed, at_least=0)
    if seed >= 2**bits:
        raise ValueError(f"seed must be below 2**{bits}; got {seed}.")
    return seed
