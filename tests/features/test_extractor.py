"""Images to features: sizes, channels, batches, and what is refused."""

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from m2m_tf import data
from m2m_tf.features import Extractor, get_extractor


def averages(image_shape=(8, 8, 1), **settings):
    """An extractor of one feature a channel, the mean."""
    return Extractor(
        "averages",
        lambda images: tf.reduce_mean(images, axis=(1, 2)),
        image_shape,
        image_shape[2],
        **settings,
    )


def test_pixels_are_the_images_flattened(digits):
    features = get_extractor("pixels", (28, 28, 1))(digits[:50])
    np.testing.assert_array_equal(features.values, digits[:50].reshape(50, -1))
    assert (features.extractor, features.resize, features.notes) == ("pixels", "none", ())
    assert features.values.dtype == np.float32 and len(features) == 50 and features.dim == 784


def test_batches_change_nothing(digits):
    extractor = get_extractor("pixels", (14, 14, 1))
    whole = extractor(digits[:70], batch_size=70).values
    np.testing.assert_array_equal(extractor(digits[:70], batch_size=16).values, whole)


@pytest.mark.parametrize("source", ["array", "uint8", "dataset", "images"])
def test_whatever_load_takes_gives_the_same_features(source, digits):
    images = digits[:20]
    sources = {
        "array": images,
        "uint8": np.rint((images + 1) * 127.5).astype("uint8"),
        "dataset": tf.data.Dataset.from_tensor_slices(images).batch(8),
        "images": data.load(images),
    }
    features = get_extractor("pixels", (28, 28, 1))(sources[source])
    np.testing.assert_allclose(features.values, images.reshape(20, -1), atol=1e-6)


@pytest.mark.parametrize("size", [(14, 14), (20, 9), (64, 40)])
def test_bilinear_is_pillows(size, digits):
    features = get_extractor("pixels", (*size, 1))(digits[:3])
    assert features.resize == "bilinear"
    for values, image in zip(features.values, digits, strict=False):
        plane = Image.fromarray(image[..., 0])
        resized = plane.resize(size[::-1], Image.Resampling.BILINEAR)
        np.testing.assert_allclose(values.reshape(size), resized, atol=2e-5)


def test_the_bilinear_of_tf1_takes_pixels_by_their_corners():
    ramp = np.tile(np.linspace(-1, 1, 5, dtype="float32"), (5, 1))[None, ..., None]
    features = Extractor(
        "p", lambda x: tf.reshape(x, (-1, 100)), (10, 10, 1), 100, resize="bilinear_tf1"
    )(ramp)
    row = features.values.reshape(10, 10)[0]
    np.testing.assert_allclose(row, [*np.linspace(-1, 1, 9), 1], atol=1e-6)
    assert features.resize == "bilinear_tf1"


def test_grey_images_become_colour_and_it_is_said(digits):
    features = averages((28, 28, 3))(digits[:4])
    means = digits[:4].mean(axis=(1, 2))
    np.testing.assert_allclose(features.values, np.repeat(means, 3, axis=1), atol=1e-6)
    assert any("grey images to colour" in note for note in features.notes)


def test_colour_images_become_grey_and_it_is_said():
    images = np.random.default_rng(0).integers(0, 256, (4, 8, 8, 3), "uint8")
    features = averages((8, 8, 1))(images)
    assert features.values.shape == (4, 1)
    assert any("colour images to grey" in note for note in features.notes)


def test_eight_bits_round_as_a_file_would():
    images = np.random.default_rng(0).uniform(-1, 1, (3, 8, 8, 1)).astype("float32")
    extractor = Extractor("p", lambda x: tf.reshape(x, (-1, 64)), (8, 8, 1), 64, eight_bits=True)
    pixels = (extractor(images).values + 1) * 127.5
    np.testing.assert_allclose(pixels, np.rint((images + 1) * 127.5).reshape(3, -1), atol=1e-4)


def test_an_image_more_than_the_limit_goes_in_two_batches(digits):
    seen = []

    def embed(images):
        tf.py_function(lambda n: seen.append(int(n)), [tf.shape(images)[0]], [])
        return tf.reduce_mean(images, axis=(1, 2))

    Extractor("averages", embed, (28, 28, 1), 1, batch_limit=5)(digits[:11], batch_size=256)
    assert sorted(seen) == [1, 5, 5]


def test_nan_features_are_refused_with_the_image_that_has_them(digits):
    def embed(images):
        first = tf.reduce_mean(images, axis=(1, 2))
        return tf.where(tf.equal(images[:, 0, 0], 1.0), np.nan, first)

    images = digits[:10].copy()
    images[7, 0, 0] = 1.0
    with pytest.raises(ValueError, match=r"'broken' made of image 7 .* hold NaN"):
        Extractor("broken", embed, (28, 28, 1), 1)(images, batch_size=4)


def test_an_unknown_filter_is_refused():
    with pytest.raises(ValueError, match="'bilinear_tf1'; got 'cubic'"):
        averages(resize="cubic")


def test_a_progress_bar_is_shown_when_asked(digits, capsys):
    extractor = get_extractor("pixels", (28, 28, 1))
    extractor(digits[:4])
    assert capsys.readouterr().out == ""
    extractor(digits[:4], verbose=1)
    assert "4/4" in capsys.readouterr().out
