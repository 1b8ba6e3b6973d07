"""The arithmetic of pretraining: bfloat16 where the machine computes in it, else float32."""

import contextlib
from pathlib import Path

import keras

from m2m_tf.checks import check_choice

PRECISIONS = ("auto", "float32", "bfloat16")
CPU_FLAGS = {"avx512_bf16", "amx_bf16"}  # of Linux; without them bfloat16 is emulated, slowly


def check_precision(precision):
    """Returns `"float32"` or `"bfloat16"`; `"auto"` is the second where the machine has it.

    Raises:
        ValueError: If it is neither of the three.
    """
    if check_choice("precision", precision, PRECISIONS) != "auto":
        return precision
    return "bfloat16" if _has_accelerator() or _cpu_has_bfloat16() else "float32"


@contextlib.contextmanager
def layers_in(precision):
    """Makes layers of mixed precision: weights in float32, products in bfloat16.

    bfloat16 has float32's range, so no loss needs a scale.
    """
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_bfloat16" if precision == "bfloat16" else "float32")
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)


def _has_accelerator():
    if keras.backend.backend() == "jax":
        import jax

        return jax.default_backend() != "cpu"
    import tensorflow as tf

    return bool(tf.config.list_physical_devices("GPU"))


def _cpu_has_bfloat16():
    try:
        words = Path("/proc/cpuinfo").read_text(encoding="utf-8").split()
    except OSError:  # not Linux
        return False
    return not CPU_FLAGS.isdisjoint(words)
