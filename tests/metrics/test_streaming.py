"""The metrics batch after batch, in a graph, on replicas, from a config."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from m2m_tf.metrics import (
    FrechetDistance,
    KernelDistance,
    frechet_distance,
    kernel_distance,
)

CLASSES = (FrechetDistance, KernelDistance)


@pytest.fixture
def features():
    rng = np.random.default_rng(0)
    return rng.normal(size=(90, 5)), 0.3 + 1.5 * rng.normal(size=(90, 5))


def streamed(metric, real, generated, size):
    for start in range(0, len(real), size):
        metric.update_state(real[start : start + size], generated[start : start + size])
    return float(metric.result())


@pytest.mark.slow
@settings(max_examples=20, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    dim=st.integers(1, 6),
    count=st.integers(20, 60),
    size=st.integers(1, 25),
    offset=st.sampled_from([0.0, 100.0]),
)
def test_the_frechet_distance_of_batches_is_that_of_the_whole(seed, dim, count, size, offset):
    rng = np.random.default_rng(seed)
    real = offset + rng.normal(size=(count, dim))
    generated = offset + 0.5 + 2 * rng.normal(size=(count, dim))
    found = streamed(FrechetDistance(dim), real, generated, size)
    assert found == pytest.approx(frechet_distance(real, generated), rel=1e-8)


def test_the_kernel_distance_of_one_update_is_that_of_the_whole(features):
    real, generated = features
    metric = KernelDistance(5)
    metric.update_state(real, generated[:70])
    expected, _ = kernel_distance(real, generated[:70])
    assert float(metric.result()) == pytest.approx(expected, rel=1e-12)


def test_the_kernel_distance_of_batches_is_the_mean_of_theirs(features):
    parts = [[side[start : start + 30] for side in features] for start in (0, 30, 60)]
    expected = np.mean([kernel_distance(*part)[0] for part in parts])
    found = streamed(KernelDistance(5), *features, size=30)
    assert found == pytest.approx(expected, rel=1e-12)


def test_sides_of_different_size_are_taken(features):
    metric = FrechetDistance(5)
    metric.update_state(features[0], features[1][:10])
    metric.update_state(features[0][:0], features[1][10:40])
    expected = frechet_distance(features[0], features[1][:40])
    assert float(metric.result()) == pytest.approx(expected, rel=1e-9)


def test_singular_covariances_are_taken():
    rng = np.random.default_rng(0)
    turn = np.linalg.qr(rng.normal(size=(12, 12)))[0]
    flat, other = np.repeat([[1.0, 0.0]], 6, axis=1), np.repeat([[0.0, 1.0]], 6, axis=1)
    real = rng.normal(size=(80, 12)) * flat @ turn
    for scale in (flat, other):
        generated = 1.0 + rng.normal(size=(80, 12)) * scale @ turn
        found = streamed(FrechetDistance(12), real, generated, size=20)
        assert found == pytest.approx(frechet_distance(real, generated), rel=1e-9)


@pytest.mark.parametrize("metric_class", CLASSES)
def test_a_reset_forgets_and_before_samples_there_is_no_value(metric_class, features):
    metric = metric_class(5)
    assert np.isnan(float(metric.result()))
    first = streamed(metric, *features, size=45)
    metric.reset_state()
    assert np.isnan(float(metric.result()))
    assert streamed(metric, *features, size=45) == first


def test_one_sample_has_no_covariance(features):
    metric = FrechetDistance(5)
    metric.update_state(features[0], features[1][:1])
    assert np.isnan(float(metric.result()))
    metric.update_state(features[0][:0], features[1][1:2])
    assert np.isfinite(float(metric.result()))


@pytest.mark.slow
@pytest.mark.parametrize("metric_class", CLASSES)
@pytest.mark.parametrize("jit_compile", [False, True])
def test_a_compiled_function_gives_the_same(metric_class, jit_compile, features):
    metric = metric_class(5)

    @tf.function(jit_compile=jit_compile)
    def step(real, generated):
        metric.update_state(real, generated)
        return metric.result()

    found = float(step(*(tf.constant(side) for side in features)))
    assert found == pytest.approx(streamed(metric_class(5), *features, size=90), rel=1e-6)


@pytest.mark.parametrize("metric_class", CLASSES)
def test_a_config_makes_the_metric_again(metric_class, features):
    metric = metric_class(5, name="distance")
    again = metric_class.from_config(metric.get_config())
    stored = keras.metrics.deserialize(keras.metrics.serialize(metric))
    assert again.get_config() == stored.get_config() == metric.get_config()
    assert isinstance(stored, metric_class) and stored.name == "distance"
    assert streamed(stored, *features, size=90) == streamed(metric, *features, size=90)


def test_replicas_add_up_to_one_frechet_distance(features, two_replicas):
    with two_replicas.scope():
        metric = FrechetDistance(5)
    dataset = tf.data.Dataset.from_tensor_slices(features).batch(30)

    @tf.function
    def step(batch):
        two_replicas.run(metric.update_state, args=batch)

    for batch in two_replicas.experimental_distribute_dataset(dataset):
        step(batch)
    assert float(metric.result()) == pytest.approx(frechet_distance(*features), rel=1e-9)


def test_fit_logs_both_by_their_names(features):
    inputs = keras.Input((5,))
    model = keras.Model(inputs, keras.layers.Rescaling(2.0)(inputs))
    model.compile(loss="mse", metrics=[FrechetDistance(5), KernelDistance(5)])
    logs = model.evaluate(*features, batch_size=90, return_dict=True, verbose=0)
    doubled = 2 * features[0].astype("float32")
    assert logs["frechet_distance"] == pytest.approx(
        frechet_distance(features[1], doubled), rel=1e-5
    )
    assert logs["kernel_distance"] == pytest.approx(
        kernel_distance(features[1], doubled)[0], rel=1e-5
    )


@pytest.mark.parametrize("metric_class", CLASSES)
@pytest.mark.parametrize("shape", [(90, 4), (90,), (9, 5, 2)])
def test_features_of_another_width_are_refused(metric_class, shape, features):
    with pytest.raises(ValueError, match=r"made for features \(n, 5\); got"):
        metric_class(5).update_state(features[0], np.zeros(shape))


@pytest.mark.parametrize("metric_class", CLASSES)
def test_settings_that_do_not_fit_are_refused(metric_class, features):
    with pytest.raises(ValueError, match="num_features must be a whole number"):
        metric_class(0)
    with pytest.raises(ValueError, match="works in float64; got dtype 'float32'"):
        metric_class(5, dtype="float32")
    with pytest.raises(ValueError, match="takes no sample_weight"):
        metric_class(5).update_state(*features, sample_weight=np.ones(90))


def test_a_kernel_batch_of_one_sample_is_refused(features):
    with pytest.raises(ValueError, match="at least 2 samples a side in every update; got 1"):
        KernelDistance(5).update_state(features[0], features[1][:1])
