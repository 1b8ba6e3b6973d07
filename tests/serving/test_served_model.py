"""What a server runs: the model's images as uint8, and what it refuses to make."""

import numpy as np
import pytest
import tensorflow as tf

import m2m_tf as m2m
from m2m_tf.serving.served_model import ServedModel, most_images, pixels_of
from tests.runs.conftest import drawn_model

__all__ = ["drawn_model"]


@pytest.fixture
def served(drawn_model):
    return ServedModel(drawn_model)


def drawn(served, model, count=3, seed=5, truncation=1.0, label=-1):
    label = [tf.constant(label)] if model.classes else []
    seed = tf.constant(seed, tf.int64)
    return served.sample(tf.constant(count), seed, tf.constant(truncation), *label)


def test_a_sample_is_what_the_model_generates(served, drawn_model):
    found = drawn(served, drawn_model)
    np.testing.assert_array_equal(found["latent"], drawn_model.sample_latent(3, seed=5))
    expected = np.round((drawn_model.generate(3, seed=5) + 1) * 127.5)
    assert np.abs(found["images"].numpy() - expected).max() <= 1


@pytest.mark.parametrize("count", [0, -1, 4097])
def test_a_number_that_no_server_should_make_is_refused(served, drawn_model, count):
    with pytest.raises(tf.errors.InvalidArgumentError, match="num_images must be 1 to 4096"):
        drawn(served, drawn_model, count)


@pytest.mark.parametrize("truncation", [-0.1, 1.1, np.nan])
def test_a_truncation_out_of_range_is_refused(served, drawn_model, truncation):
    with pytest.raises(tf.errors.InvalidArgumentError, match="truncation must be 0 to 1"):
        drawn(served, drawn_model, truncation=truncation)


@pytest.mark.parametrize("drawn_model", [("cat", "dog")], indirect=True)
def test_a_class_that_there_is_not_is_refused(served, drawn_model):
    assert drawn(served, drawn_model, label=1)["label"].numpy().tolist() == [1, 1, 1]
    with pytest.raises(tf.errors.InvalidArgumentError, match="label must be -1 to 1"):
        drawn(served, drawn_model, label=2)


def test_pixels_are_rounded_and_clipped():
    images = tf.constant([-7.0, -1.0, 0.0, 0.4 / 127.5, 1.0, 9.0])
    assert pixels_of(images).numpy().tolist() == [0, 0, 128, 128, 255, 255]


@pytest.mark.parametrize(("shape", "most"), [((28, 28, 1), 4096), ((1024, 1024, 3), 21)])
def test_fewer_large_images_may_be_asked_for(shape, most):
    assert most_images(shape) == most


@pytest.mark.slow
def test_a_png_of_256_pixels_is_below_100_kb():
    autoencoder = m2m.Autoencoder.from_preset("universal", image_shape=(256, 256, 3))
    model = m2m.Mind2Mind(autoencoder, seed=0)
    model.compile()
    faces = m2m.data.load("demo:faces", image_size=256).numpy(80)
    model.fit(faces, epochs=1, batch_size=40, validation_split=0.0, verbose=0)
    files = ServedModel(model).png(tf.constant(4), tf.constant(0, tf.int64))["png_bytes"].numpy()
    for file in files:
        image = tf.io.decode_png(file).numpy()
        assert image.shape == (256, 256, 3) and image.std() > 20
        assert 5_000 < len(file) < 100_000
