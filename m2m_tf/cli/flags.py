"""The values that flags take, checked while they are parsed."""

import argparse


def whole(text):
    """A whole number of 1 or more."""
    return _number(int, text, "a whole number of 1 or more", lambda value: value >= 1)


def seed(text):
    """A whole number of 0 or more, below 2^31."""
    return _number(int, text, "a whole number from 0 to 2147483647", lambda v: 0 <= v < 2**31)


def positive(text):
    """A number above 0."""
    return _number(float, text, "a number above 0", lambda value: 0 < value < float("inf"))


def share(text):
    """A number from 0 to 1."""
    return _number(float, text, "a number from 0 to 1", lambda value: 0 <= value <= 1)


def image_size(text):
    """`28` or `48x64`, height first, as `(height, width)`."""
    try:
        sides = [int(side) for side in text.lower().split("x")]
    except ValueError:
        sides = []
    if len(sides) not in (1, 2) or min(sides) < 1:
        raise argparse.ArgumentTypeError(
            f"expected a size in pixels, 28 or 48x64 (height x width); got '{text}'."
        )
    return (sides[0], sides[-1])


def _number(kind, text, expected, is_good):
    try:
        value = kind(text)
    except ValueError:
        value = None
    if value is None or not is_good(value):
        raise argparse.ArgumentTypeError(f"expected {expected}; got '{text}'.")
    return value


def add_overwrite(parser, what="folder"):
    """Adds --overwrite, with the one rule that all commands follow."""
    parser.add_argument(
        "--overwrite",
        action="store_true",
        help=f"replace an output {what} that already holds something, once the new one is whole",
    )
