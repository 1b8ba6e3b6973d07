"""The terms of pretraining's loss, and the feature maps that one compares."""

import dataclasses

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from keras import layers

import m2m_tf as m2m
from m2m_tf.autoencoders.pretraining.loss import (
    ReconstructionLoss,
    build_patch_critic,
    perceptual_distance,
)
from m2m_tf.features.feature_maps import build_feature_maps

SHAPE = (3, 4, 4, 3)
images = arrays.arrays(np.float32, SHAPE, elements=st.floats(-1, 1, width=32))


@pytest.fixture(scope="module")
def maps():
    image = keras.Input(SHAPE[1:])
    x = layers.Conv2D(4, 3)(image)
    return keras.Model(image, [x, layers.Conv2D(2, 2)(x)])


@pytest.mark.slow
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


@pytest.mark.slow
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


@pytest.mark.parametrize("shape", [(64, 64, 3), (48, 32, 1), (28, 28, 1)])
def test_it_scores_each_patch_of_an_image(shape):
    critic = build_patch_critic(shape, width=4)
    scores = critic(np.zeros((2, *shape), "float32"))
    assert scores.shape == (2, -(-shape[0] // 8), -(-shape[1] // 8), 1)


def test_a_score_sees_only_its_surroundings():
    critic = build_patch_critic((64, 64, 3), width=4)
    image = tf.Variable(np.random.default_rng(0).uniform(-1, 1, (1, 64, 64, 3)).astype("float32"))
    with tf.GradientTape() as tape:
        score = critic(image)[0, 0, 0, 0]
    seen = np.abs(tape.gradient(score, image)).sum(axis=(0, 3)) > 0
    assert seen[:8, :8].all() and not seen[40:].any() and not seen[:, 40:].any()


@pytest.mark.parametrize(
    ("name", "bad"), [("perceptual_weight", -1), ("code_noise", "much"), ("equivariance", 1.5)]
)
def test_a_weight_out_of_range_is_refused_by_its_name(name, bad):
    with pytest.raises(ValueError, match=name):
        ReconstructionLoss(**{name: bad})


def test_its_fields_are_what_cards_and_unfinished_runs_call_the_terms():
    card = m2m.presets()["universal"]
    assert dataclasses.asdict(ReconstructionLoss()).keys() <= card.keys()
