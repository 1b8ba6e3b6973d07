"""The decoder's metric: standardised codes lie as far apart as their images do."""

import gc
import tracemalloc
import weakref

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st
from keras import layers

from m2m_tf.codes import (
    CodeStatistics,
    DecoderMetric,
    PrincipalAxes,
    decoder_metric,
    make_statistics,
)
from m2m_tf.codes.decoder_metric import PROBES, WIDEST, mean_pullback


def linear_decoder(matrix, code_shape=None):
    """The decoder `code -> code @ matrix`, of images of one row."""
    dim, pixels = matrix.shape
    code = keras.Input(code_shape or (dim,))
    flat = layers.Flatten()(code)
    image = layers.Dense(pixels, use_bias=False)(flat)
    decoder = keras.Model(code, layers.Reshape((1, pixels, 1))(image))
    decoder.set_weights([matrix])
    return decoder


def drawn(seed, *shape):
    return np.random.default_rng(seed).normal(size=shape).astype("float32")


def adapted(codes, decoder):
    metric = DecoderMetric(codes.shape[1:])
    metric.adapt(codes, decoder)
    return metric


def distances(points):
    points = np.asarray(points, "float64").reshape(len(points), -1)
    return np.linalg.norm(points[:, None] - points[None], axis=-1)


@pytest.mark.slow
@settings(max_examples=15, deadline=None)
@given(
    seed=st.integers(0, 2**32),
    shape=st.sampled_from([(1,), (3,), (2, 2, 2)]),
    count=st.integers(1, 40),
)
def test_restoring_is_the_inverse_of_standardising(seed, shape, count):
    rng = np.random.default_rng(seed)
    dim = int(np.prod(shape))
    codes = (rng.normal(size=(count, *shape)) * 10 ** rng.uniform(-1, 1, shape)).astype("float32")
    codes += rng.uniform(-5, 5, shape).astype("float32")
    metric = adapted(codes, linear_decoder(rng.normal(size=(dim, 4)), shape))
    others = codes + rng.normal(size=codes.shape).astype("float32")
    for each in (codes, others):
        standardised = metric.standardise(each)
        assert standardised.shape == each.shape
        restored = metric.restore(standardised)
        np.testing.assert_allclose(restored, each, atol=2e-5 * max(1, np.abs(each).max()))


def test_the_pullback_of_a_linear_decoder_is_its_gram_matrix():
    # Of 4,096 signs an entry strays by 1/64 of the level; the shrinkage is 5 / 4,101.
    matrix = drawn(0, 5, 30)
    found = mean_pullback(linear_decoder(matrix), drawn(1, 10, 5))
    gram = matrix.astype("float64") @ matrix.T
    np.testing.assert_allclose(found, gram, atol=4 * np.trace(gram) / 5 / 64)


def test_the_pullback_of_one_pixel_has_no_noise():
    # A sign squared is 1, so of one pixel each probe is exact and only the shrinkage is left.
    matrix = drawn(0, 5, 1)
    found = mean_pullback(linear_decoder(matrix), drawn(1, 10, 5))
    gram = matrix.astype("float64") @ matrix.T
    share = 5 / (5 + PROBES)
    expected = (1 - share) * gram + share * np.trace(gram) / 5 * np.eye(5)
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-6)


def test_more_probes_are_nearer_and_shrink_less(monkeypatch):
    matrix = drawn(0, 5, 30)
    gram = matrix.astype("float64") @ matrix.T
    errors = []
    for probes in (64, 1024, 16_384):
        monkeypatch.setattr("m2m_tf.codes.decoder_metric.PROBES", probes)
        monkeypatch.setattr("m2m_tf.codes.decoder_metric.LEAST_PROBES", probes)
        found = mean_pullback(linear_decoder(matrix), drawn(1, 10, 5))
        errors.append(np.linalg.norm(found - gram) / np.linalg.norm(gram))
    assert errors[0] > 2 * errors[1] > 4 * errors[2]
    assert errors[2] < 0.03


@pytest.mark.parametrize("limit, probes", [(1, 256), (900, 900), (10**6, 4096)])
def test_the_larger_the_images_the_fewer_the_probes(monkeypatch, limit, probes):
    pixels = 20
    monkeypatch.setattr("m2m_tf.codes.decoder_metric.PIXELS", limit * pixels)
    matrix = np.zeros((3, pixels), "float32")
    matrix[:, 7] = 1  # one pixel only: the estimate is exact but for its share of the identity
    found = mean_pullback(linear_decoder(matrix), drawn(0, 10, 3))
    assert found[0, 1] == pytest.approx(1 - 3 / (3 + probes), rel=1e-6)


def test_distances_are_those_of_the_decoded_images_up_to_one_number(monkeypatch):
    # 200,000 probes: the matrix strays by 1/450, distances by about half as much.
    monkeypatch.setattr("m2m_tf.codes.decoder_metric.PROBES", 200_000)
    monkeypatch.setattr("m2m_tf.codes.decoder_metric.PIXELS", 10**9)
    codes = drawn(1, 30, 4) * np.float32([5, 1, 1, 0.2])
    decoder = linear_decoder(drawn(0, 4, 20) * np.float32([[1], [2], [3], [5]]))
    metric = adapted(codes, decoder)
    ratios = distances(metric.standardise(codes)) / (distances(decoder(codes)) + np.eye(30))
    ratios = ratios[~np.eye(30, dtype=bool)]
    assert ratios.max() / ratios.min() < 1.01
    by_scale = CodeStatistics((4,))
    by_scale.adapt(codes)
    ratios = distances(by_scale.standardise(codes)) / (distances(decoder(codes)) + np.eye(30))
    ratios = ratios[~np.eye(30, dtype=bool)]
    assert ratios.max() / ratios.min() > 2  # so the test can tell


def test_the_mean_square_is_1_and_the_widest_axis_comes_first():
    codes = (drawn(1, 500, 6) * np.float32([1, 5, 0.1, 2, 9, 3]) + 4).astype("float32")
    standardised = adapted(codes, linear_decoder(drawn(0, 6, 9))).standardise(codes).numpy()
    np.testing.assert_allclose(standardised.mean(0), 0, atol=1e-4)
    assert np.mean(standardised**2) == pytest.approx(1, rel=1e-4)
    covariance = np.cov(standardised.T)
    np.testing.assert_allclose(covariance, np.diag(np.diag(covariance)), atol=1e-3)
    assert (np.diff(np.diag(covariance)) < 0).all()


def test_a_code_value_that_the_image_hardly_heeds_is_left_small():
    matrix = np.float32([[1, 0], [0, 1], [1e-3, 1e-3]])
    codes = drawn(1, 500, 3)
    metric = adapted(codes, linear_decoder(matrix))
    of_value = metric.standardise(np.eye(3, dtype="float32")) - metric.standardise(np.zeros((1, 3)))
    lengths = np.linalg.norm(of_value, axis=1)
    assert lengths[2] < 0.05 * lengths[:2].min()


@pytest.mark.parametrize("count", [1, 2, 30])
def test_constant_codes_restore_to_themselves(count):
    codes = np.full((count, 3), 0.1, "float32")
    metric = adapted(codes, linear_decoder(drawn(0, 3, 4)))
    np.testing.assert_array_equal(metric.standardise(codes), 0 * codes)
    np.testing.assert_array_equal(metric.restore(np.zeros_like(codes)), codes)
    for weight in metric.weights:
        assert np.isfinite(weight).all()


def test_a_decoder_that_ignores_its_codes_leaves_them_finite_and_invertible():
    codes = drawn(0, 50, 3)
    metric = adapted(codes, linear_decoder(np.zeros((3, 4), "float32")))
    standardised = metric.standardise(codes)
    assert np.mean(standardised.numpy() ** 2) == pytest.approx(1, rel=1e-4)
    np.testing.assert_allclose(metric.restore(standardised), codes, atol=1e-5)


@keras.saving.register_keras_serializable(package="test_decoder_metric")
class Rounded(layers.Layer):
    """A layer without a gradient."""

    def call(self, inputs):
        return tf.round(inputs)


def test_codes_of_a_decoder_without_gradient_keep_their_distances():
    decoder = keras.Sequential([keras.Input((3,)), Rounded(), layers.Reshape((1, 3, 1))])
    codes = drawn(0, 20, 3) * 5
    np.testing.assert_array_equal(mean_pullback(decoder, codes), np.eye(3))
    ratios = distances(adapted(codes, decoder).standardise(codes)) / (distances(codes) + np.eye(20))
    ratios = ratios[~np.eye(20, dtype=bool)]
    assert ratios.max() / ratios.min() < 1 + 1e-4


def test_a_seed_fixes_what_is_measured():
    codes = drawn(0, 50, 4)
    first, again, other = (
        mean_pullback(linear_decoder(drawn(1, 4, 9)), codes, seed) for seed in (0, 0, 1)
    )
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


def test_codes_that_are_too_wide_are_refused_with_what_mends_it():
    with pytest.raises(ValueError, match=r"\(33, 32\) have 1,056. Use standardise='scale'"):
        DecoderMetric((WIDEST // 32 + 1, 32))
    with pytest.raises(ValueError, match="1,024 values at most"):
        make_statistics("decoder", (1025,))


def test_codes_are_measured_where_they_lie_on_disk(tmp_path):
    codes, decoder = drawn(0, 50, 3), linear_decoder(drawn(1, 3, 5))
    codes.tofile(tmp_path / "codes")
    on_disk = adapted(np.memmap(tmp_path / "codes", "float32", "r", shape=codes.shape), decoder)
    for ours, theirs in zip(on_disk.weights, adapted(codes, decoder).weights, strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_measuring_many_codes_takes_no_memory_for_all_of_them():
    codes, decoder = drawn(0, 400_000, 8), linear_decoder(drawn(1, 8, 5))
    adapted(codes[:300], decoder)  # what is made once
    tracemalloc.start()
    metric = adapted(codes, decoder)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < codes.nbytes
    standardised = metric.standardise(codes).numpy().astype("float64")
    np.testing.assert_allclose(standardised.mean(axis=0), 0, atol=1e-5)
    assert np.mean(standardised**2) == pytest.approx(1, rel=1e-5)


def test_standardising_in_an_input_pipeline_is_the_same():
    codes = drawn(0, 50, 2, 2)
    metric = adapted(codes, linear_decoder(drawn(1, 4, 5), (2, 2)))
    (found,) = tf.data.Dataset.from_tensors(codes).map(metric.constant())
    np.testing.assert_allclose(found, metric.standardise(codes), atol=1e-6)


def test_the_numbers_are_weights_that_are_saved_and_never_trained(tmp_path):
    metric = adapted(drawn(0, 50, 2, 2), linear_decoder(drawn(1, 4, 5), (2, 2)))
    codes = keras.Input((2, 2))
    model = keras.Model(codes, metric(codes))
    assert model.trainable_weights == [] and len(model.weights) == 3
    model.save(tmp_path / "a.keras")
    loaded = keras.models.load_model(tmp_path / "a.keras", safe_mode=True)
    np.testing.assert_array_equal(loaded(np.ones((3, 2, 2))), model(np.ones((3, 2, 2))))


@pytest.mark.parametrize("shape", [(4,), (2, 3, 5)])
def test_a_new_metric_changes_nothing(shape):
    metric = DecoderMetric(shape)
    codes = drawn(0, 3, *shape)
    np.testing.assert_array_equal(metric(codes), codes)
    np.testing.assert_array_equal(metric.standardise(codes), codes)


# --- by name


@pytest.mark.parametrize(
    "kind, shape, expected",
    [
        (None, (1024,), DecoderMetric),
        (None, (16, 8, 8), PrincipalAxes),
        (None, (1025,), PrincipalAxes),
        (None, (16, 16, 33), PrincipalAxes),
        ("axes", (3,), PrincipalAxes),
        ("scale", (3,), CodeStatistics),
        ("decoder", (3,), DecoderMetric),
    ],
)
def test_each_way_to_standardise_has_its_name(kind, shape, expected):
    statistics = make_statistics(kind, shape)
    assert type(statistics) is expected
    assert make_statistics(statistics.kind, shape).code_shape == shape


@pytest.mark.parametrize("kind", ["Scale", "none", 3])
def test_an_unknown_way_to_standardise_is_refused_with_those_there_are(kind):
    with pytest.raises(
        ValueError, match="standardise must be one of 'axes', 'decoder', 'scale'; got"
    ):
        make_statistics(kind, (3,))


def test_what_was_measured_is_known_again_and_nothing_else_is_taken_for_it(monkeypatch):
    codes, decoder = drawn(0, 50, 4), linear_decoder(drawn(1, 4, 9))
    first = mean_pullback(decoder, codes)
    first_again = mean_pullback(decoder, codes.copy())
    first_again[:] = 0  # is the caller's own
    monkeypatch.setattr(decoder_metric, "_measured_pullback", lambda *_: np.eye(4))
    np.testing.assert_array_equal(mean_pullback(decoder, codes), first)
    last_changed, others = codes.copy(), [drawn(seed, 50, 4) for seed in (5, 6, 7)]
    last_changed[-1, -1] += 1e-3
    for another in (last_changed, *others):
        np.testing.assert_array_equal(mean_pullback(decoder, another), np.eye(4))
    np.testing.assert_array_equal(mean_pullback(decoder, codes), np.eye(4))  # the oldest is gone


@pytest.mark.slow
def test_a_decoder_is_seen_as_it_is_now_and_is_freed_with_its_last_user():
    matrix = drawn(0, 3, 4)
    decoder, codes = linear_decoder(matrix), drawn(1, 10, 3)
    first = mean_pullback(decoder, codes)
    decoder.set_weights([2 * matrix])
    np.testing.assert_allclose(mean_pullback(decoder, codes), 4 * first, rtol=1e-5)
    watched = weakref.ref(decoder)
    del decoder
    gc.collect()
    assert watched() is None
