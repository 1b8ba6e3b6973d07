"""The linear path: principal components."""

import numpy as np
import pytest
from sklearn.decomposition import PCA

import m2m_tf as m2m
from m2m_tf.autoencoders.pretraining.linear import fit_components, set_linear_path
from m2m_tf.pictures.pixels import to_pixels


@pytest.fixture(scope="module")
def images(digits):
    """The middles of 500 real digits, `(500, 16, 16, 1)`."""
    return digits[:500, 6:22, 6:22]


@pytest.mark.slow
def test_a_pair_set_to_the_components_reconstructs_as_pca_does(images):
    pair = m2m.build_pair((16, 16, 1), code_dim=10, width=4)
    set_linear_path(*pair, fit_components(pair[0], to_pixels(images)))
    autoencoder = m2m.Autoencoder(*pair)
    flat = images.reshape(500, -1)
    pca = PCA(10, svd_solver="full").fit(flat)
    expected = np.clip(pca.inverse_transform(pca.transform(flat)), -1, 1)
    reconstructions = autoencoder.decode(autoencoder.encode(images))
    np.testing.assert_allclose(reconstructions.reshape(500, -1), expected, atol=2e-3)


def test_codes_lie_near_one_and_keep_the_distances_of_the_components(images):
    encoder, decoder = m2m.build_pair((16, 16, 1), code_dim=10, width=4)
    components = fit_components(encoder, to_pixels(images))
    set_linear_path(encoder, decoder, components)
    codes = encoder.predict(images, verbose=0)
    assert np.mean(codes.var(axis=0)) == pytest.approx(1, rel=0.01)
    projected = components.transform(images.reshape(500, -1))
    ratio = np.linalg.norm(codes[1:] - codes[0], axis=1) / np.linalg.norm(
        projected[1:] - projected[0], axis=1
    )
    np.testing.assert_allclose(ratio, ratio[0], rtol=1e-3)


@pytest.mark.slow
def test_a_large_image_is_projected_as_a_thumbnail(digits):
    images = m2m.data.resize(digits[:40], (64, 16))
    encoder, decoder = m2m.build_pair((64, 16, 1), code_dim=8, width=4)
    components = fit_components(encoder, to_pixels(images))
    set_linear_path(encoder, decoder, components)
    assert components.components_.shape == (8, 32 * 8)
    thumbnails = images.reshape(40, 32, 2, 8, 2).mean(axis=(2, 4)).reshape(40, -1)
    codes = encoder.predict(images, verbose=0)
    scale = np.sqrt(components.explained_variance_.mean())
    np.testing.assert_allclose(codes * scale, components.transform(thumbnails), atol=1e-2)


def test_a_code_map_holds_the_components_of_its_patches(images):
    pair = m2m.build_pair((16, 16, 1), code_shape=(4, 4, 3), width=4)
    set_linear_path(*pair, fit_components(pair[0], to_pixels(images)))
    autoencoder = m2m.Autoencoder(*pair)
    patches = images.reshape(500, 4, 4, 4, 4).transpose(0, 1, 3, 2, 4).reshape(-1, 16)
    centred = patches - patches.mean()
    axes = PCA(3, svd_solver="full").fit(patches).components_
    expected = np.clip(centred @ axes.T @ axes + patches.mean(), -1, 1)
    expected = expected.reshape(500, 4, 4, 4, 4).transpose(0, 1, 3, 2, 4).reshape(images.shape)
    reconstructions = autoencoder.decode(autoencoder.encode(images))
    np.testing.assert_allclose(reconstructions, expected, atol=5e-3)


def test_a_large_colour_map_sees_shrunk_patches():
    pixels = np.random.default_rng(0).integers(0, 256, (20, 64, 128, 3)).astype("uint8")
    encoder, decoder = m2m.build_pair((64, 128, 3), code_shape=(2, 4, 5), width=2)
    components = fit_components(encoder, pixels)
    assert components.components_.shape == (5, 16 * 16 * 3)
    set_linear_path(encoder, decoder, components)
    assert decoder(encoder(pixels / np.float32(127.5) - 1)).shape == pixels.shape


def test_fewer_images_than_components_are_refused(images):
    encoder, _ = m2m.build_pair((16, 16, 1), code_dim=10, width=4)
    with pytest.raises(ValueError, match="A code of 10 .* got 9 images of 256 values"):
        fit_components(encoder, to_pixels(images[:9]))
