"""The mind's default networks."""

import keras
import numpy as np
import pytest

from m2m_tf.minds import build_critic, build_generator


@pytest.mark.parametrize("code_shape", [(5,), (3, 4, 2)])
def test_they_fit_codes_of_any_shape(code_shape):
    generator = build_generator(7, code_shape, widths=(6, 6))
    critic = build_critic(code_shape, widths=(6, 6))
    codes = generator(np.zeros((4, 7)))
    assert codes.shape == (4, *code_shape)
    assert critic(codes).shape == (4, 1)
    assert generator.built and critic.built


def test_the_defaults_are_the_papers():
    def widths(network):
        return [layer.units for layer in network.layers if isinstance(layer, keras.layers.Dense)]

    generator = build_generator(128, (256,))
    assert widths(generator) == [512, 512, 256]
    assert widths(build_critic((256,))) == [256, 256, 1]
    kind = keras.layers.BatchNormalization
    normal = [layer for layer in generator.layers if isinstance(layer, kind)]
    assert len(normal) == 2 and all(layer.synchronized for layer in normal)


def test_the_generator_has_no_range():
    generator = build_generator(4, (5,), widths=(6,))
    generator.layers[-2].set_weights([np.ones((6, 5)), np.full(5, 1000.0)])
    assert np.all(generator(np.ones((3, 4))).numpy() >= 1000)


@pytest.mark.parametrize("code_shape", [(6,), (3, 1, 2)])
@pytest.mark.parametrize("classes", [0, 3])
def test_a_residual_generator_starts_as_the_identity(code_shape, classes):
    generator = build_generator(6, code_shape, widths=(8,), classes=classes, residual=True)
    latent = np.random.default_rng(0).normal(size=(4, 6)).astype("float32")
    inputs = [latent, np.eye(3, dtype="float32")[[0, 1, 2, 0]]] if classes else latent
    for training in (False, True):
        codes = generator(inputs, training=training)
        np.testing.assert_array_equal(codes, latent.reshape(4, *code_shape))
    last = [layer for layer in generator.layers if isinstance(layer, keras.layers.Dense)][-1]
    last.bias.assign(np.arange(6))
    moved = generator(inputs).numpy().reshape(4, 6) - latent
    np.testing.assert_allclose(moved, np.tile(np.arange(6), (4, 1)), atol=1e-5)


def test_a_residual_generator_of_another_latent_is_refused_with_what_mends_it():
    with pytest.raises(ValueError) as refusal:
        build_generator(7, (3, 1, 2), residual=True)
    for part in ("as long as a flat code: 6; got 7", "prior='uniform'", "residual=False"):
        assert part in str(refusal.value)


def test_normalisation_can_be_left_out():
    generator = build_generator(4, (5,), widths=(6, 7), normalise=False)
    kinds = {type(layer) for layer in generator.layers}
    assert keras.layers.BatchNormalization not in kinds
    assert all(layer.use_bias for layer in generator.layers if hasattr(layer, "use_bias"))


@pytest.mark.parametrize("code_shape", [(5,), (3, 4, 2)])
def test_with_classes_they_take_the_label_too(code_shape):
    keras.utils.set_random_seed(0)
    generator = build_generator(7, code_shape, widths=(32, 32), classes=3)
    critic = build_critic(code_shape, widths=(32, 32), classes=3)
    labels = np.eye(3, dtype="float32")
    codes = generator([np.zeros((3, 7)), labels])
    assert codes.shape == (3, *code_shape) and len(np.unique(codes, axis=0)) == 3
    scores = critic([np.ones((3, *code_shape)), labels]).numpy()
    assert scores.shape == (3, 1) and len(np.unique(scores)) == 3


def test_the_critics_score_is_a_projection_on_the_vector_of_the_class():
    critic = build_critic((5,), widths=(6,), classes=3)
    hidden = keras.Model(critic.input, critic.get_layer("class_vectors").output)
    codes, labels = np.ones((3, 5), "float32"), np.eye(3, dtype="float32")
    vectors = hidden([codes, labels]).numpy()
    np.testing.assert_allclose(vectors, critic.get_layer("class_vectors").kernel)
    dense = [layer for layer in critic.layers if isinstance(layer, keras.layers.Dense)]
    features = np.maximum(codes @ dense[0].kernel.numpy() + dense[0].bias.numpy(), 0)
    score = critic.get_layer("score_of_any_class")
    expected = features @ score.kernel.numpy() + score.bias.numpy()
    expected = expected[:, 0] + np.sum(features * vectors, axis=1)
    np.testing.assert_allclose(critic([codes, labels])[:, 0], expected, rtol=1e-4)
