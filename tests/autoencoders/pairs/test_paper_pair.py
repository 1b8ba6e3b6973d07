"""The paper's pair for 28x28 images."""

import keras
import numpy as np

from m2m_tf.autoencoders.pairs.paper_pair import build_paper_pair


def in_range(shape):
    return np.random.default_rng(0).uniform(-1, 1, shape).astype("float32")


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
