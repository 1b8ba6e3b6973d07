"""The pairs that the package builds."""

import keras
import numpy as np
import pytest

from m2m_tf.autoencoders.builders import build_pair, build_paper_pair


def in_range(shape):
    return np.random.default_rng(0).uniform(-1, 1, shape).astype("float32")


@pytest.mark.parametrize("image_shape", [(28, 28, 1), (8, 8, 3), (12, 40, 1), (64, 48, 3)])
def test_a_pair_fits_any_image_shape_of_the_family(image_shape):
    encoder, decoder = build_pair(image_shape, code_dim=5, width=4)
    images = in_range((3, *image_shape))
    codes = encoder(images)
    assert codes.shape == (3, 5)
    assert decoder(codes).shape == images.shape


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


def test_every_weight_of_a_pair_learns_after_a_few_steps():
    model = keras.Sequential(build_pair((12, 12, 1), code_dim=4, width=4))
    model.compile(keras.optimizers.Adam(1e-2), "mse")
    before = model.get_weights()
    images = in_range((32, 12, 12, 1))
    model.fit(images, images, epochs=4, batch_size=8, verbose=0)
    for weight, old in zip(model.get_weights(), before, strict=True):
        assert not np.array_equal(weight, old)


@pytest.mark.parametrize("image_shape", [(28, 30, 1), (4, 28, 1), (28, 28, 2), (27, 28, 3)])
def test_image_shapes_outside_the_family_are_refused(image_shape):
    with pytest.raises(ValueError, match="multiples of 4.*--image_size"):
        build_pair(image_shape)


@pytest.mark.parametrize("size", [0, -1, 2.5])
@pytest.mark.parametrize("name", ["code_dim", "width"])
def test_sizes_that_are_no_whole_number_of_one_or_more_are_refused(name, size):
    with pytest.raises(ValueError, match=f"{name} must be a whole number of 1 or more; got {size}"):
        build_pair((28, 28, 1), **{name: size})


def test_the_papers_pair_is_the_papers():
    encoder, decoder = build_paper_pair()
    assert (encoder.input_shape, encoder.output_shape) == ((None, 28, 28, 1), (None, 256))
    assert (decoder.input_shape, decoder.output_shape) == ((None, 256), (None, 28, 28, 1))
    convolutions = [x.filters for x in encoder.layers if isinstance(x, keras.layers.Conv2D)]
    assert convolutions == [32, 64, 128]
    kind = keras.layers.Conv2DTranspose
    assert [x.filters for x in decoder.layers if isinstance(x, kind)] == [64, 64, 32, 1]
    normal = [x for x in decoder.layers if isinstance(x, keras.layers.BatchNormalization)]
    assert len(normal) == 3 and all(layer.synchronized for layer in normal)


def test_the_papers_pair_keeps_codes_and_images_in_their_range():
    encoder, decoder = build_paper_pair(code_dim=8)
    codes = encoder(in_range((6, 28, 28, 1))).numpy()
    images = decoder(codes).numpy()
    assert np.abs(codes).max() <= 1 and np.abs(images).max() <= 1


def test_the_papers_encoder_normalises_each_image_alone():
    encoder, _ = build_paper_pair(code_dim=8)
    images = in_range((6, 28, 28, 1))
    np.testing.assert_allclose(encoder(images)[:1], encoder(images[:1]), atol=1e-5)
    normalised = keras.Model(encoder.input, encoder.layers[2].output)(images).numpy()
    np.testing.assert_allclose(normalised.mean(axis=(1, 2)), 0, atol=1e-5)
