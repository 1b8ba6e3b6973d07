"""The pairs that the package builds."""

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from m2m_tf.autoencoders.pairs.convolutional import build_pair


def in_range(shape):
    return np.random.default_rng(0).uniform(-1, 1, shape).astype("float32")


@pytest.mark.parametrize("image_shape", [(28, 28, 1), (8, 8, 3), (12, 40, 1), (64, 48, 3)])
def test_a_pair_fits_any_image_shape_of_the_family(image_shape):
    encoder, decoder = build_pair(image_shape, code_dim=5, width=4)
    images = in_range((3, *image_shape))
    codes = encoder(images)
    assert codes.shape == (3, 5)
    assert decoder(codes).shape == images.shape


@pytest.mark.parametrize(
    ("image_shape", "code_shape"),
    [
        ((28, 28, 1), (7, 7, 4)),
        ((64, 64, 3), (8, 8, 16)),
        ((64, 48, 3), (32, 24, 2)),
        ((256, 128, 3), (8, 4, 6)),
        ((1024, 1024, 3), (16, 16, 8)),
    ],
)
def test_codes_can_be_maps(image_shape, code_shape):
    encoder, decoder = build_pair(image_shape, code_shape=code_shape, width=2)
    images = in_range((2, *image_shape))
    codes = encoder(images)
    assert codes.shape == (2, *code_shape)
    assert decoder(codes).shape == images.shape


@pytest.mark.slow
@settings(max_examples=4, deadline=None)  # many more are planned in test_plan.py
@given(
    sides=st.tuples(st.integers(1, 20), st.integers(1, 20)),
    channels=st.sampled_from([1, 3]),
    halvings=st.integers(1, 3),
)
def test_every_multiple_of_8_has_a_pair_of_each_kind(sides, channels, halvings):
    image_shape = (8 * sides[0], 8 * sides[1], channels)
    code_map = (*(side // 2**halvings for side in image_shape[:2]), 2)
    for code_shape in ((3,), code_map):
        encoder, decoder = build_pair(image_shape, width=1, code_shape=code_shape)
        assert encoder.output_shape[1:] == decoder.input_shape[1:] == code_shape
        assert encoder.input_shape[1:] == decoder.output_shape[1:] == image_shape


def test_a_large_image_costs_few_weights():
    encoder, decoder = build_pair((256, 256, 3), code_dim=8, width=4)
    assert encoder.count_params() + decoder.count_params() < 120_000
    assert decoder.output_shape == (None, 256, 256, 3)


def test_images_leave_the_decoder_in_our_range():
    _, decoder = build_pair((28, 28, 1), code_dim=4, width=4)
    images = decoder(100 * in_range((20, 4))).numpy()
    assert images.min() == -1 and images.max() == 1


def test_codes_have_no_bound():
    encoder, _ = build_pair((28, 28, 1), code_dim=64, width=4)
    assert np.abs(encoder(np.ones((1, 28, 28, 1)))).max() > 1


def test_a_new_pair_is_its_linear_path():
    encoder, decoder = build_pair((28, 28, 1), code_dim=6, width=4)
    images = in_range((4, 28, 28, 1))
    linear, bias = encoder.get_layer("linear").get_weights()
    codes = images.reshape(4, -1) @ linear + bias
    np.testing.assert_allclose(encoder(images), codes, atol=1e-4)
    linear, bias = decoder.get_layer("linear").get_weights()
    flat = np.clip(codes @ linear + bias, -1, 1)
    np.testing.assert_allclose(decoder(codes), flat.reshape(images.shape), atol=1e-4)


@pytest.mark.slow
def test_every_weight_of_a_pair_learns_after_a_few_steps():
    model = keras.Sequential(build_pair((12, 12, 1), code_dim=4, width=4))
    model.compile(keras.optimizers.Adam(1e-2), "mse", run_eagerly=True)  # 8 steps: no tracing pays
    before = model.get_weights()
    images = in_range((32, 12, 12, 1))
    model.fit(images, images, epochs=2, batch_size=8, verbose=0)
    for weight, old in zip(model.get_weights(), before, strict=True):
        assert not np.array_equal(weight, old)


@pytest.mark.parametrize("size", [0, -1, 2.5])
@pytest.mark.parametrize("name", ["code_dim", "width"])
def test_sizes_that_are_no_whole_number_of_one_or_more_are_refused(name, size):
    with pytest.raises(ValueError, match=f"{name} must be a whole number of 1 or more; got {size}"):
        build_pair((28, 28, 1), **{name: size})
