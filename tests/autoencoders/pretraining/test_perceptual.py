"""The perceptual distance, and the feature maps that it compares."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from keras import layers

from m2m_tf.autoencoders.pretraining.perceptual import perceptual_distance
from m2m_tf.features.feature_maps import build_feature_maps

SHAPE = (3, 4, 4, 3)
images = arrays.arrays(np.float32, SHAPE, elements=st.floats(-1, 1, width=32))


@pytest.fixture(scope="module")
def maps():
    image = keras.Input(SHAPE[1:])
    x = layers.Conv2D(4, 3)(image)
    return keras.Model(image, [x, layers.Conv2D(2, 2)(x)])


@settings(max_examples=30, deadline=None)
@given(some=images, others=images)
def test_it_is_symmetric_not_negative_and_at_most_four_a_map(maps, some, others):
    distance = float(perceptual_distance(maps, some, others))
    assert 0 <= distance <= 2 * 4 + 1e-5
    assert distance == pytest.approx(float(perceptual_distance(maps, others, some)), abs=1e-6)
    assert float(perceptual_distance(maps, some, some)) == 0


def test_it_is_the_mean_squared_distance_of_unit_vectors():
    image = keras.Input((1, 1, 2))
    identity = keras.Model(image, [layers.Identity()(image)])
    some, others = np.zeros((2, 1, 1, 1, 2), "float32")
    some[0, 0, 0], others[0, 0, 0] = (3, 4), (0, 2)
    expected = 0.6**2 + 0.2**2
    assert float(perceptual_distance(identity, some, others)) == pytest.approx(expected, rel=1e-5)


def test_its_gradient_is_finite_where_there_are_no_features(maps):
    black = tf.Variable(np.zeros(SHAPE, "float32"))
    with tf.GradientTape() as tape:
        distance = perceptual_distance(maps, black, np.ones(SHAPE, "float32"))
    assert np.isfinite(tape.gradient(distance, black)).all()


@pytest.mark.parametrize(("shape", "channels"), [((64, 48, 3), 3), ((32, 32, 1), 1)])
def test_the_shipped_feature_maps_are_frozen_and_of_four_depths(shape, channels):
    network = build_feature_maps(shape)
    assert network.trainable_weights == []
    found = network(np.zeros((2, *shape), "float32"))
    sides = [(shape[0] // 2**n, shape[1] // 2**n) for n in (1, 2, 3, 4)]
    assert [x.shape[1:3] for x in found] == sides
    assert [x.shape[3] for x in found] == [16, 24, 40, 112]


def test_they_tell_a_blurred_picture_from_a_shifted_brightness(emoji):
    """What the squared error does not: a blur costs less of it, and much more of the distance."""
    network = build_feature_maps(emoji.shape[1:])
    blurred = tf.nn.avg_pool2d(emoji, 5, 1, "SAME").numpy()
    darker = np.clip(emoji - np.sqrt(np.mean((emoji - blurred) ** 2)) * 1.5, -1, 1)
    assert np.mean((darker - emoji) ** 2) > np.mean((blurred - emoji) ** 2)
    to_blurred, to_darker = (
        float(perceptual_distance(network, emoji, other)) for other in (blurred, darker)
    )
    assert to_blurred > to_darker
