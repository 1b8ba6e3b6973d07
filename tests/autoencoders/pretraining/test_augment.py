"""Augmentation of the source."""

import numpy as np
import pytest

import m2m_tf as m2m
from m2m_tf.autoencoders.pretraining.augment import build_augmentation


@pytest.mark.parametrize("channels", [1, 3])
def test_images_stay_images(digits, channels):
    images = m2m.data.resize(digits[:20], (28, 28), channels=channels)
    turned = build_augmentation(0, channels)(images, training=True).numpy()
    assert turned.shape == images.shape and turned.dtype == np.float32
    assert turned.min() >= -1 - 1e-5 and turned.max() <= 1 + 1e-5
    assert np.mean(np.abs(turned - images)) > 0.05


def test_a_seed_fixes_what_is_drawn(digits):
    def first(seed):
        return build_augmentation(seed)(digits[:10], training=True).numpy()

    np.testing.assert_array_equal(first(3), first(3))
    assert not np.array_equal(first(3), first(4))


def test_two_batches_are_turned_differently(digits):
    augmentation = build_augmentation(seed=0)
    batches = [augmentation(digits[:10], training=True).numpy() for _ in range(2)]
    assert not np.array_equal(*batches)


def test_nothing_is_turned_outside_training(digits):
    images = build_augmentation(seed=0)(digits[:10], training=False)
    np.testing.assert_array_equal(images, digits[:10])


def test_hues_are_turned_and_greys_stay_grey():
    red = np.tile(np.float32([1, -1, -1]), (20, 8, 8, 1))
    turned = np.concatenate([build_augmentation(seed, 3)(red, training=True) for seed in (0, 1)])
    assert turned[..., 0].min() < -0.9 and turned[..., 1].max() > 0.9 and turned[..., 2].max() > 0.9
    grey = np.full((5, 8, 8, 3), 0.3, "float32")
    np.testing.assert_allclose(build_augmentation(0, 3)(grey, training=True), grey, atol=1e-5)
