"""The generator as a SavedModel for TF Serving."""

import io
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

import m2m_tf as m2m
from m2m_tf.files.card import read_card
from m2m_tf.serving import check, export_saved_model
from m2m_tf.serving.served_model import most_images

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def shared(tiny_autoencoder_folder):
    return m2m.Autoencoder.load(tiny_autoencoder_folder)


@pytest.fixture(scope="module")
def signatures(exported):
    return tf.saved_model.load(exported[1]).signatures


def sample(signatures, num_images, seed, truncation=1.0):
    return signatures["sample"](
        num_images=tf.constant(num_images),
        seed=tf.constant(seed, tf.int64),
        truncation=tf.constant(truncation),
    )


def as_uint8(images):
    return np.round((images + 1) * 127.5).astype("int32")


def test_the_folder_is_a_saved_model_of_five_signatures(exported, signatures):
    folder = exported[1]
    assert isinstance(folder, Path) and folder.name == "1"
    assert (folder / "saved_model.pb").is_file()
    assert set(signatures) == {"serving_default", "sample", "png", "encode", "reconstruct"}
    assert [path.name for path in folder.parent.iterdir()] == ["1"]


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
    parts = (model.average, model.statistics, model.autoencoder)
    needed = sum(weight.numpy().nbytes for part in parts for weight in part.weights)
    stored = sum(path.stat().st_size for path in (folder / "variables").iterdir())
    assert needed <= stored < 1.1 * needed + 5000  # the index of names


def test_a_mixture_is_exported_once_with_the_latents_that_it_draws(shared, digits, tmp_path):
    generator = m2m.build_generator(16, (16,), widths=(16,))
    model = m2m.Mind2Mind(shared, generator, prior="mixture", critic_steps=1)
    model.compile(jit_compile=False, run_eagerly=True)  # for few steps, tracing takes longer
    model.fit(shared.encode(digits[:300]), batch_size=100, verbose=0)
    folder = model.export(tmp_path / "1", check=False)
    parts = (model.average, model.statistics, model.autoencoder, model.latent_law)
    needed = sum(weight.numpy().nbytes for part in parts for weight in part.weights)
    stored = sum(path.stat().st_size for path in (folder / "variables").iterdir())
    assert needed <= stored < 1.1 * needed + 5000  # the index of names
    signatures = tf.saved_model.load(folder).signatures
    for seed in (0, 2**40, -3):
        served = sample(signatures, 6, seed)
        np.testing.assert_array_equal(served["latent"], model.sample_latent(6, seed=seed))
        expected = as_uint8(model.generate(6, seed=seed))
        assert np.abs(served["images"].numpy().astype("int32") - expected).max() <= 1


def test_what_trains_is_not_exported(exported):
    names = [name for name, _ in tf.train.list_variables(str(exported[1] / "variables/variables"))]
    assert not any("critic" in name or "optimizer" in name for name in names)


def test_exporting_does_not_change_the_model(exported, tmp_path):
    model, _ = exported
    before = model.generate(3, seed=0)
    model.export(tmp_path / "2", check=False)
    np.testing.assert_array_equal(model.generate(3, seed=0), before)


def test_a_model_that_was_saved_and_loaded_exports_the_same(exported, signatures, tmp_path):
    model, _ = exported
    model.save(tmp_path / "model")
    m2m.Mind2Mind.load(tmp_path / "model").export(tmp_path / "1", check=False)
    again = tf.saved_model.load(tmp_path / "1").signatures
    np.testing.assert_array_equal(sample(again, 4, 0)["images"], sample(signatures, 4, 0)["images"])


def test_truncation_is_that_of_generate(exported, signatures):
    model, _ = exported
    served = sample(signatures, 6, 1, truncation=0.5)
    np.testing.assert_array_equal(served["latent"], model.sample_latent(6, 1, truncation=0.5))
    expected = as_uint8(model.generate(6, 1, truncation=0.5))
    assert np.abs(served["images"].numpy().astype("int32") - expected).max() <= 1


@pytest.mark.parametrize("truncation", [-0.1, 1.1, float("nan"), float("inf")])
def test_a_truncation_out_of_range_is_refused(signatures, truncation):
    with pytest.raises(tf.errors.InvalidArgumentError, match="truncation must be 0 to 1"):
        sample(signatures, 1, 0, truncation)


def test_png_files_are_the_images_of_sample(signatures):
    files = signatures["png"](num_images=tf.constant(5), seed=tf.constant(2, tf.int64))["png_bytes"]
    images = np.stack(
        [np.asarray(Image.open(io.BytesIO(file)))[..., None] for file in files.numpy()]
    )
    np.testing.assert_array_equal(images, sample(signatures, 5, 2)["images"])


def test_encode_and_reconstruct_are_the_autoencoders(exported, signatures, digits):
    autoencoder = exported[0].autoencoder
    pixels = as_uint8(digits[:5]).astype("uint8")
    codes = signatures["encode"](images=tf.constant(pixels))["codes"]
    np.testing.assert_allclose(codes, autoencoder.encode(pixels), rtol=1e-4, atol=1e-4)
    images = signatures["reconstruct"](images=tf.constant(pixels))["images"].numpy()
    expected = as_uint8(autoencoder.decode(autoencoder.encode(pixels)))
    assert np.abs(images.astype("int32") - expected).max() <= 1


@pytest.mark.parametrize(("shape", "most"), [((28, 28, 1), 4096), ((1024, 1024, 3), 21)])
def test_fewer_large_images_may_be_asked_for(shape, most):
    assert most_images(shape) == most


@pytest.mark.parametrize("prior", ["mixture", "uniform"])
def test_the_whole_export_is_little_larger_than_the_parameters(digits, tmp_path, prior):
    preset = m2m.Autoencoder.from_preset("fashion_mnist_28_compact")  # the smallest
    model = m2m.Mind2Mind(preset, prior=prior, critic_steps=1, seed=0)
    model.compile(jit_compile=False, run_eagerly=True)
    model.fit(digits[:300], verbose=0)
    parts = [model.average, model.statistics, model.autoencoder]
    parts += [model.latent_law] if prior == "mixture" else []
    needed = sum(weight.numpy().nbytes for part in parts for weight in part.weights)
    folder = model.export(tmp_path / "1", check=False)
    stored = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    assert stored < 1.15 * needed


def test_an_empty_folder_is_written_into(exported, tmp_path):
    (tmp_path / "1").mkdir()
    assert export_saved_model(exported[0], tmp_path / "1", check=False) == tmp_path / "1"
    assert (tmp_path / "1" / "saved_model.pb").is_file()


@pytest.mark.parametrize("kind", ["folder", "file"])
def test_what_holds_something_already_is_refused_and_left_alone(exported, tmp_path, kind):
    path = tmp_path / "1"
    if kind == "folder":
        path.mkdir()
    notes = path / "notes" if kind == "folder" else path
    notes.write_text("mine")
    with pytest.raises(ValueError, match="holds something already. Export to the next version"):
        export_saved_model(exported[0], path)
    assert notes.read_text() == "mine" and len(list(tmp_path.rglob("*"))) <= 2


def test_a_version_is_replaced_where_that_is_allowed(exported, tmp_path):
    (tmp_path / "1").mkdir()
    (tmp_path / "1" / "notes").write_text("mine")
    exported[0].export(tmp_path / "1", check=False, overwrite=True)
    assert (tmp_path / "1" / "saved_model.pb").is_file()
    assert not (tmp_path / "1" / "notes").exists() and len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize("name", ["digits", "0", "-1", "1.5", "01", "v1", "\u0661"])
def test_a_name_that_is_no_version_is_refused(exported, tmp_path, name):
    with pytest.raises(ValueError, match="a whole number of 1 or more"):
        exported[0].export(tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_a_model_that_was_never_trained_is_refused(shared, tmp_path):
    model = m2m.Mind2Mind(shared)
    for _ in range(2):
        with pytest.raises(ValueError, match="has not made a training step"):
            model.export(tmp_path / "1")
        model.compile()
    assert not list(tmp_path.iterdir())


def test_a_model_that_broke_down_is_refused(exported, tmp_path):
    exported[0].save(tmp_path / "model")
    model = m2m.Mind2Mind.load(tmp_path / "model")
    weight = model.average.weights[0]
    weight.assign(np.full(weight.shape, np.nan))
    with pytest.raises(ValueError, match="NaN or infinite.*Train again"):
        model.export(tmp_path / "1")
    assert not (tmp_path / "1").exists()


@pytest.fixture
def finds_others(monkeypatch):
    """A new process finds other images than it is told to expect."""

    def darker(model):
        found = expected_of(model)
        return {**found, "images": found["images"] // 2}

    expected_of = check._expected_of
    monkeypatch.setattr(check, "_expected_of", darker)


@pytest.mark.usefixtures("finds_others")
@pytest.mark.parametrize("overwrite", [False, True])
def test_a_new_process_that_finds_other_images_stops_the_export(exported, tmp_path, overwrite):
    with pytest.raises(RuntimeError, match="'serving_default' gives other images"):
        exported[0].export(tmp_path / "1", overwrite=overwrite)
    assert not list(tmp_path.iterdir())


@pytest.mark.usefixtures("finds_others")
@pytest.mark.parametrize("overwrite", [False, True])
def test_no_process_looks_where_none_is_asked_for(exported, tmp_path, overwrite):
    folder = exported[0].export(tmp_path / "1", check=False, overwrite=overwrite)
    assert (folder / "saved_model.pb").is_file()


def test_the_card_says_what_the_export_is(exported):
    model, folder = exported
    card = read_card(folder, "export")
    assert card["latent_dim"] == 8 and card["image_shape"] == [28, 28, 1]
    assert card["training_steps"] == 3 and card["prior"] == "uniform"
    assert card["source"]["autoencoder"] == "tiny"
    assert card["target"]["images"] == 300
    assert card["signatures"]["sample"]["outputs"] == {
        "images": "uint8 (n, 28, 28, 1)",
        "latent": "float32 (n, 8)",
    }
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert files == {*card["sha256"], "card.json"}
    page = (folder / "README.md").read_text(encoding="utf-8")
    assert page.startswith("# digits, version 1") and "Not measured" in page
