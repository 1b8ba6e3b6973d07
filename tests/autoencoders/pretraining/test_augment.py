"""Augmentation of the source."""

import numpy as np
import pytest
import tensorflow as tf

import m2m_tf as m2m
from m2m_tf.autoencoders.pretraining.augment import build_augmentation


@pytest.mark.parametrize("channels", [1, 3])
def test_images_stay_images(digits, channels):
    images = m2m.data.resize(digits[:20], (28, 28), channels=channels)
    turned = build_augmentation(0, channels)(images, 0).numpy()
    assert turned.shape == images.shape and turned.dtype == np.float32
    assert turned.min() >= -1 - 1e-5 and turned.max() <= 1 + 1e-5
    assert np.mean(np.abs(turned - images)) > 0.05


def test_seed_and_number_fix_what_is_drawn(digits):
    def turned(seed, number):
        return build_augmentation(seed)(digits[:10], number).numpy()

    np.testing.assert_array_equal(turned(3, 7), turned(3, 7))
    assert not np.array_equal(turned(3, 7), turned(4, 7))
    assert not np.array_equal(turned(3, 7), turned(3, 8))


def test_a_pipeline_draws_the_same_whichever_thread_makes_a_batch(digits):
    augment = build_augmentation(seed=0)
    numbers = tf.data.Dataset.range(6)
    batches = numbers.map(lambda number: augment(digits[:10], number), num_parallel_calls=2)
    for number, batch in enumerate(batches):
        np.testing.assert_allclose(batch, augment(digits[:10], number), atol=1e-5)


def test_hues_are_turned_and_greys_stay_grey():
    red = np.tile(np.float32([1, -1, -1]), (20, 8, 8, 1))
    turned = np.concatenate([build_augmentation(seed, 3)(red, 0) for seed in (0, 1)])
    assert turned[..., 0].min() < -0.9 and turned[..., 1].max() > 0.9 and turned[..., 2].max() > 0.9
    grey = np.full((5, 8, 8, 3), 0.3, "float32")
    np.testing.assert_allclose(build_augmentation(0, 3)(grey, 0), grey, atol=1e-5)
