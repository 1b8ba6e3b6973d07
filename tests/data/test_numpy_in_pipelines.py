"""Arrays are freed after they were read: TensorFlow keeps the functions that read them."""

import gc
import weakref

import numpy as np
import pytest

import m2m_tf as m2m
from m2m_tf.autoencoders.pretraining.batches import evaluation_batches, training_batches

PIPELINES = {
    "images": lambda array: m2m.data.load(array).batches(4),
    "made over": lambda array: m2m.data.load(m2m.data.load(array), image_size=16).batches(4),
    "held out": evaluation_batches,
    "training": lambda array: training_batches(array, 4, augment=0, seed=0),
}


def some_pixels():
    return np.random.default_rng(0).integers(0, 256, (8, 12, 12, 3), dtype=np.uint8)


@pytest.mark.parametrize("kind", PIPELINES)
def test_an_array_is_freed_with_what_reads_it(kind):
    array = some_pixels()
    alive = weakref.ref(array)
    batches = PIPELINES[kind](array)
    next(iter(batches))
    del array, batches
    gc.collect()
    assert alive() is None


@pytest.mark.parametrize("kind", PIPELINES)
def test_an_array_lives_as_long_as_an_iterator_of_it(kind):
    iterator = iter(PIPELINES[kind](some_pixels()).prefetch(1))
    gc.collect()
    assert np.isfinite(next(iterator)).all()
