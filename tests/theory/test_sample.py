"""The random sample of a stream."""

import numpy as np
import pytest

from m2m_tf.theory.sample import sample_images

SHAPE = (2, 2, 1)


def numbered(count):
    return np.broadcast_to(
        np.linspace(-1, 1, count, dtype="float32")[:, None, None, None], (count, *SHAPE)
    ).copy()


def numbers_of(images, count):
    return np.rint((images[:, 0, 0, 0] + 1) * (count - 1) / 2).astype(int)


@pytest.mark.parametrize(("count", "most"), [(700, 100), (700, 700), (300, 1000), (5, 2)])
def test_a_sample_holds_distinct_images_as_many_as_asked(count, most):
    images = sample_images(numbered(count), SHAPE, most, np.random.default_rng(0))
    numbers = numbers_of(images, count)
    assert len(numbers) == len(set(numbers)) == min(count, most)


def test_early_and_late_images_are_drawn_alike():
    images = numbered(600)  # more than two batches of a stream
    random = np.random.default_rng(1)
    draws = [numbers_of(sample_images(images, SHAPE, 300, random), 600) for _ in range(12)]
    thirds = np.bincount(np.concatenate(draws) // 200, minlength=3)
    assert np.abs(thirds - 1200).max() < 80  # four standard deviations
    places = np.mean(draws, axis=0)  # the order is random too: no third of places is early
    assert np.abs(places.reshape(3, 100).mean(axis=1) - 300).max() < 25
