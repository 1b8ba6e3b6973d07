"""`Images` keeps its contract whatever it was read from."""

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from m2m_tf.data import load


def _zip(folder, tmp_path):
    import shutil

    return shutil.make_archive(tmp_path / "zipped", "zip", folder)


@pytest.fixture(params=["array", "dataset", "folder", "zip", "npy", "made over"])
def images(request, pixels, folder, tmp_path):
    pixels = pixels[:40]
    if request.param == "array":
        return load(pixels)
    if request.param == "dataset":
        return load(tf.data.Dataset.from_tensor_slices(pixels).batch(9, drop_remainder=False))
    if request.param == "folder":
        return load(folder)
    if request.param == "zip":
        return load(_zip(folder, tmp_path))
    if request.param == "npy":
        np.save(tmp_path / "digits.npy", pixels)
        return load(tmp_path / "digits.npy")
    return load(load(np.repeat(pixels[..., None], 3, axis=-1)), channels=1)


def test_all_sources_give_the_same_digits(images, pixels):
    np.testing.assert_allclose(images.numpy(), pixels[:40, ..., None] / 127.5 - 1, atol=1e-6)


def test_each_pass_gives_the_same_images_in_the_same_order(images):
    np.testing.assert_array_equal(images.numpy(), images.numpy())


def test_batches_and_the_dataset_hold_the_same_images(images):
    assert images.dataset.element_spec == tf.TensorSpec((28, 28, 1), tf.float32)
    one_by_one = np.stack([image.numpy() for image in images.dataset])
    np.testing.assert_array_equal(one_by_one, images.numpy())


def test_batches_have_a_static_image_shape(images):
    spec = images.batches(16).element_spec
    assert spec.shape.as_list() == [None, 28, 28, 1]
    assert [len(batch) for batch in images.batches(16)] == [16, 16, 8]


def test_a_limit_gives_the_first_images(images):
    np.testing.assert_array_equal(images.numpy(7), images.numpy()[:7])
    assert images.numpy(0).shape == (0, 28, 28, 1)
    assert len(images.numpy(1000)) == 40


def test_the_count_and_fingerprint_are_set(images):
    assert images.count in (40, None)
    assert len(images.fingerprint) == 64
    assert images.skipped == []


def test_a_batch_size_below_one_is_refused(pixels):
    for batch_size in (0, -1, 2.5):
        with pytest.raises(ValueError, match="batch_size of 1 or more"):
            load(pixels).batches(batch_size)


def test_images_that_fit_are_given_back_as_they_are(pixels):
    images = load(pixels)
    assert load(images) is images
    assert load(images, image_shape=(28, 28, 1)) is images


def test_images_are_made_over_to_another_shape(folder):
    (folder / "bad.png").write_text("no image")
    images = load(folder)
    other = load(images, image_size=14, channels=3)
    assert other.numpy().shape == (40, 14, 14, 3)
    assert [name for name, _ in other.skipped] == ["bad.png"]
    assert other.fingerprint != images.fingerprint
    with Image.open(folder / "000.png") as picture:
        picture.verify()


def test_images_of_another_size_are_refused_without_image_size(pixels):
    with pytest.raises(ValueError, match=r"shape \(32, 32, 1\), as the autoencoder.*image_size=32"):
        load(load(pixels), image_shape=(32, 32, 1))
