"""Which values are black and white: one table of what comes, and what it is taken for."""

import re

import numpy as np
import pytest
import tensorflow as tf

from m2m_tf.data import load
from m2m_tf.data.value_range import (
    Like,
    Seen,
    ValueRange,
    check_value_range,
    find_range,
    is_decided,
    like,
)

MANY, FEW = 40, 31
HELD = {
    "array": lambda x: x,
    "dataset": tf.data.Dataset.from_tensor_slices,
    "batches": lambda x: tf.data.Dataset.from_tensor_slices(x).batch(32),
    "list": list,
}


@pytest.mark.parametrize(
    ("kind", "low", "high", "count", "pair"),
    [
        ("float", -1, 1, 1, (-1, 1)),
        ("float", -0.99, 0.2, 1, (-1, 1)),
        ("float", -0.3, 0.2, FEW, (-1, 1)),
        ("float", -1.00005, 1.00005, 1, (-1, 1)),
        ("float", 0, 1, MANY, (0, 1)),
        ("float", 0, 0.4, MANY, (0, 1)),  # dark, but black is there
        ("float", -0.03, 1.02, MANY, (0, 1)),  # as bicubic resizing leaves it
        ("float", -0.5, 0.5, MANY, (-0.5, 0.5)),
        ("float", 0, 255, MANY, (0, 255)),
        ("float", 0, 90, MANY, (0, 255)),
        ("float", -14, 271, MANY, (0, 255)),
        ("bool", 0, 1, 1, (0, 1)),
        ("uint8", 0, 255, 1, (0, 255)),
        ("uint8", 0, 7, 1, (0, 255)),
        ("uint8", 0, 0, 1, (0, 255)),
        ("uint8", 0, 1, MANY, (0, 1)),
        ("whole", 0, 255, 1, (0, 255)),
        ("whole", 0, 1, MANY, (0, 1)),
        ("whole", -1, 1, 1, (-1, 1)),
        ("whole", 0, 1000, MANY, (0, 1023)),
        ("whole", 0, 4095, MANY, (0, 4095)),
        ("whole", 0, 9000, MANY, (0, 16383)),
        ("whole", 300, 65535, 1, (0, 65535)),
    ],
)
def test_a_range_that_can_be_told_is(kind, low, high, count, pair):
    found, note = find_range(Seen(kind, low, high, count), "x")
    assert found.pair == pair and found.holds(low, high)
    silent = pair == ((0, 255) if kind == "uint8" else (-1, 1)) and not -0.6 < low <= high < 0.6
    assert (note is None) == (silent or kind == "uint8" and pair == (0, 255))
    assert note is None or f"taken for [{pair[0]:g}, {pair[1]:g}]" in note


@pytest.mark.parametrize(
    ("kind", "low", "high", "count", "said"),
    [
        ("float", 0, 1, FEW, r"fits \(0, 1\) or \(-1, 1\). Fewer than 32 .*value_range=\(0, 1\)"),
        ("float", 0.2, 0.9, MANY, r"fits \(0, 1\) or \(-1, 1\). Say it"),  # neither is reached
        ("float", 0, 0, MANY, "cannot tell"),
        ("float", -0.5, 0.5, FEW, r"fits \(-0.5, 0.5\) or \(-1, 1\)"),
        ("float", 0, 1.02, FEW, r"fits \(0, 1\). Fewer than 32"),
        ("float", 0, 255, FEW, r"fits \(0, 255\). Fewer than 32 .*value_range=\(0, 255\).*\.map"),
        ("float", 0, 16, MANY, r"values in \[0, 16\] from 'x'. Say which are black"),
        ("float", -2.1, 2.6, MANY, r"values in \[-2.1, 2.6\]"),  # a mean and a deviation
        ("float", -1.001, 0, 1, r"floats in \[-1, 1\].*values in \[-1.001, 0\]"),
        ("uint8", 0, 1, FEW, r"fits \(0, 1\) or \(0, 255\)"),
        ("whole", 0, 1, FEW, r"fits \(0, 1\) or \(0, 255\)"),
        ("whole", 0, 20, MANY, r"fits \(0, 255\) or \(0, 65535\)"),
        ("whole", 0, 1500, MANY, r"fits \(0, 4095\) or \(0, 65535\)"),
        ("whole", 0, 4000, FEW, r"fits \(0, 4095\) or \(0, 65535\)"),
        ("whole", 0, 70000, MANY, r"values in \[0, 70000\]"),
        ("whole", -128, 127, MANY, r"values in \[-128, 127\]"),
    ],
)
def test_a_range_that_cannot_be_told_is_refused_in_a_sentence(kind, low, high, count, said):
    with pytest.raises(ValueError, match=said):
        find_range(Seen(kind, low, high, count), "x")


def test_a_range_that_is_given_holds_and_clips_what_overshoots():
    images = np.array([0, 16, 16.5, -1])[:, None, None, None]
    read = load(images, value_range=(0, 16)).numpy()
    np.testing.assert_allclose(read[:, 0, 0, 0], [-1, 1, 1, -1])
    with pytest.raises(ValueError, match=r"values in \[0, 8\], as value_range says; got values in"):
        load(images, value_range=(0, 8))


@pytest.mark.parametrize("wrong", ["01", (0,), (1, 0), (0, np.inf), 3, None, (0, "1"), ((0, 1), 2)])
def test_what_is_no_range_is_refused(wrong):
    with pytest.raises(ValueError, match="value_range is 'auto', or the values that are black"):
        check_value_range(wrong)


def test_a_model_decides_what_few_images_do_not():
    seen = Seen("float", 0, 1, FEW)
    for pair in ((0, 1), (-1, 1)):
        assert find_range(seen, "x", like({"value_range": list(pair)}))[0].pair == pair
    assert find_range(Seen("float", 0, 1, MANY), "x", Like((-1, 1)))[0].pair == (0, 1)
    with pytest.raises(ValueError, match="cannot tell"):
        find_range(seen, "x", Like((0, 255)))
    assert like(None) == like({"images": 3}) == "auto"


@pytest.mark.parametrize(
    ("kind", "low", "high", "given", "of", "pair"),
    [
        ("uint8", 0, 85, (0, 85), "uint8", (0, 85)),
        ("uint8", 0, 60, (0, 85), "uint8", (0, 85)),  # other images of its kind
        ("float", 0, 0.8, (0, 0.8), "float", (0, 0.8)),
        ("float", 0, 1, (-1, 1), "float", (-1, 1)),
        ("float", 0, 100, (0, 100), "float", (0, 100)),
        ("whole", 0, 1000, (0, 65535), "whole", (0, 65535)),
        ("uint8", 0, 255, (0, 85), "uint8", (0, 255)),  # outside
        ("uint8", 0, 255, (0, 1), "float", (0, 255)),  # photographs
        ("uint8", 0, 85, (0, 85), None, (0, 255)),  # found, or not said by an earlier version
        ("float", 0, 1, (0, 255), "float", (0, 1)),  # the other scale of floats
    ],
)
def test_what_a_fit_was_told_holds_for_what_follows_of_its_kind(kind, low, high, given, of, pair):
    record = {"value_range": list(given), "range_given_for": of}
    found, note = find_range(Seen(kind, low, high, MANY), "x", like(record))
    assert found.pair == pair and found.is_given == (pair == given)
    told = f"taken for [{pair[0]:g}, {pair[1]:g}], as the model's fit was told"
    assert (told in (note or "")) == (found.is_given and not found.is_usual)


@pytest.mark.parametrize("held", HELD)
@pytest.mark.parametrize(
    ("scale", "pair"), [(lambda x: x // 3, (0, 85)), (lambda x: x / 300, (-1, 1))]
)
def test_images_are_read_again_as_they_were_given(pixels, held, scale, pair):
    told = load(HELD[held](scale(pixels)), value_range=pair)
    record = {"value_range": told.value_range, "range_given_for": told.range_given_for}
    again = load(HELD[held](scale(pixels)), value_range=like(record))
    np.testing.assert_array_equal(again.numpy(), told.numpy())
    assert (again.value_range, again.range_given_for) == (pair, told.range_given_for)
    assert load(again, channels=3).range_given_for == told.range_given_for


def test_a_dataset_is_looked_at_before_it_is_read_as_the_fit_was_told(pixels):
    dataset = tf.data.Dataset.from_tensor_slices(np.concatenate([pixels[:99] // 3, pixels]))
    images = load(dataset, value_range=Like((0.0, 85.0), "uint8"))
    assert images.value_range == (0, 255) and images.range_given_for is None


def test_scaled_and_back_is_the_same():
    for values in (np.array([0, 0.25, 1]), np.array([0, 100, 255])):
        found = ValueRange(0.0, float(values.max()), 0, "float")
        np.testing.assert_allclose(found.unscaled(found.scaled(values), float), values, atol=1e-5)
    whole = ValueRange(0.0, 4095.0, 0, "whole")
    values = np.arange(4096, dtype=np.uint16)
    np.testing.assert_array_equal(whole.unscaled(whole.scaled(values), np.uint16), values)


def test_no_more_is_read_than_decides():
    assert is_decided(Seen("float", -1, 1, 2)) and is_decided(Seen("uint8", 0, 2, 1))
    assert not is_decided(Seen("float", 0, 1, 99)) and not is_decided(Seen("whole", 0, 255, 99))
    assert is_decided(Seen("float", 0, 255, MANY)) and not is_decided(Seen("float", 0, 255, FEW))


def test_the_scaling_that_is_advised_does_it(pixels):
    floats = tf.data.Dataset.from_tensor_slices(pixels[:20].astype("float32"))
    with pytest.raises(ValueError, match="cannot tell") as refused:
        load(floats)
    advised = re.search(r"dataset\.map\((lambda image: .*)\)\.$", str(refused.value))[1]
    scaled = load(floats.map(eval(advised, {"tf": tf})))  # noqa: S307 - it is what a user pastes
    np.testing.assert_allclose(scaled.numpy(), load(pixels[:20]).numpy(), atol=1e-6)


SCALES = {
    "uint8": lambda x: x,
    "floats in [-1, 1]": lambda x: x / 127.5 - 1,
    "floats in [0, 1]": lambda x: (x / 255).astype("float32"),
    "floats in [-0.5, 0.5]": lambda x: x / 255 - 0.5,
    "floats in [0, 255]": lambda x: x.astype("float32"),
    "int64": lambda x: x.astype("int64"),
    "16 bits": lambda x: x.astype("uint16") * 257,
    "half floats in [0, 1]": lambda x: (x / 255).astype("float16"),
}


@pytest.mark.parametrize("held", HELD)
@pytest.mark.parametrize("scale", SCALES)
def test_the_same_images_are_read_alike_in_every_scale(pixels, scale, held):
    images = load(HELD[held](SCALES[scale](pixels[:MANY])))
    atol = 2e-3 if scale.startswith("half") else 1e-5
    np.testing.assert_allclose(images.numpy(), load(pixels[:MANY]).numpy(), atol=atol)
    silent = scale in ("uint8", "floats in [-1, 1]")
    assert images.notes == [] if silent else "taken for" in images.notes[0]


@pytest.mark.parametrize("held", HELD)
@pytest.mark.parametrize("dtype", ["uint8", "bool", "int32"])
def test_masks_are_black_and_white(pixels, dtype, held):
    masks = (pixels[:MANY] > 127).astype(dtype)
    images = load(HELD[held](masks))
    np.testing.assert_array_equal(images.numpy()[..., 0], masks * 2.0 - 1)
    assert "[0, 1]" in images.notes[0]


@pytest.mark.parametrize("held", HELD)
@pytest.mark.parametrize("classes", [3, 21])
def test_bytes_that_are_all_dark_are_taken_as_they_are_and_it_is_said(pixels, classes, held):
    maps = pixels[:MANY] % classes
    images = load(HELD[held](maps))
    assert images.numpy().max() < -0.8 and images.value_range == (0, 255)
    top = classes - 1
    assert f"so all is dark: value_range=(0, {top}) makes {top} white" in images.notes[0]
    assert load(maps, value_range=(0, top)).notes == []


@pytest.mark.parametrize(("high", "count"), [(32, MANY), (20, FEW), (0, MANY)])
def test_few_bytes_that_are_dark_and_one_that_is_brighter_are_no_maps(high, count):
    assert find_range(Seen("uint8", 0, high, count), "x")[1] is None


def test_what_the_first_images_told_is_verified_over_the_pass(pixels):
    late = np.concatenate([pixels[:299] / 255, pixels[299:300] / 127.5 - 1])
    dataset = tf.data.Dataset.from_tensor_slices(late)
    images = load(dataset)
    assert images.value_range == (0, 1)
    with pytest.raises(ValueError, match=r"Those before were taken for \[0, 1\].*from number 256"):
        images.numpy()
    assert load(dataset, value_range=(-1, 1)).numpy().min() == -1


def test_the_range_is_in_the_fingerprint_where_it_is_not_the_usual_one(pixels):
    floats = pixels / 255
    found = {load(floats, value_range=r).fingerprint for r in ("auto", (0, 1), (-1, 1), (0, 2))}
    assert len(found) == 3
    assert load(pixels).fingerprint == load(pixels, value_range=(0, 255)).fingerprint


def test_images_that_are_loaded_keep_their_range(pixels):
    images = load(pixels / 255)
    assert load(images).value_range == load(images, value_range=(0, 1)).value_range == (0, 1)
    assert load(images, channels=3).value_range == (0, 1)
    with pytest.raises(ValueError, match="was loaded with value_range"):
        load(images, value_range=(-1, 1))
