"""As a graph or with XLA: whichever makes more steps in the time there is."""

import time

import tensorflow as tf

from benchmarks.shared.measure import seconds_a_call

LEAST = 1.0  # seconds of steps that are measured


def choose_compilation(build_step, budget):
    """Measures a few steps of each kind, on copies that are thrown away.

    Args:
        build_step: A function of `jit_compile` that gives a function without arguments: one
            training step, which returns only when done.
        budget: Seconds of training.

    Returns:
        A dictionary: `chosen`, and for each kind the seconds of the first step, tracing and
        compiling included, and of a later one; None where TensorFlow refuses to compile.
    """
    measured = {kind: _measure(build_step, kind == "xla") for kind in ("graph", "xla")}
    steps = {
        kind: (budget - seconds["first_step"]) / seconds["step"]
        for kind, seconds in measured.items()
        if seconds
    }
    return {"chosen": max(steps, key=steps.get), **measured}


def _measure(build_step, jit_compile):
    step = build_step(jit_compile)
    began = time.perf_counter()
    try:
        step()
    except tf.errors.OpError:  # an operation that XLA has not
        if not jit_compile:
            raise
        return None
    first = time.perf_counter() - began
    step()  # the first ones after compiling may be slow
    return {"first_step": first, "step": seconds_a_call(step, least=LEAST)}
