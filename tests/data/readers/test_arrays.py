"""Arrays are checked once, then sliced and converted batch by batch."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from m2m_tf.data import load


def test_uint8_and_floats_of_the_same_digits_give_the_same_images(pixels):
    floats = pixels.astype(np.float32) / 127.5 - 1
    np.testing.assert_allclose(load(pixels).numpy(), load(floats).numpy(), atol=1e-6)


def test_an_array_without_channels_gets_one(pixels):
    images = load(pixels)
    assert images.image_shape == (28, 28, 1)
    assert images.numpy().shape == (300, 28, 28, 1)


def test_float16_and_float64_become_float32(digits):
    for dtype in (np.float16, np.float64):
        given_images = digits[:10].astype(dtype)
        read = load(given_images).numpy()
        assert read.dtype == np.float32
        np.testing.assert_allclose(read, digits[:10], atol=1e-3)


@settings(deadline=None, max_examples=25)
@given(count=st.integers(2, 70), batch_size=st.integers(1, 80))
def test_batches_put_together_are_the_array(count, batch_size):
    array = np.resize(np.arange(251, dtype=np.uint8), (count, 2, 5))
    batches = [batch.numpy() for batch in load(array).batches(batch_size)]
    assert [len(batch) for batch in batches[:-1]] == [batch_size] * (len(batches) - 1)
    expected = array[..., np.newaxis] / np.float32(127.5) - 1
    np.testing.assert_allclose(np.concatenate(batches), expected, atol=1e-6)


@settings(deadline=None, max_examples=25)
@given(st.lists(st.floats(-1, 1, width=32, allow_subnormal=False), min_size=2, max_size=40))
def test_floats_inside_the_range_are_given_back_unchanged(values):
    array = np.array(values, np.float32).reshape(-1, 1, 1, 1)
    np.testing.assert_array_equal(load(array, value_range=(-1, 1)).numpy(), array)


@settings(deadline=None, max_examples=25)
@given(outside=st.floats(300, 1e30) | st.floats(-1e30, -1.001), place=st.integers(0, 9))
def test_a_float_outside_all_ranges_is_refused_with_the_range_seen(outside, place):
    array = np.zeros((10, 2, 2, 1))
    array[place, 0, 1] = outside
    with pytest.raises(ValueError, match=r"floats in \[-1, 1\].*; got values in") as error:
        load(array)
    assert f"{outside:g}" in str(error.value)


@pytest.mark.parametrize(
    ("width", "said"),
    [
        (784, r"reshape\(-1, 28, 28\)\.$"),
        (3072, r"reshape\(-1, 3, 32, 32\), .* or images.reshape\(-1, 32, 32, 3\)"),
        (770, r"reshape\(-1, height, width\)"),
    ],
)
def test_flat_images_are_told_the_shape_that_fits(width, said):
    with pytest.raises(ValueError, match=said):
        load(np.zeros((9, width), "uint8"))


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_nan_and_infinity_are_refused_with_the_index_of_the_first_bad_image(digits, value):
    array = digits[:50].copy()
    array[[17, 30], 3, 4] = value
    with pytest.raises(ValueError, match="finite values; image 17 of 'array'"):
        load(array)


@pytest.mark.parametrize("dtype", [complex, object])
def test_what_is_no_number_is_refused(pixels, dtype):
    with pytest.raises(ValueError, match="uint8 in .* or as floats"):
        load(pixels.astype(dtype))


def test_fewer_than_two_images_are_refused(pixels):
    for count in (0, 1):
        with pytest.raises(ValueError, match=f"at least 2 images; got {count}"):
            load(pixels[:count])


def test_one_image_is_taken_where_the_caller_allows_it(pixels):
    assert load(pixels[:1], at_least=1).numpy().shape == (1, 28, 28, 1)


@pytest.mark.parametrize(
    ("shape", "hint"),
    [
        ((10, 784), "reshape"),
        ((28, 28, 3), "looks like one image"),
        ((10, 28, 28, 7), "channels"),
        ((10, 0, 28), "no pixel"),
        ((), "got"),
        ((2, 2, 2, 2, 2), "got"),
    ],
)
def test_an_array_of_another_shape_is_refused_with_a_hint(shape, hint):
    with pytest.raises(ValueError, match=hint):
        load(np.zeros(shape, np.uint8))


def test_channels_that_come_first_are_taken_and_it_is_said(colour):
    images = load(np.moveaxis(colour, -1, 1))
    assert images.image_shape == (28, 28, 3) and "channels first" in images.notes[0]
    np.testing.assert_array_equal(images.numpy(), load(colour).numpy())


def test_the_fingerprint_follows_the_content_and_what_is_made_of_it(pixels):
    changed = pixels.copy()
    changed[5, 5, 5] ^= 1
    fingerprints = {
        load(pixels).fingerprint,
        load(changed).fingerprint,
        load(pixels[:-1]).fingerprint,
        load(pixels, channels=3).fingerprint,
        load(pixels, image_size=14).fingerprint,
        load(pixels, image_size=14, resize="lanczos").fingerprint,
    }
    assert len(fingerprints) == 6
    assert load(pixels.copy()).fingerprint == load(pixels).fingerprint


def test_a_view_with_gaps_has_the_fingerprint_of_its_copy(pixels):
    view = pixels[::2, :, ::-1]
    assert load(view).fingerprint == load(np.ascontiguousarray(view)).fingerprint
