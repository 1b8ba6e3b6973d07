"""Bring a ValueError out of a tf.data pipeline, which buries it in an operator's message."""

import atexit
import contextlib
import functools
import gc
import re
import sys

import tensorflow as tf

from m2m_tf.keras_internals import SameElements

_BURIED = re.compile(
    r"^(?:\w+\.)*ValueError: (.*?)(?:\nTraceback|\n\n|\Z)", re.DOTALL | re.MULTILINE
)

_raised = []  # by what a pipeline reads, the last one that was not yet brought out


@contextlib.contextmanager
def kept_errors():
    """Context inside a pipeline's generator: what is raised in it, `clear_errors` raises again."""
    try:
        yield
    except Exception as error:
        _raised[:] = [error]
        raise


@contextlib.contextmanager
def clear_errors():
    """Context that raises a reader's ValueError, or what a user's generator raised, in place of the
    tf.errors that it became."""
    try:
        yield
    except tf.errors.OpError as error:
        for raised in _raised:
            if f"{type(raised).__name__}: {raised}" in error.message:
                _raised.clear()
                raise raised from None
        buried = _BURIED.search(error.message)
        if buried is None:
            raise
        raise ValueError(buried[1]) from None


@atexit.register
def _let_pipelines_go():
    """Ends what an uncaught error keeps alive: its traceback holds the iterator, whose threads wait
    for Python while Python waits for them, and the process would never exit."""
    for name in ("last_exc", "last_value", "last_traceback"):
        if hasattr(sys, name):
            delattr(sys, name)
    gc.collect()


class ClearDataset(SameElements):
    """A dataset whose iteration, outside compiled loops, raises the reader's own ValueError."""

    def __iter__(self):
        return _clear_iterator()(self) if tf.executing_eagerly() else super().__iter__()


@functools.cache
def _clear_iterator():
    """The class of the iterator, made at its first use.

    Its base is public in use but its module is not, so an iterator is asked for it; that starts
    TensorFlow's devices, which an import must leave to the user to configure.
    """

    class ClearIterator(type(iter(tf.data.Dataset.range(1)))):
        def __next__(self):
            with clear_errors():
                return super().__next__()

    return ClearIterator
