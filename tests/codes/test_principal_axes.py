"""Places along the axes stand for codes: nearest in the decoder's metric, whatever their width."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from m2m_tf.codes import DecoderMetric, PrincipalAxes, make_statistics
from m2m_tf.codes.principal_axes import LEAST, Measured, block_width, most_axes

SHAPE = (4, 4, 3)


def decoder_of_maps(weights=((3.0, 0, 0), (0, 1.0, 0), (0, 0, 0.2))):
    """Each place's channels, weighted, as a pixel."""
    code = keras.Input(SHAPE)
    convolution = layers.Conv2D(3, 1, use_bias=False)
    decoder = keras.Model(code, convolution(code))
    decoder.set_weights([np.float32(weights).reshape(1, 1, 3, 3)])
    return decoder


def decoder_of_vectors(dim):
    code = keras.Input((dim,))
    image = layers.Reshape((1, dim, 1))(layers.Dense(dim, use_bias=False)(code))
    return keras.Model(code, image)


def maps_of(count, dims=5, seed=0):
    """Maps that vary in few directions only."""
    rng = np.random.default_rng(seed)
    basis = rng.normal(size=(dims, *SHAPE))
    places = rng.normal(size=(count, dims)) * 2.0 ** -np.arange(dims)
    return (1 + np.tensordot(places, basis, 1)).astype("float32")


def adapted(codes, decoder, count=None):
    axes = PrincipalAxes(codes.shape[1:], count)
    axes.adapt(codes, decoder)
    return axes


def test_codes_that_vary_in_few_directions_are_restored_from_as_many_axes():
    codes = maps_of(300)
    axes = adapted(codes, decoder_of_maps(), count=5)
    standardised = axes.standardise(codes)
    assert standardised.shape == (300, 5) == (300, *axes.standard_shape)
    np.testing.assert_allclose(axes.restore(standardised), codes, atol=0.02)  # float16
    np.testing.assert_allclose(np.mean(standardised**2), 1, rtol=0.01)
    variances = np.var(standardised, axis=0)
    assert (np.diff(variances) < 0).all()


def test_distances_along_the_axes_are_those_of_images_but_for_one_factor():
    codes, decoder = maps_of(200), decoder_of_maps()
    places = np.asarray(adapted(codes, decoder, count=5).standardise(codes))
    images = decoder(codes).numpy().reshape(200, -1)
    ratios = np.linalg.norm(places[:100] - places[100:], axis=1) / np.linalg.norm(
        images[:100] - images[100:], axis=1
    )
    assert ratios.std() < 0.05 * ratios.mean()


def test_axes_are_chosen_by_what_the_image_shows():
    codes = np.zeros((400, *SHAPE), "float32")
    codes[:, 0, 0, 2] = np.tile([3, 3, -3, -3], 100)  # wide, but hardly seen
    codes[:, 1, 1, 0] = np.tile([1, -1], 200)  # narrow, and seen three times as large
    axes = adapted(codes, decoder_of_maps(), count=1)
    restored = axes.restore(axes.standardise(codes)).numpy()
    np.testing.assert_allclose(restored[:, 1, 1, 0], codes[:, 1, 1, 0], atol=0.05)
    np.testing.assert_allclose(restored[:, 0, 0, 2], 0, atol=0.05)


def test_what_lies_across_the_axes_is_left_at_its_mean():
    codes = maps_of(300)
    axes = adapted(codes, decoder_of_maps(), count=2)
    np.testing.assert_allclose(axes.restore(tf.zeros((1, 2)))[0], codes.mean(axis=0), atol=1e-3)


def test_for_short_vectors_all_axes_are_those_of_the_decoders_metric():
    codes = np.random.default_rng(0).normal(size=(500, 6)).astype("float32") * [9, 5, 3, 2, 1, 0.5]
    codes, decoder = codes.astype("float32"), decoder_of_vectors(6)
    few, metric = adapted(codes, decoder, count=6), DecoderMetric((6,))
    metric.adapt(codes, decoder)
    np.testing.assert_allclose(
        np.abs(few.standardise(codes)), np.abs(metric.standardise(codes)), atol=0.02
    )


def test_the_number_is_chosen_by_the_codes():
    measured = Measured(maps_of(300), decoder_of_maps())
    assert measured.shares[4] == pytest.approx(1, abs=1e-4)
    assert measured.choose_count() == LEAST  # 5 would do
    axes = adapted(maps_of(300), decoder_of_maps())
    assert axes.count == LEAST


@pytest.mark.parametrize("count, most", [(10, 9), (40, 39), (100, 48), (4000, 48)])
def test_codes_that_differ_in_all_directions_have_as_many_axes_as_they_span(count, most):
    codes = np.random.default_rng(0).normal(size=(count, *SHAPE)).astype("float32")
    assert Measured(codes, decoder_of_maps(np.eye(3))).choose_count() == most


@pytest.mark.parametrize(
    "dim, most", [(2048, 2048), (1 << 15, 2048), (1 << 17, 512), (1 << 19, 512)]
)
def test_wide_codes_have_fewer_axes_as_each_is_as_wide(dim, most):
    assert most_axes(dim) == most


def test_more_axes_than_codes_support_are_refused_with_the_most():
    codes = maps_of(10)
    with pytest.raises(ValueError, match="20 axes are more than 10 codes support: 9 at most"):
        adapted(codes, decoder_of_maps(), count=20)


def test_constant_codes_are_restored():
    codes = np.full((30, *SHAPE), 2.0, "float32")
    axes = adapted(codes, decoder_of_maps(), count=2)
    assert np.isfinite(axes.standardise(codes)).all()
    np.testing.assert_allclose(axes.restore(axes.standardise(codes)), codes)


def test_a_saved_layer_is_the_same(tmp_path):
    codes = maps_of(100)
    axes = adapted(codes, decoder_of_maps(), count=4)
    places = keras.Input((4,))
    keras.Model(places, axes(places)).save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    drawn = np.random.default_rng(0).normal(size=(3, 4)).astype("float32")
    np.testing.assert_array_equal(loaded(drawn), axes.restore(drawn))


def test_what_was_measured_to_choose_is_measured_once():
    axes, codes, decoder = PrincipalAxes(SHAPE), maps_of(50), decoder_of_maps()
    axes.set_count(axes.choose_count(codes, decoder))
    known = axes._measured[-1]
    assert axes._measured_of(codes, decoder, 0) is known
    assert axes._measured_of(codes, decoder, 0) is not known


@pytest.mark.parametrize(
    "shape, width", [((6,), 6), ((1024,), 1024), ((1025,), 1), ((8, 8, 32), 32)]
)
def test_the_metric_mixes_short_vectors_and_the_channels_of_maps(shape, width):
    assert block_width(shape) == width


@pytest.mark.parametrize("axes", [0, -1, 49, 2.0, True])
def test_a_number_of_axes_that_no_code_has_is_refused(axes):
    with pytest.raises(ValueError, match="axes is a whole number from 1 to the 48 values"):
        make_statistics(None, SHAPE, axes)


def test_axes_are_refused_where_codes_keep_their_shape():
    with pytest.raises(ValueError, match="axes=4 is for standardise='axes'"):
        make_statistics("scale", SHAPE, 4)
