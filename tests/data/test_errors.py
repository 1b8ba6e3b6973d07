"""A reader's ValueError comes out of tf.data as itself, and other errors stay what they are."""

import numpy as np
import pytest
import tensorflow as tf

from m2m_tf.data import load
from m2m_tf.data.errors import ClearDataset


def _failing(message):
    def fail(_):
        raise ValueError(message)

    def call(index):
        return tf.numpy_function(fail, [index], tf.float32)

    return tf.data.Dataset.range(3).map(call)


def test_the_sentence_is_all_that_is_raised():
    message = "load expects one thing; got another.\nA second line."
    with pytest.raises(ValueError) as error:
        next(iter(ClearDataset(_failing(message))))
    assert str(error.value) == message
    assert error.value.__cause__ is None


def test_another_tensorflow_error_is_left_alone():
    wrong = tf.data.Dataset.range(3).map(lambda i: tf.ensure_shape(tf.zeros(i), (5,)))
    with pytest.raises(tf.errors.InvalidArgumentError):
        next(iter(ClearDataset(wrong)))


def test_in_a_compiled_loop_the_context_clears_the_error(digits):
    late = digits[:64].copy()
    late[60] = np.nan
    images = load(tf.data.Dataset.from_tensor_slices(late))

    @tf.function
    def total(batches):
        result = 0.0
        for batch in batches:
            result += tf.reduce_sum(batch)
        return result

    with pytest.raises(ValueError, match="^load expects finite values; image 60"):
        with images.clear_errors():
            total(images.batches(16))


def test_a_clear_dataset_is_a_dataset_like_any_other(digits):
    batches = load(digits[:64]).batches(16)
    assert isinstance(batches, tf.data.Dataset)
    assert batches.cardinality() == 4
    iterator = iter(batches)
    advance = tf.function(lambda it: tf.shape(it.get_next())[0])
    assert [int(advance(iterator)) for _ in range(4)] == [16] * 4
    assert len(list(batches.unbatch().batch(10))) == 7
