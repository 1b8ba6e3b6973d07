"""Where images and labels are in the elements of a dataset."""

import numpy as np
import pytest
import tensorflow as tf

from m2m_tf.data.readers.elements import (
    image_path,
    images_with_labels,
    label_path,
    only_images,
    pick,
    put,
    weight_notes,
)

IMAGE, LABEL = tf.TensorSpec((8, 8, 1), tf.uint8), tf.TensorSpec((), tf.int64)


@pytest.mark.parametrize(
    ("spec", "images", "labels"),
    [
        ((IMAGE, LABEL), (0,), (1,)),
        ((LABEL, IMAGE), (1,), (0,)),
        ({"image": IMAGE, "label": LABEL}, ("image",), ("label",)),
        ({"pixel_values": IMAGE, "fine_label": LABEL}, ("pixel_values",), ("fine_label",)),
        ((IMAGE, {"label": LABEL}), (0,), (1, "label")),
        (({"x": IMAGE}, LABEL), (0, "x"), (1,)),
    ],
)
def test_images_and_labels_are_found(spec, images, labels):
    assert (image_path(spec, "d"), label_path(spec, "d")) == (images, labels)
    assert pick(spec, images) is IMAGE and pick(spec, labels) is LABEL


def test_images_alone_have_no_labels():
    assert image_path(IMAGE, "d") == () and image_path({"anything": IMAGE}, "d") == ("anything",)
    for spec in (IMAGE, (IMAGE,), {"image": IMAGE}):
        with pytest.raises(ValueError, match="of .image, label., or of dicts that hold 'label'"):
            label_path(spec, "d")


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ((IMAGE, LABEL, tf.TensorSpec((), tf.float32)), "the third part of each element, which"),
        ((IMAGE, LABEL, tf.TensorSpec((None,), tf.int64)), "the third part of each element, which"),
        ({"image": IMAGE, "label": LABEL, "sample_weight": LABEL}, "'sample_weight'"),
        ((IMAGE, LABEL), None),
        ((IMAGE, LABEL, IMAGE), None),
        ((IMAGE, LABEL, tf.TensorSpec((), tf.string)), None),
        ({"image": IMAGE, "label": LABEL, "id": LABEL}, None),
        (IMAGE, None),
    ],
)
def test_weights_are_left_and_it_is_said(spec, said):
    notes = weight_notes(spec)
    assert len(notes) == (said is not None)
    assert not notes or f"ignored {said}" in notes[0] and "all images count alike" in notes[0]


def test_a_dict_that_does_not_say_which_holds_the_images_is_refused():
    with pytest.raises(ValueError, match="'image', .*got the keys 'left', 'right' from 'd'"):
        image_path({"left": IMAGE, "right": IMAGE}, "d")


def test_a_value_is_put_at_its_path_and_the_rest_stays():
    element = {"a": (1, {"b": 2, "c": 3})}
    assert put(element, ("a", 1, "b"), 9) == {"a": (1, {"b": 9, "c": 3})}
    assert element == {"a": (1, {"b": 2, "c": 3})} and put(element, (), 5) == 5


def test_floats_become_float32_and_whole_numbers_stay():
    images = np.arange(3 * 16, dtype="float64").reshape(3, 4, 4, 1)
    for dtype, kept in (("float64", "float32"), ("float16", "float32"), ("uint8", "uint8")):
        pairs = tf.data.Dataset.from_tensor_slices((images.astype(dtype), [7, 8, 9]))
        assert only_images(pairs, "d").element_spec.dtype == kept
        found = list(images_with_labels(pairs, "d"))
        assert [int(label) for _, label in found] == [7, 8, 9]
        np.testing.assert_array_equal(found[2][0], images[2])


@pytest.mark.parametrize(
    ("dataset", "said"),
    [
        (tf.data.Dataset.from_tensors(tf.ragged.constant([[1], [2, 3]])), "dense image tensors"),
        (tf.data.Dataset.from_tensors(tf.constant(["a.png"])), "decoded images; got strings"),
    ],
    ids=["ragged", "encoded"],
)
def test_what_holds_no_pixels_is_refused(dataset, said):
    with pytest.raises(ValueError, match=said):
        only_images(dataset, "d")
