"""The values that flags take are checked while they are parsed."""

import argparse

import pytest

from m2m_tf.cli import flags


@pytest.mark.parametrize(
    ("flag", "value", "expected"),
    [
        ("--epochs", "0", "1 or more"),
        ("--batch_size", "many", "1 or more"),
        ("--seed", "-1", "from 0"),
        ("--image_size", "28x", "28 or 48x64"),
        ("--image_size", "1x2x3", "28 or 48x64"),
        ("--value_range", "0", "0,1 or 0,255"),
        ("--value_range", "1,0", "0,1 or 0,255"),
        ("--value_range", "black,white", "0,1 or 0,255"),
        ("--value_range", "0,inf", "0,1 or 0,255"),
        ("--prior", "cauchy", "uniform"),
        ("--resize", "cubic", "lanczos"),
    ],
)
def test_a_value_out_of_range_is_refused_while_parsing(refused, flag, value, expected):
    message = refused(
        "transfer", "--autoencoder", "a", "--target", "t", "--out", "o", f"{flag}={value}"
    )
    assert message.startswith(f"m2m transfer: argument {flag}: ")
    assert expected in message and value in message


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (flags.whole, "12", 12),
        (flags.seed, "0", 0),
        (flags.positive, "1e-3", 0.001),
        (flags.share, "1", 1.0),
        (flags.split, "0.25", 0.25),
        (flags.not_negative, "0", 0.0),
        (flags.value_range, "-1,1", (-1.0, 1.0)),
        (flags.value_range, "0, 4095", (0.0, 4095.0)),
        (flags.image_size, "28", (28, 28)),
        (flags.image_size, "48X64", (48, 64)),
        (flags.code_shape, "64", (64,)),
        (flags.code_shape, "8x8x16", (8, 8, 16)),
        (flags.port, "65535", 65535),
    ],
)
def test_a_value_in_range_is_taken(kind, text, value):
    assert kind(text) == value


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (flags.whole, "1.5"),
        (flags.seed, str(2**31)),
        (flags.positive, "inf"),
        (flags.positive, "nan"),
        (flags.share, "1.01"),
        (flags.split, "1"),
        (flags.not_negative, "-0.1"),
        (flags.image_size, "0"),
        (flags.code_shape, "8x8"),
        (flags.port, "65536"),
    ],
)
def test_a_value_at_the_edge_that_is_out_of_range_is_refused_and_shown(kind, text):
    with pytest.raises(argparse.ArgumentTypeError, match=f"expected .*; got '{text}'"):
        kind(text)
