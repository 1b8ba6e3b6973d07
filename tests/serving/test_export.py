"""The generator as a SavedModel for TF Serving."""

from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf

import m2m_tf as m2m
from m2m_tf.codes import CodeStore
from m2m_tf.serving import export_saved_model


@pytest.fixture(scope="module")
def exported(tiny_autoencoder_folder, digits, tmp_path_factory):
    """(a tiny model trained for three steps, the folder it was exported to)."""
    keras.utils.set_random_seed(0)
    generator = m2m.build_generator(8, (16,), widths=(16,))
    autoencoder = m2m.Autoencoder.load(tiny_autoencoder_folder)
    model = m2m.Mind2Mind(autoencoder, generator, critic_steps=1, seed=0)
    model.compile(jit_compile=False)
    model.fit(digits[:300], batch_size=100, verbose=0)
    return model, model.export(tmp_path_factory.mktemp("exports") / "digits" / "1")


@pytest.fixture(scope="module")
def shared(tiny_autoencoder_folder):
    return m2m.Autoencoder.load(tiny_autoencoder_folder)


@pytest.fixture(scope="module")
def signatures(exported):
    return tf.saved_model.load(exported[1]).signatures


def sample(signatures, num_images, seed):
    inputs = {"num_images": tf.constant(num_images), "seed": tf.constant(seed, tf.int64)}
    return signatures["sample"](**inputs)


def as_uint8(images):
    return np.round((images + 1) * 127.5).astype("int32")


def test_the_folder_is_a_saved_model_of_two_signatures(exported, signatures):
    folder = exported[1]
    assert isinstance(folder, Path) and folder.name == "1"
    assert (folder / "saved_model.pb").is_file()
    assert set(signatures) == {"serving_default", "sample"}


def test_serving_default_maps_latents_to_the_models_images(exported, signatures):
    model, _ = exported
    latent = model.sample_latent(5, seed=0)
    images = signatures["serving_default"](latent=tf.constant(latent))["images"]
    assert images.dtype == tf.uint8 and images.shape == (5, 28, 28, 1)
    expected = as_uint8(model.generate_from(latent))
    assert np.abs(images.numpy().astype("int32") - expected).max() <= 1
    assert np.mean(images.numpy() != expected) < 0.01


def test_one_latent_or_many_are_served(signatures):
    for count in (1, 3, 300):
        latent = tf.zeros((count, 8))
        assert signatures["serving_default"](latent=latent)["images"].shape[0] == count


@pytest.mark.parametrize("seed", [0, 7, 2**31 - 1, 2**40, -3])
def test_sample_gives_the_images_that_generate_gives_for_that_seed(exported, signatures, seed):
    model, _ = exported
    served = sample(signatures, 6, seed)
    np.testing.assert_array_equal(served["latent"], model.sample_latent(6, seed=seed))
    expected = as_uint8(model.generate(6, seed=seed))
    assert np.abs(served["images"].numpy().astype("int32") - expected).max() <= 1


def test_a_seed_fixes_what_is_sampled(signatures):
    first, again, other = (sample(signatures, 4, seed)["images"].numpy() for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize("num_images", [0, -5, 4097, 2**31 - 1])
def test_a_number_of_images_that_no_server_should_make_is_refused(signatures, num_images):
    with pytest.raises(tf.errors.InvalidArgumentError, match="num_images must be 1 to 4096"):
        sample(signatures, num_images, 0)


def test_every_variable_is_stored_once(exported):
    model, folder = exported
    parts = (model.average, model.statistics, model.autoencoder.decoder)
    needed = sum(weight.numpy().nbytes for part in parts for weight in part.weights)
    stored = sum(path.stat().st_size for path in (folder / "variables").iterdir())
    assert needed <= stored < 1.1 * needed + 5000  # the index of names


def test_a_mixture_is_exported_once_with_the_latents_that_it_draws(shared, digits, tmp_path):
    model = m2m.Mind2Mind(shared, m2m.build_generator(16, (16,), widths=(16,)), prior="mixture")
    model.codes = CodeStore(shared.encode(digits[:300]), "any")
    model.measure_codes()
    folder = model.export(tmp_path / "1")
    parts = (model.average, model.statistics, model.autoencoder.decoder, model.latent_law)
    needed = sum(weight.numpy().nbytes for part in parts for weight in part.weights)
    stored = sum(path.stat().st_size for path in (folder / "variables").iterdir())
    assert needed <= stored < 1.1 * needed + 5000  # the index of names
    for seed in (0, 2**40, -3):
        served = sample(tf.saved_model.load(folder).signatures, 6, seed)
        np.testing.assert_array_equal(served["latent"], model.sample_latent(6, seed=seed))
        expected = as_uint8(model.generate(6, seed=seed))
        assert np.abs(served["images"].numpy().astype("int32") - expected).max() <= 1


def test_what_trains_is_not_exported(exported):
    names = [name for name, _ in tf.train.list_variables(str(exported[1] / "variables/variables"))]
    assert not any("critic" in name or "optimizer" in name for name in names)


def test_exporting_does_not_change_the_model(exported, tmp_path):
    model, _ = exported
    before = model.generate(3, seed=0)
    model.export(tmp_path / "2")
    np.testing.assert_array_equal(model.generate(3, seed=0), before)


def test_a_model_that_was_saved_and_loaded_exports_the_same(exported, signatures, tmp_path):
    model, _ = exported
    model.save(tmp_path / "model")
    m2m.Mind2Mind.load(tmp_path / "model").export(tmp_path / "1")
    again = tf.saved_model.load(tmp_path / "1").signatures
    np.testing.assert_array_equal(sample(again, 4, 0)["images"], sample(signatures, 4, 0)["images"])


def test_an_empty_folder_is_written_into(exported, tmp_path):
    assert export_saved_model(exported[0], tmp_path) == tmp_path
    assert (tmp_path / "saved_model.pb").is_file()


@pytest.mark.parametrize("kind", ["folder", "file"])
def test_what_holds_something_already_is_refused_and_left_alone(exported, tmp_path, kind):
    (tmp_path / "notes").write_text("mine")
    path = tmp_path if kind == "folder" else tmp_path / "notes"
    with pytest.raises(ValueError, match="holds something already. Export to the next version"):
        export_saved_model(exported[0], path)
    assert [(p.name, p.read_text()) for p in tmp_path.iterdir()] == [("notes", "mine")]
