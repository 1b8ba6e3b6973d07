"""The batches of pretraining's source."""

import numpy as np
import pytest

from m2m_tf.autoencoders.pretraining.batches import (
    evaluation_batches,
    fingerprint_of,
    middles,
    to_images,
    training_batches,
)


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


def test_windows_are_parts_of_their_images_and_move():
    pixels = some_pixels(4)
    batches = iter(training_batches(pixels, 4, augment=0, seed=0, window=(4, 4)))
    first, second = (np.rint((next(batches).numpy() + 1) * 127.5) for _ in range(2))
    assert first.shape == (4, 4, 4, 3)
    views = np.lib.stride_tricks.sliding_window_view(pixels, (4, 4), axis=(1, 2))
    views = {view.tobytes() for view in np.moveaxis(views, 3, 5).reshape(-1, 4, 4, 3)}
    assert all(image.astype(np.uint8).tobytes() in views for image in first)
    assert not np.array_equal(np.sort(first, axis=0), np.sort(second, axis=0))


@pytest.mark.slow
def test_any_epoch_can_be_the_first_and_no_thread_decides_what_is_drawn():
    pixels = some_pixels(11)  # one is left out in each epoch
    settings = {"augment": 0.4, "seed": 3, "window": (4, 4)}
    whole = iter(training_batches(pixels, 5, **settings))
    later = iter(training_batches(pixels, 5, **settings, first_epoch=2))
    first = [next(whole).numpy() for _ in range(4)]
    for _ in range(4):
        np.testing.assert_array_equal(next(whole), next(later))
    assert not np.array_equal(*first[::2])


def test_images_are_named_by_shape_and_bytes():
    pixels = some_pixels()
    changed = pixels.copy()
    changed[3, 2, 1, 0] ^= 1
    others = [pixels.reshape(10, 12, 8, 3), pixels[:9], changed]
    assert fingerprint_of(pixels) == fingerprint_of(pixels.copy())
    assert len({fingerprint_of(each) for each in (pixels, *others)}) == 4


def test_the_middle_of_an_image_is_a_view():
    pixels = some_pixels()
    middle = middles(pixels, (4, 6))
    np.testing.assert_array_equal(middle, pixels[:, 2:6, 3:9])
    assert np.shares_memory(middle, pixels)
