"""Lipschitz constants: the lower estimate never passes the upper bound, and both meet if linear."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

import m2m_tf as m2m
from m2m_tf.theory import lower_lipschitz, upper_lipschitz

NETWORKS = 200


@pytest.fixture(scope="module")
def estimates(random_autoencoder):
    """(lower, upper) of the encoder or the decoder of random autoencoders."""
    found = []
    for seed in range(NETWORKS):
        autoencoder = random_autoencoder(seed)
        model = (autoencoder.encoder, autoencoder.decoder)[seed // 10 % 2]
        random = np.random.default_rng(seed)
        points = random.normal(size=(3, *model.input_shape[1:])) * random.uniform(0.1, 2)
        lower = lower_lipschitz(model, points, iterations=3, seed=seed)
        found.append((lower, upper_lipschitz(model)))
    return found


@pytest.mark.slow
def test_no_lower_estimate_passes_the_upper_bound(estimates):
    assert len(estimates) == NETWORKS
    for lower, upper in estimates:
        assert 0 <= lower.value <= upper.value * (1 + 1e-6)
        assert (lower.kind, upper.kind) == ("lower", "upper")


@pytest.mark.slow
def test_bounds_that_were_a_tenth_too_small_are_caught(estimates):
    assert sum(lower.value > 0.9 * upper.value for lower, upper in estimates) > 5


@pytest.mark.parametrize("seed", range(5))
def test_both_are_the_spectral_norm_of_a_dense_layer(seed):
    model = keras.Sequential([keras.Input((12,)), layers.Dense(7)])
    points = np.random.default_rng(seed).normal(size=(16, 12))
    norm = np.linalg.norm(model.get_weights()[0].astype("float64"), 2)
    assert upper_lipschitz(model).value == pytest.approx(norm, rel=1e-9)
    assert lower_lipschitz(model, points, iterations=60).value == pytest.approx(norm, rel=1e-3)


@pytest.mark.parametrize("seed", range(5))
def test_the_lower_estimate_of_a_linear_network_is_the_norm_of_the_product(seed):
    keras.utils.set_random_seed(seed)
    model = keras.Sequential(
        [keras.Input((6, 6, 2)), layers.Conv2D(4, 3), layers.Flatten(), layers.Dense(9)]
    )
    units = np.eye(72, dtype="float32").reshape(-1, 6, 6, 2)
    norm = np.linalg.norm(np.asarray(model(units)).astype("float64"), 2)
    points = np.random.default_rng(seed).normal(size=(8, 6, 6, 2))
    assert lower_lipschitz(model, points, iterations=60).value == pytest.approx(norm, rel=1e-3)
    assert upper_lipschitz(model).value >= norm


def test_added_paths_add_and_concatenated_paths_add_as_squares():
    tensor = keras.Input((3,))
    three, four = layers.Rescaling(3.0)(tensor), layers.Rescaling(-4.0)(tensor)
    for joined, constant in (
        (layers.Add()([three, four]), 7),
        (three + four, 7),
        (layers.Subtract()([three, four]), 7),
        (layers.Average()([three, four]), 3.5),
        (layers.Concatenate()([three, four]), 5),
        (layers.Maximum()([three, four]), 5),
    ):
        assert upper_lipschitz(keras.Model(tensor, joined)).value == pytest.approx(constant)


def test_a_path_that_is_broadcast_counts_as_often_as_it_is_copied():
    tensor = keras.Input((4, 4, 3))
    pooled = layers.GlobalAveragePooling2D(keepdims=True)(tensor)
    model = keras.Model(tensor, layers.Add()([tensor, pooled]))
    points = np.random.default_rng(0).normal(size=(4, 4, 4, 3)) + 5
    assert upper_lipschitz(model).value == pytest.approx(2)
    assert lower_lipschitz(model, points, iterations=40).value == pytest.approx(2, rel=1e-3)


def test_nested_models_and_an_autoencoder_count_as_their_layers(random_autoencoder):
    autoencoder = random_autoencoder(7)
    nested = keras.Sequential(
        [keras.Input(autoencoder.image_shape), autoencoder.encoder, autoencoder.decoder]
    )
    product = (
        upper_lipschitz(autoencoder.encoder).value * upper_lipschitz(autoencoder.decoder).value
    )
    assert upper_lipschitz(nested).value == pytest.approx(product)
    assert upper_lipschitz(autoencoder).value == pytest.approx(product)


def test_a_model_that_is_called_twice_counts_twice():
    tensor = keras.Input((3,))
    twice = keras.Sequential([keras.Input((3,)), layers.Rescaling(3.0)])
    assert upper_lipschitz(keras.Model(tensor, twice(twice(tensor)))).value == pytest.approx(9)


def test_a_subclassed_model_has_no_known_bound():
    class Mine(keras.Model):
        def call(self, inputs):
            return 2 * inputs

    model = Mine(name="mine")
    model(np.zeros((1, 3), "float32"))
    estimate = upper_lipschitz(model)
    assert estimate.value is None
    assert "'mine' is no functional model" in estimate.how


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(m2m.presets()))
def test_every_layer_of_a_preset_has_a_bound(name):
    autoencoder = m2m.Autoencoder.from_preset(name)
    for model in (autoencoder.encoder, autoencoder.decoder):
        assert np.isfinite(upper_lipschitz(model).value)


@pytest.mark.slow
def test_every_layer_that_the_builders_use_has_a_bound():
    for encoder, decoder in (
        m2m.autoencoders.build_paper_pair(8),
        m2m.autoencoders.build_pair((64, 64, 3), code_dim=8, width=4),
    ):
        assert np.isfinite(upper_lipschitz(encoder).value)
        assert np.isfinite(upper_lipschitz(decoder).value)


def test_a_function_of_tensors_is_taken_too_and_secants_count():
    def step(points):  # flat at every point, and 2 apart
        return 2 * tf.round(points)

    points = np.float32([[0.1], [1.1], [2.1]])
    estimate = lower_lipschitz(step, points)
    assert estimate.value == pytest.approx(2, rel=1e-4)
    assert "(0) and between pairs of them (2)" in estimate.how


def test_equal_points_and_a_constant_function_give_zero():
    points = np.ones((5, 3), "float32")
    assert lower_lipschitz(lambda x: 0 * x, points).value == 0


def test_the_seed_and_the_limit_decide_the_draw(random_autoencoder):
    decoder = random_autoencoder(4).decoder
    codes = np.random.default_rng(0).normal(size=(90, 7))
    first, again, other = (
        lower_lipschitz(decoder, codes, iterations=2, limit=5, seed=seed) for seed in (0, 0, 1)
    )
    assert first == again != other
    assert "at 5 points" in first.how


def test_unfit_points_and_functions_are_refused():
    points = np.zeros((4, 3), "float32")
    for bad, message in (
        (points[:1], "at least 2 points; got 1"),
        (points[:, 0], "float array"),
        (points + np.nan, "number 0 holds a NaN"),
    ):
        with pytest.raises(ValueError, match=message):
            lower_lipschitz(lambda x: x, bad)
    with pytest.raises(ValueError, match="finite at and around the points"):
        lower_lipschitz(lambda x: tf.math.log(x), points)
    with pytest.raises(ValueError, match="iterations must be a whole number"):
        lower_lipschitz(lambda x: x, points, iterations=0)
    with pytest.raises(ValueError, match="expects a keras.Model"):
        upper_lipschitz(lambda x: x)
