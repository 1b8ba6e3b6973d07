"""KerasHub's variational autoencoders."""

import keras
import numpy as np
import pytest

import m2m_tf as m2m
from tests.extras import module_of
from tests.forks import fork_code

VAE = "keras_hub.src.models.vae.vae_backbone"


def build_backbone(**settings):
    keras.utils.set_random_seed(0)
    backbone = module_of("hub", VAE).VAEBackbone  # here: it takes seconds to import
    return backbone([32, 32], [1, 1], [32, 32], [1, 1], sample_channels=8, **settings)


@pytest.fixture(scope="module")
def backbone():
    return build_backbone(scale=2.0, shift=0.25)


@pytest.fixture(scope="module")
def autoencoder(backbone):
    return m2m.Autoencoder.from_keras_hub(backbone, image_shape=(16, 16, 3), name="tiny_vae")


@pytest.fixture
def images():
    return np.random.default_rng(0).uniform(-1, 1, (3, 16, 16, 3)).astype("float32")


def test_codes_are_the_mode_shifted_and_scaled(autoencoder, backbone, images):
    assert autoencoder.code_shape == (8, 8, 4)
    mode = np.asarray(backbone.encoder(images))[..., :4]
    np.testing.assert_allclose(autoencoder.encode(images), (mode - 0.25) * 2, atol=1e-4)


def test_the_same_image_has_the_same_code_each_time(autoencoder, images):
    np.testing.assert_array_equal(autoencoder.encode(images), autoencoder.encode(images))


def test_images_are_the_backbones_clipped(autoencoder, backbone, images):
    mode = np.asarray(backbone.encoder(images))[..., :4]
    expected = np.clip(backbone.decoder(mode), -1, 1)
    np.testing.assert_allclose(autoencoder.decode((mode - 0.25) * 2), expected, atol=1e-3)


def test_it_is_frozen(autoencoder):
    assert autoencoder.trainable_weights == [] and autoencoder.weights


@pytest.mark.slow
def test_its_folder_loads_where_keras_hub_was_not_imported(autoencoder, images, tmp_path):
    autoencoder.save(tmp_path / "vae")
    np.save(tmp_path / "images.npy", images)
    program = """
import sys
import numpy as np
import m2m_tf as m2m

assert "keras_hub" not in sys.modules
folder = sys.argv[1]
codes = m2m.Autoencoder.load(f"{folder}/vae").encode(np.load(f"{folder}/images.npy"))
np.save(f"{folder}/codes.npy", codes)
"""
    process = fork_code(program, tmp_path)
    _, err = process.communicate()
    assert process.returncode == 0, err
    np.testing.assert_allclose(
        np.load(tmp_path / "codes.npy"), autoencoder.encode(images), atol=1e-4
    )


def test_another_model_is_refused():
    other = keras.Sequential([keras.Input((8, 8, 3)), keras.layers.Dense(3)])
    with pytest.raises(ValueError, match="expects KerasHub's VAEBackbone.*without encoder"):
        m2m.Autoencoder.from_keras_hub(other)


def test_channels_first_are_refused():
    with pytest.raises(ValueError, match="data_format='channels_last'"):
        m2m.Autoencoder.from_keras_hub(build_backbone(data_format="channels_first"))
