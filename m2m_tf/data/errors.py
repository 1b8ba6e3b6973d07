"""Bring a ValueError out of a tf.data pipeline, which buries it in an operator's message."""

import contextlib
import re

import tensorflow as tf

_BURIED = re.compile(
    r"^(?:\w+\.)*ValueError: (.*?)(?:\nTraceback|\n\n|\Z)", re.DOTALL | re.MULTILINE
)
_Iterator = type(iter(tf.data.Dataset.range(1)))  # the class is public in use, its module is not


@contextlib.contextmanager
def clear_errors():
    """Context that raises the ValueError of a reader in place of the tf.errors that it became."""
    try:
        yield
    except tf.errors.OpError as error:
        buried = _BURIED.search(error.message)
        if buried is None:
            raise
        raise ValueError(buried[1]) from None


class ClearDataset(tf.data.Dataset):
    """A dataset whose iteration, outside compiled loops, raises the reader's own ValueError."""

    def __init__(self, dataset):
        self._dataset = dataset
        super().__init__(dataset._variant_tensor)

    def _inputs(self):
        return [self._dataset]

    @property
    def element_spec(self):
        return self._dataset.element_spec

    def __iter__(self):
        return _ClearIterator(self) if tf.executing_eagerly() else super().__iter__()


class _ClearIterator(_Iterator):
    def __next__(self):
        with clear_errors():
            return super().__next__()
