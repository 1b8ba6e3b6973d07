"""Any built Keras model as an extractor."""

import keras
import numpy as np
import pytest

from m2m_tf.features import get_extractor


def network(*layers, shape=(28, 28, 1), name="mine"):
    return keras.Sequential([keras.Input(shape), *layers], name=name)


def test_a_keras_model_is_an_extractor_of_its_name(digits):
    keras.utils.set_random_seed(0)
    model = network(keras.layers.Flatten(), keras.layers.Dense(5))
    features = get_extractor(model, (28, 28, 1))(digits[:9])
    assert features.extractor == "mine" and features.notes == ()
    np.testing.assert_allclose(features.values, model.predict(digits[:9], verbose=0), atol=1e-5)


def test_positions_are_averaged_and_it_is_said(digits):
    keras.utils.set_random_seed(0)
    model = network(keras.layers.Conv2D(6, 3, strides=2))
    features = get_extractor(model, (28, 28, 1))(digits[:9])
    means = model.predict(digits[:9], verbose=0).mean(axis=(1, 2))
    np.testing.assert_allclose(features.values, means, atol=1e-5)
    assert any("over (13, 13) positions" in note for note in features.notes)


def test_a_model_runs_as_it_does_after_training(digits):
    model = network(keras.layers.Dropout(0.9), keras.layers.Flatten())
    features = get_extractor(model, (28, 28, 1))(digits[:5])
    np.testing.assert_array_equal(features.values, digits[:5].reshape(5, -1))


def test_a_model_of_any_size_takes_the_images_size(digits):
    model = network(keras.layers.Conv2D(4, 3), shape=(None, None, 1))
    assert get_extractor(model, (28, 28, 1)).image_shape == (28, 28, 1)


def test_a_model_of_another_size_gets_resized_images(digits):
    model = network(keras.layers.Flatten(), shape=(10, 12, 1))
    features = get_extractor(model, (28, 28, 1))(digits[:5])
    assert features.dim == 120 and features.resize == "bilinear"


def test_an_unbuilt_model_is_refused():
    with pytest.raises(ValueError, match="'bare' is not built"):
        get_extractor(keras.Sequential([keras.layers.Dense(2)], name="bare"), (28, 28, 1))


def test_a_model_of_vectors_is_refused():
    model = keras.Sequential([keras.Input((7,)), keras.layers.Dense(2)], name="vectors")
    with pytest.raises(ValueError, match=r"'vectors' takes \(None, 7\)"):
        get_extractor(model, (28, 28, 1))


def test_a_model_with_two_outputs_is_refused():
    images = keras.Input((8, 8, 1))
    model = keras.Model(images, [images, images], name="two")
    with pytest.raises(ValueError, match="'two' gives list"):
        get_extractor(model, (8, 8, 1))
