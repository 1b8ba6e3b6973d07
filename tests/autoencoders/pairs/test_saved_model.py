"""Autoencoders made elsewhere, as SavedModels."""

from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf

import m2m_tf as m2m
from m2m_tf.autoencoders.pairs import saved_model


@pytest.fixture(scope="module")
def pair_folder(tiny_autoencoder_folder, tmp_path_factory):
    """Two SavedModels, `encoder/` and `decoder/`, without a card."""
    folder = tmp_path_factory.mktemp("saved_models")
    autoencoder = m2m.Autoencoder.load(tiny_autoencoder_folder)
    autoencoder.encoder.export(folder / "encoder", verbose=False)
    autoencoder.decoder.export(folder / "decoder", verbose=False)
    return folder


@pytest.mark.slow
def test_a_pair_that_tensorflow_addons_made_gives_its_own_codes_and_images():
    legacy = Path(__file__).parents[2] / "fixtures" / "legacy_addons"
    expected = np.load(legacy / "expected.npz")
    autoencoder = m2m.Autoencoder.load(legacy, trust=True)
    assert autoencoder.trainable_weights == [] and autoencoder.weights
    np.testing.assert_allclose(autoencoder.encode(expected["digits"]), expected["codes"], atol=1e-5)
    np.testing.assert_allclose(autoencoder.decode(expected["codes"]), expected["images"], atol=1e-5)


@pytest.mark.slow
def test_a_pair_gives_the_codes_and_images_of_the_models_it_was_made_from(
    pair_folder, shared_autoencoder, digits
):
    autoencoder = m2m.Autoencoder.load(pair_folder, trust=True)
    assert (autoencoder.image_shape, autoencoder.code_shape) == ((28, 28, 1), (16,))
    codes = shared_autoencoder.encode(digits[:20])
    np.testing.assert_allclose(autoencoder.encode(digits[:20]), codes, atol=1e-5)
    np.testing.assert_allclose(
        autoencoder.decode(codes), shared_autoencoder.decode(codes), atol=1e-5
    )


@pytest.mark.slow
def test_its_weights_are_frozen(pair_folder):
    autoencoder = m2m.Autoencoder.load(pair_folder, trust=True)
    assert autoencoder.trainable_weights == [] and autoencoder.weights


@pytest.mark.slow
def test_a_pair_saves_into_a_folder_with_a_card_and_loads_again(pair_folder, digits, tmp_path):
    autoencoder = m2m.Autoencoder.load(pair_folder, trust=True)
    assert not autoencoder.is_self_contained
    autoencoder.save(tmp_path / "kept", licence="MIT")
    again = m2m.Autoencoder.load(tmp_path / "kept", trust=True)
    assert again.card["licence"] == "MIT"
    np.testing.assert_allclose(
        again.encode(digits[:20]), autoencoder.encode(digits[:20]), atol=1e-5
    )
    variables = tmp_path / "kept" / "encoder" / "variables"
    next(variables.glob("*.data*")).unlink()
    with pytest.raises(ValueError, match="has lost its file 'encoder/variables/"):
        m2m.Autoencoder.load(tmp_path / "kept", trust=True)


@pytest.mark.slow
def test_the_same_weights_have_the_same_fingerprint_wherever_they_lie(pair_folder, tmp_path):
    autoencoder = m2m.Autoencoder.load(pair_folder, trust=True)
    fingerprint = autoencoder.fingerprint
    autoencoder.save(tmp_path)
    assert m2m.Autoencoder.load(tmp_path, trust=True).fingerprint == fingerprint


def test_a_saved_encoder_goes_with_a_decoder_made_in_keras(pair_folder, shared_autoencoder, digits):
    encoder = saved_model.load_block(pair_folder / "encoder")
    mixed = m2m.Autoencoder(encoder, shared_autoencoder.decoder)
    assert not mixed.is_self_contained
    np.testing.assert_allclose(mixed(digits[:3]), shared_autoencoder(digits[:3]), atol=1e-5)


def test_a_folder_that_is_no_saved_model_is_refused(tmp_path):
    (tmp_path / "encoder").mkdir()
    (tmp_path / "encoder" / "saved_model.pb").write_bytes(b"no")
    with pytest.raises(ValueError, match="to be a SavedModel; it does not load"):
        saved_model.load_block(tmp_path / "encoder")


def test_a_saved_model_of_two_inputs_is_refused(tmp_path):
    left, right = keras.Input((4,)), keras.Input((4,))
    model = keras.Model([left, right], keras.layers.Add()([left, right]))
    model.export(tmp_path / "encoder", verbose=False)
    with pytest.raises(ValueError, match="'serving_default' of one input and one output"):
        saved_model.load_block(tmp_path / "encoder")


def test_a_saved_model_without_a_signature_is_refused(tmp_path):
    tf.saved_model.save(tf.Module(), str(tmp_path / "encoder"))
    with pytest.raises(ValueError, match=r"'serving_default' .*; it has \[\]"):
        saved_model.load_block(tmp_path / "encoder")


def test_a_part_of_a_model_alone_says_which_folder_to_load():
    with pytest.raises(ValueError, match="Load the whole folder"):
        saved_model.current_autoencoder()
