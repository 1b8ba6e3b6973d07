"""Crop to the aspect ratio, then area or Lanczos: for arrays and for datasets."""

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from m2m_tf.data import load, resize
from m2m_tf.data.crop import crop_box

sides = st.integers(1, 200)


@given(sides, sides, st.tuples(sides, sides))
def test_the_crop_lies_inside_centred_and_has_the_aspect_ratio(height, width, size):
    left, top, right, bottom = crop_box(height, width, size)
    assert 0 <= left < right <= width and 0 <= top < bottom <= height
    assert abs(left - (width - right)) <= 1 and abs(top - (height - bottom)) <= 1
    assert right - left == width or bottom - top == height
    scale = min(height / size[0], width / size[1])
    assert abs((bottom - top) - max(1, size[0] * scale)) <= 0.5
    assert abs((right - left) - max(1, size[1] * scale)) <= 0.5


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 255), st.tuples(sides, sides), st.sampled_from(["area", "lanczos"]))
def test_a_flat_image_stays_flat(value, size, method):
    images = np.full((2, 9, 13, 1), value, np.uint8)
    assert (resize(images, size, method=method) == value).all()


def test_area_by_a_whole_factor_is_the_mean_of_the_pixels(digits):
    small = resize(digits[:10], 14)
    means = digits[:10].reshape(10, 14, 2, 14, 2, 1).mean(axis=(2, 4))
    np.testing.assert_allclose(small, means, atol=1e-5)


@settings(deadline=None, max_examples=20)
@given(st.tuples(st.integers(1, 60), st.integers(1, 60)), st.sampled_from(["area", "lanczos"]))
def test_resized_digits_stay_in_the_range(digits, size, method):
    resized = resize(digits[:3], size, method=method)
    assert resized.shape == (3, *size, 1) and resized.dtype == np.float32
    assert np.isfinite(resized).all() and np.abs(resized).max() <= 1


def test_the_same_size_changes_nothing(pixels, digits):
    np.testing.assert_array_equal(resize(pixels, 28)[..., 0], pixels)
    np.testing.assert_array_equal(resize(digits[:9], (28, 28)), digits[:9])


def test_uint8_and_floats_are_resized_alike(pixels):
    for size in (14, 20):
        whole = resize(pixels[:9], size) / np.float32(127.5) - 1
        floats = resize(pixels[:9] / np.float32(127.5) - 1, size)
        np.testing.assert_allclose(whole, floats, atol=1.1 / 127.5)


@pytest.mark.parametrize("scale", [1 / 255, 1.0, 257])
def test_values_stay_in_the_range_that_they_came_in(pixels, scale):
    kind = np.uint16 if scale == 257 else np.float32
    images = (pixels[:40].astype(np.float64) * scale).astype(kind)
    resized = resize(images, (14, 20), fit="pad")
    whole = resize(pixels[:40], (14, 20), fit="pad")
    assert resized.dtype == kind
    np.testing.assert_allclose(resized / scale, whole, atol=1.1)


def test_masks_stay_masks(pixels):
    masks = (pixels[:4] > 127).astype(np.uint8)
    np.testing.assert_array_equal(resize(masks, 28)[..., 0], masks)


def test_lanczos_is_sharper_than_area(digits):
    area, lanczos = (resize(digits[:50], 10, method=m) for m in ("area", "lanczos"))
    assert np.abs(np.diff(lanczos, axis=2)).mean() > np.abs(np.diff(area, axis=2)).mean()


def test_channels_are_converted_on_the_way(pixels, colour):
    assert resize(pixels, 14, channels=3).shape == (300, 14, 14, 3)
    assert resize(colour, (7, 14), channels=1).shape == (20, 7, 14, 1)


def test_a_resized_dataset_keeps_its_labels_and_batches(pixels):
    labels = np.arange(300)
    stream = tf.data.Dataset.from_tensor_slices((pixels, labels))
    for given_stream, leading in ((stream, ()), (stream.batch(64), (64,))):
        images, kept = next(iter(resize(given_stream, (14, 20), channels=3)))
        assert images.shape == (*leading, 14, 20, 3) and images.dtype == tf.float32
        np.testing.assert_array_equal(kept, labels[: len(kept)] if leading else 0)


def test_a_resized_dataset_of_dicts_keeps_its_keys(pixels):
    stream = tf.data.Dataset.from_tensor_slices({"image": pixels, "label": np.arange(300)})
    element = next(iter(resize(stream, 7)))
    assert element["image"].shape == (7, 7, 1) and element["label"] == 0


def test_resized_by_hand_or_by_load_is_the_same(pixels):
    expected = load(pixels, image_size=20).numpy()
    by_dataset = load(resize(tf.data.Dataset.from_tensor_slices(pixels), 20)).numpy()
    np.testing.assert_allclose(by_dataset, expected, atol=1e-6)
    by_array = load(resize(pixels, 20)).numpy()
    np.testing.assert_allclose(by_array, expected, atol=1e-6)


def test_the_remedy_that_an_error_names_mends_it(colour):
    stream = tf.data.Dataset.from_tensor_slices(colour)
    with pytest.raises(ValueError, match=r"m2m\.data\.resize\(images, \(32, 32\), channels=1\)"):
        load(stream, image_shape=(32, 32, 1))
    assert load(resize(stream, (32, 32), channels=1), image_shape=(32, 32, 1)).count == 20


def test_what_cannot_be_resized_is_refused(pixels):
    with pytest.raises(ValueError, match="resize expects an array or a tf.data.Dataset; got str"):
        resize("folder", 28)
    with pytest.raises(ValueError, match="got values in"):
        resize(pixels.astype(np.float32) * 2, 14)
    with pytest.raises(ValueError, match="positive int"):
        resize(pixels, 0)


def test_a_bad_value_late_in_a_resized_dataset_is_a_clear_value_error(digits):
    late = digits[:40].copy()
    late[35] = np.nan
    stream = resize(tf.data.Dataset.from_tensor_slices(late), 14)
    with pytest.raises(ValueError, match="^load expects finite values"):
        list(stream)
