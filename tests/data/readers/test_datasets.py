"""A tf.data.Dataset of the user's, in whatever form, gives the same images."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from m2m_tf.data import load
from m2m_tf.data.source_labels import check_labels


def _labelled(pixels):
    return tf.data.Dataset.from_tensor_slices((pixels, np.zeros(len(pixels))))


FORMS = {
    "unbatched": lambda x: tf.data.Dataset.from_tensor_slices(x),
    "unbatched with a channel": lambda x: tf.data.Dataset.from_tensor_slices(x[..., np.newaxis]),
    "batched": lambda x: tf.data.Dataset.from_tensor_slices(x).batch(32),
    "batched with a channel": lambda x: tf.data.Dataset.from_tensor_slices(x[..., None]).batch(7),
    "with labels": _labelled,
    "batched with labels": lambda x: _labelled(x).batch(32),
    "dicts": lambda x: _labelled(x).map(lambda image, label: {"image": image, "label": label}),
    "dicts in pairs": lambda x: _labelled(x).map(lambda image, label: ({"images": image}, label)),
    "float64": lambda x: tf.data.Dataset.from_tensor_slices(x / 127.5 - 1),
    "bfloat16": lambda x: tf.data.Dataset.from_tensor_slices(
        tf.cast(x / 127.5 - 1, tf.bfloat16)
    ).batch(9),
    "of unknown shape": lambda x: tf.data.Dataset.from_generator(
        lambda: iter(x), output_types=tf.uint8
    ),
    "of unknown height": lambda x: tf.data.Dataset.from_generator(
        lambda: iter(x[..., None]), output_signature=tf.TensorSpec((None, None, 1), tf.uint8)
    ),
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_dataset_gives_the_same_images(pixels, form):
    images = load(FORMS[form](pixels[:50]))
    assert images.image_shape == (28, 28, 1)
    assert images.dataset.element_spec == tf.TensorSpec((28, 28, 1), tf.float32)
    atol = 1e-2 if form == "bfloat16" else 1e-6
    np.testing.assert_allclose(images.numpy(), load(pixels[:50]).numpy(), atol=atol)
    assert [len(batch) for batch in images.batches(20)] == [20, 20, 10]


def test_ignored_labels_are_said_once(pixels):
    assert load(_labelled(pixels)).notes == ["ignored the labels"]
    assert load(FORMS["unbatched"](pixels)).notes == []
    only_images = FORMS["unbatched"](pixels).map(lambda image: {"pixel_values": image})
    assert load(only_images).notes == []


def test_the_count_is_known_where_tf_data_knows_it(pixels):
    assert load(_labelled(pixels)).count == 300
    assert load(_labelled(pixels).batch(30, drop_remainder=True)).count == 300
    assert load(FORMS["of unknown shape"](pixels)).count is None


def test_the_same_dataset_keeps_its_fingerprint_and_another_has_its_own(pixels):
    first, second = _labelled(pixels), _labelled(pixels)
    assert load(first).fingerprint == load(first).fingerprint
    assert load(first).fingerprint != load(second).fingerprint
    assert load(first).fingerprint != load(first, channels=3).fingerprint


def test_a_dataset_is_resized_and_converted(pixels, colour):
    images = load(
        tf.data.Dataset.from_tensor_slices(colour), image_shape=(14, 14, 1), image_size=14
    )
    assert images.numpy().shape == (20, 14, 14, 1)
    assert len(images.notes) == 2


def test_images_of_several_sizes_are_brought_to_one(pixels):
    crops = [image[: 20 + i % 9, : 20 + i % 5, None] for i, image in enumerate(pixels[:30])]
    sizes = tf.data.Dataset.from_generator(
        lambda: iter(crops), output_signature=tf.TensorSpec((None, None, 1), tf.uint8)
    )
    assert load(sizes, image_size=16).numpy().shape == (30, 16, 16, 1)


def test_images_of_several_sizes_are_refused_without_image_size(pixels):
    sizes = tf.data.Dataset.from_generator(
        lambda: iter([pixels[0], pixels[1], pixels[2][:, :20]]), output_types=tf.uint8
    )
    with pytest.raises(ValueError, match=r"one size, \(28, 28\).*image 2.*Pass image_size"):
        load(sizes).numpy()


def test_a_value_outside_the_range_late_in_a_stream_is_a_clear_value_error(digits):
    late = digits[:100].copy()
    late[90] *= 255
    for stream in (
        tf.data.Dataset.from_tensor_slices(late),
        tf.data.Dataset.from_tensor_slices(late).batch(10),
    ):
        images = load(stream)
        with pytest.raises(
            ValueError, match=r"^load expects uint8 .*-255, 255\].*black and white.*$"
        ):
            for _ in images.batches(10):
                pass


def test_a_nan_late_in_a_stream_is_named_by_its_index(digits):
    late = digits[:100].copy()
    late[93, 2, 2] = np.nan
    for stream in (
        tf.data.Dataset.from_tensor_slices(late),
        tf.data.Dataset.from_tensor_slices(late).batch(15),
    ):
        with pytest.raises(ValueError, match="image 93 of 'dataset'"):
            load(stream).numpy()


def test_a_bad_first_image_is_refused_at_once(digits):
    with pytest.raises(ValueError, match="got values in"):
        load(tf.data.Dataset.from_tensor_slices(digits[:10] * 100))


def test_an_endless_dataset_is_refused(pixels):
    with pytest.raises(ValueError, match=r"Remove \.repeat"):
        load(_labelled(pixels).repeat())


def test_an_empty_dataset_is_refused(pixels):
    for stream in (_labelled(pixels).take(0), _labelled(pixels).take(1).batch(5)):
        with pytest.raises(ValueError, match="at least 2 images"):
            load(stream)


def test_a_dict_without_images_is_refused_with_its_keys(pixels):
    stream = _labelled(pixels).map(lambda image, label: {"picture": image, "label": label})
    with pytest.raises(ValueError, match="'picture', 'label'"):
        load(stream)


def test_ragged_and_encoded_images_are_refused():
    with pytest.raises(ValueError, match="dense image tensors"):
        load(tf.data.Dataset.from_tensor_slices(tf.ragged.constant([[1], [2, 3]])))
    with pytest.raises(ValueError, match=r"ds\.map\(lambda x: tf\.io\.decode_image"):
        load(tf.data.Dataset.from_tensor_slices(["a.png", "b.png"]))


@pytest.mark.parametrize("batch", [None, 7])
def test_colour_with_its_channels_first_is_taken_and_it_is_said(colour, batch):
    first = np.moveaxis(colour, -1, 1)
    dataset = tf.data.Dataset.from_tensor_slices(first)
    images = load(dataset.batch(batch) if batch else dataset)
    assert images.image_shape == (28, 28, 3) and "channels first" in images.notes[0]
    np.testing.assert_array_equal(images.numpy(), load(colour).numpy())


def test_a_batch_of_three_grey_images_is_no_colour(pixels):
    images = load(tf.data.Dataset.from_tensor_slices(pixels[:9]).batch(3))
    assert images.image_shape == (28, 28, 1) and images.numpy().shape == (9, 28, 28, 1)


@pytest.mark.parametrize("batch", [None, 7])
@pytest.mark.parametrize("kind", ["numbers", "names", "one-hot"])
def test_labels_before_their_images_are_noticed(pixels, batch, kind):
    numbers = np.arange(30) % 3
    labels = {
        "numbers": numbers,
        "names": np.array(["cat", "dog", "owl"])[numbers],
        "one-hot": np.eye(3)[numbers],
    }[kind]
    dataset = tf.data.Dataset.from_tensor_slices((labels, pixels[:30, ..., None]))
    images = load(dataset.batch(batch) if batch else dataset)
    np.testing.assert_array_equal(images.numpy(), load(pixels[:30]).numpy())
    assert "the first for its label" in images.notes[1]
    found = np.concatenate([check_labels(each, "x") for _, each in images.labelled_blocks(8)])
    assert found.tolist() == (labels if kind == "names" else numbers).tolist()


@pytest.mark.parametrize("key", ["image", "pixel_values", "img"])
def test_dictionaries_of_other_libraries_are_known_by_their_keys(pixels, key):
    dataset = tf.data.Dataset.from_tensor_slices({key: pixels[:9], "label": np.arange(9)})
    np.testing.assert_array_equal(load(dataset).numpy(), load(pixels[:9]).numpy())


def test_what_keras_reads_from_a_folder_is_taken(folder):
    dataset = keras.utils.image_dataset_from_directory(
        folder, labels=None, color_mode="grayscale", image_size=(28, 28), shuffle=False
    )
    images = load(dataset)
    assert "taken for [0, 255]" in images.notes[0]
    np.testing.assert_allclose(images.numpy(), load(folder).numpy(), atol=1e-6)


def test_elements_that_are_no_images_are_refused_with_their_shape():
    with pytest.raises(ValueError, match=r"elements of shape \(64,\)"):
        load(tf.data.Dataset.from_tensor_slices(np.zeros((10, 64), np.float32)))
