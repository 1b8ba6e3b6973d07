"""Convolutional networks for code maps."""

import numpy as np
import pytest

from m2m_tf.minds.map_networks import build_map_critic, build_map_generator


@pytest.mark.parametrize("code_shape", [(8, 8, 16), (7, 7, 4), (16, 12, 3), (4, 2, 1)])
@pytest.mark.parametrize("classes", [0, 3])
def test_they_fit_maps_of_any_shape(code_shape, classes):
    generator = build_map_generator(5, code_shape, width=4, classes=classes)
    critic = build_map_critic(code_shape, width=4, classes=classes)
    label = np.eye(3, dtype="float32")[[0, 2]]
    latent = np.ones((2, 5), "float32")
    codes = generator([latent, label] if classes else latent)
    assert codes.shape == (2, *code_shape)
    codes = codes.numpy()
    assert critic([codes, label] if classes else codes).shape == (2, 1)


def test_the_critic_halves_maps_down_to_four_places():
    critic = build_map_critic((32, 32, 2), width=4)
    strided = [layer for layer in critic.layers if getattr(layer, "strides", None) == (2, 2)]
    assert [layer.output.shape[1:] for layer in strided] == [(16, 16, 8), (8, 8, 16), (4, 4, 16)]


@pytest.mark.parametrize("classes", [0, 3])
def test_a_residual_generator_starts_as_the_identity(classes):
    generator = build_map_generator(32, (4, 4, 2), width=4, classes=classes, residual=True)
    latent = np.random.default_rng(0).normal(size=(3, 32)).astype("float32")
    label = np.eye(3, dtype="float32")
    codes = generator([latent, label] if classes else latent)
    np.testing.assert_array_equal(codes, latent.reshape(3, 4, 4, 2))


def test_a_residual_generator_of_another_latent_is_refused():
    with pytest.raises(ValueError, match="as long as a flat code: 32; got 7"):
        build_map_generator(7, (4, 4, 2), residual=True)
