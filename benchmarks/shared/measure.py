"""Measuring side by side: every contender once a round, so that a slow minute slows them all."""

import statistics
import time


def seconds_a_call(function, least=1.0):
    """Calls `function` until `least` seconds have passed; returns the seconds of one call."""
    began, calls = time.perf_counter(), 0
    while time.perf_counter() - began < least:
        function()
        calls += 1
    return (time.perf_counter() - began) / calls


def in_turn(contenders, rounds, least=1.0):
    """Measures each contender once a round.

    Args:
        contenders: A dictionary of functions; each must return only when its work is done.
        rounds: How many rounds are counted, after one that is not.
        least: Seconds a contender gets in a round.

    Returns:
        A dictionary of lists: seconds a call, one a round.
    """
    times = {name: [] for name in contenders}
    for round_ in range(rounds + 1):
        for name, function in contenders.items():
            seconds = seconds_a_call(function, least)
            if round_:
                times[name].append(seconds)
    return times


def spread(values, form="{:.2f}"):
    """The median with the least and the largest: `1.00 (0.98 to 1.03)`."""
    median, low, high = (form.format(f(values)) for f in (statistics.median, min, max))
    return f"{median} ({low} to {high})"


def ratios(numerators, denominators):
    """Ratios round by round."""
    return [a / b for a, b in zip(numerators, denominators, strict=True)]
