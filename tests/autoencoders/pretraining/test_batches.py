"""The batches of pretraining's source."""

import numpy as np

from m2m_tf.autoencoders.pretraining.batches import evaluation_batches, to_images, training_batches


def some_pixels(count=10):
    return np.random.default_rng(0).integers(0, 256, (count, 8, 12, 3), dtype=np.uint8)


def test_held_out_images_come_once_in_their_order(monkeypatch):
    pixels = some_pixels()
    monkeypatch.setattr("m2m_tf.data.default_batch_size", lambda shape: 4)
    batches = [batch.numpy() for batch in evaluation_batches(pixels)]
    assert [len(batch) for batch in batches] == [4, 4, 2]
    np.testing.assert_array_equal(np.concatenate(batches), to_images(pixels))
    assert evaluation_batches(pixels).cardinality() == 3


def test_training_batches_are_whole_and_hold_every_image_in_turn():
    pixels = some_pixels()
    batches = iter(training_batches(pixels, 5, augment=0, seed=0))
    seen = np.concatenate([next(batches).numpy() for _ in range(2)])
    assert seen.shape == (10, 8, 12, 3)
    np.testing.assert_array_equal(np.sort(seen, axis=0), np.sort(to_images(pixels), axis=0))


def test_neither_holds_a_copy_of_the_source():
    """A source of 1024x1024 images takes gigabytes: what changes in it after must be seen."""
    pixels = some_pixels()
    held_out, training = evaluation_batches(pixels), training_batches(pixels, 5, 0, seed=0)
    pixels[:] = 255
    assert (next(iter(held_out)).numpy() == 1).all()
    assert (next(iter(training)).numpy() == 1).all()
