"""Images of a stream are known by their content; an order that changes anywhere is noticed."""

import itertools

import numpy as np
import pytest
import tensorflow as tf

from m2m_tf import data
from m2m_tf.data import passes
from m2m_tf.data.passes import check_same_order, count_of, fingerprints_of, pass_over

IMAGES = (np.arange(40).reshape(40, 1, 1, 1) * np.ones((1, 4, 5, 1)) * 6).astype("uint8")


def stream(dataset):
    return data.load(dataset, at_least=1)


def whole(count=40):
    return tf.data.Dataset.from_tensor_slices(IMAGES[:count])


def test_a_fingerprint_is_that_of_the_pixels():
    images = data.load(IMAGES).numpy()
    found = fingerprints_of(images)
    assert found.dtype == np.uint64 and len(set(found.tolist())) == 40
    np.testing.assert_array_equal(found[::-1], fingerprints_of(images[::-1]))
    assert fingerprints_of(images[:0]).shape == (0,)


def test_a_pass_gives_them_in_its_order():
    expected = fingerprints_of(data.load(IMAGES).numpy())
    np.testing.assert_array_equal(pass_over(stream(whole().batch(7))), expected)


@pytest.mark.parametrize("known", [False, True])
def test_an_order_that_stays_is_let_pass(known):
    kept = whole().shuffle(40, seed=1, reshuffle_each_iteration=False)
    images = stream(kept)
    check_same_order(images, pass_over(images) if known else None, "Labels are paired")


def test_an_order_that_changes_at_the_end_is_refused():
    late = whole().take(30).concatenate(whole().skip(30).shuffle(10, seed=1))
    with pytest.raises(ValueError, match="^Labels are paired, by their order; .* in another order"):
        check_same_order(stream(late), None, "Labels are paired")


def test_images_that_change_are_refused():
    random = np.random.default_rng(0)
    signature = tf.TensorSpec((4, 5, 1), tf.uint8)
    drawn = tf.data.Dataset.from_generator(
        lambda: (image + random.integers(5, dtype="uint8") for image in IMAGES),
        output_signature=signature,
    )
    with pytest.raises(ValueError, match="have changed since they were encoded"):
        check_same_order(stream(drawn), None, "Labels are paired")


def test_a_stream_of_images_that_are_ever_new_is_refused(monkeypatch):
    monkeypatch.setattr(passes, "MOST", 100)
    random, shape = np.random.default_rng(0), (4, 5, 1)
    drawn = tf.data.Dataset.from_generator(
        lambda: (random.integers(256, size=shape) for _ in itertools.count()),
        output_signature=tf.TensorSpec(shape, tf.int64),
    )
    with pytest.raises(ValueError, match=r"does not say how many it has, .*assert_cardinality"):
        pass_over(stream(drawn))
    counted = drawn.take(120).apply(tf.data.experimental.assert_cardinality(120))
    assert len(pass_over(stream(counted))) == 120


def test_arrays_are_not_read_again():
    images = data.load(IMAGES)
    images.batches = None  # a call would fail
    check_same_order(images, None, "Labels are paired")


def test_a_stream_that_repeats_itself_for_ever_is_refused(monkeypatch):
    monkeypatch.setattr("m2m_tf.data.passes.LEAST", 100)

    def forever():
        while True:
            yield from IMAGES[:8]

    signature = tf.TensorSpec((4, 5, 1), tf.uint8)
    images = stream(tf.data.Dataset.from_generator(forever, output_signature=signature))
    with pytest.raises(ValueError, match=r"the same 8 images again.*seems not to end.*take\(8\)"):
        pass_over(images)


@pytest.mark.parametrize("batch", [None, 2])
def test_a_stream_that_is_known_to_end_may_repeat_itself(monkeypatch, batch):
    monkeypatch.setattr("m2m_tf.data.passes.LEAST", 10)
    images = stream((whole(2).batch(batch) if batch else whole(2)).repeat(10))
    assert images.ends and len(pass_over(images)) == 20


def test_images_of_unknown_number_are_counted(digits):
    stream = data.load(digits[:70]).dataset.filter(lambda image: image[14, 14, 0] > -2)
    images = data.load(stream)
    assert images.count is None
    assert count_of(images) == 70
