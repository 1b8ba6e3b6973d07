"""The mean and the scale of codes."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from m2m_tf.codes import CodeStatistics

SHAPES = st.sampled_from([(3,), (2, 2, 2)])


def adapted(codes):
    statistics = CodeStatistics(codes.shape[1:])
    statistics.adapt(codes)
    return statistics


def drawn(seed, count, shape):
    """Codes of means and scales that differ, all within a factor of 100 of each other."""
    rng = np.random.default_rng(seed)
    scale = 10 ** rng.uniform(-1, 1, shape)
    return (rng.normal(size=(count, *shape)) * scale + rng.uniform(-5, 5, shape)).astype("float32")


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 2**32), count=st.integers(2, 60), shape=SHAPES)
def test_standardised_codes_have_mean_0_and_deviation_1(seed, count, shape):
    codes = drawn(seed, count, shape)
    standardised = np.asarray(adapted(codes).standardise(codes), "float64")
    if (codes.std(axis=0) > 0.01 * codes.std(axis=0).max()).all():
        np.testing.assert_allclose(standardised.mean(axis=0), 0, atol=1e-3)
        np.testing.assert_allclose(standardised.std(axis=0), 1, atol=1e-3)


@settings(max_examples=30, deadline=None)
@given(
    codes=hnp.arrays(
        "float32", (5, 3), elements=st.floats(-1000, 1000, width=32, allow_subnormal=False)
    )
)
def test_restoring_is_the_inverse_of_standardising(codes):
    statistics = adapted(codes)
    restored = statistics.restore(statistics.standardise(codes))
    assert np.isfinite(restored).all()
    np.testing.assert_allclose(restored, codes, atol=1e-6 * max(1.0, np.abs(codes).max()) * 4)


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 2**32), shape=SHAPES)
def test_standardising_is_the_inverse_of_restoring(seed, shape):
    statistics = adapted(drawn(seed, 50, shape))
    standardised = np.random.default_rng(seed).normal(size=(20, *shape)).astype("float32")
    back = statistics.standardise(statistics.restore(standardised))
    np.testing.assert_allclose(back, standardised, atol=2e-4)


def test_arrays_become_tensors_as_with_every_other_way_to_standardise():
    codes = drawn(0, 10, (3,))
    standardised = adapted(codes).standardise(codes)
    assert tf.is_tensor(standardised)
    assert tf.is_tensor(adapted(codes).restore(standardised.numpy()))


def test_a_value_that_never_varies_is_left_small():
    codes = drawn(0, 100, (3,))
    codes[:, 1] = 4
    statistics = adapted(codes)
    assert np.all(np.asarray(statistics.standardise(codes))[:, 1] == 0)
    slightly_off = np.asarray(statistics.standardise(codes + np.float32([0, 1e-3, 0])))
    assert np.abs(slightly_off[:, 1]).max() < 1


def test_constant_codes_restore_to_themselves():
    codes = np.full((4, 3), 7, "float32")
    statistics = adapted(codes)
    np.testing.assert_array_equal(statistics.restore(statistics.standardise(codes)), codes)


def test_more_codes_than_a_chunk_are_measured_together():
    codes = drawn(0, 150_000, (2,))
    statistics = adapted(codes)
    exact = codes.astype("float64")
    np.testing.assert_allclose(statistics.mean, exact.mean(axis=0), rtol=1e-6)
    np.testing.assert_allclose(statistics.scale, exact.std(axis=0), rtol=1e-6)


def test_a_large_mean_does_not_spoil_a_small_scale():
    codes = (1e4 + np.random.default_rng(0).normal(size=(5000, 2))).astype("float32")
    np.testing.assert_allclose(adapted(codes).scale, 1, atol=0.05)


def test_codes_are_measured_where_they_lie_on_disk(tmp_path):
    codes = drawn(0, 50, (3,))
    codes.tofile(tmp_path / "codes")
    on_disk = adapted(np.memmap(tmp_path / "codes", "float32", "r", shape=codes.shape))
    np.testing.assert_array_equal(on_disk.mean, adapted(codes).mean)
    np.testing.assert_array_equal(on_disk.scale, adapted(codes).scale)


def test_the_numbers_are_weights_that_are_saved_and_never_trained(tmp_path):
    statistics = adapted(drawn(0, 50, (3,)))
    codes = keras.Input((3,))
    model = keras.Model(codes, statistics(codes))
    assert model.trainable_weights == [] and len(model.weights) == 2
    model.save(tmp_path / "a.keras")
    loaded = keras.models.load_model(tmp_path / "a.keras")
    np.testing.assert_array_equal(loaded(np.ones((2, 3))), model(np.ones((2, 3))))


@pytest.mark.parametrize("shape", [(4,), (2, 3, 5)])
def test_new_statistics_change_nothing(shape):
    statistics = CodeStatistics(shape)
    codes = drawn(0, 3, shape)
    np.testing.assert_array_equal(statistics(codes), codes)
    np.testing.assert_array_equal(statistics.standardise(codes), codes)
