"""A class-conditional generator as a SavedModel: the served images are the model's."""

import keras
import numpy as np
import pytest
import tensorflow as tf

import m2m_tf as m2m

pytestmark = pytest.mark.slow

PETS = ("cat", "dog", "owl")


@pytest.fixture(scope="module", params=["uniform", "mixture"])
def exported(tiny_autoencoder_folder, tmp_path_factory, request):
    """(a tiny model of three classes of shares 1/2, 1/4 and 1/4, the folder of its export)."""
    keras.utils.set_random_seed(0)
    model = m2m.Mind2Mind(
        m2m.Autoencoder.load(tiny_autoencoder_folder),
        m2m.build_generator(16, (16,), widths=(16,), classes=3),
        prior=request.param,
        classes=PETS,
        seed=0,
    )
    labels = np.arange(300) % 4 % 3
    codes = np.random.default_rng(0).normal(size=(300, 16)) + 5 * labels[:, None]
    model.compile(jit_compile=False)
    model.fit(codes.astype("float32"), labels, batch_size=100, verbose=0)
    return model, model.export(tmp_path_factory.mktemp("exports") / "pets" / "1")


@pytest.fixture(scope="module")
def signatures(exported):
    return tf.saved_model.load(exported[1]).signatures


def sample(signatures, num_images, seed, label):
    return signatures["sample"](
        num_images=tf.constant(num_images),
        seed=tf.constant(seed, tf.int64),
        truncation=tf.constant(1.0),
        label=tf.constant(label),
    )


def assert_same_images(served, images):
    expected = np.round((images + 1) * 127.5).astype("int32")
    assert served.dtype == tf.uint8
    assert np.abs(served.numpy().astype("int32") - expected).max() <= 1


@pytest.mark.parametrize("label", [0, 1, 2])
def test_sample_gives_the_images_of_a_class(exported, signatures, label):
    served = sample(signatures, 6, 3, label)
    assert served["label"].numpy().tolist() == [label] * 6
    latent = exported[0].sample_latent(6, seed=3, label=label)
    np.testing.assert_array_equal(served["latent"], latent)
    assert_same_images(served["images"], exported[0].generate(6, seed=3, label=label))


@pytest.mark.parametrize("seed", [0, 2**40, -3])
def test_sample_of_any_class_gives_what_generate_gives(exported, signatures, seed):
    model, _ = exported
    served = sample(signatures, 40, seed, -1)
    np.testing.assert_array_equal(served["label"], model.sample_labels(40, seed))
    assert len(set(served["label"].numpy())) == 3
    assert_same_images(served["images"], model.generate(40, seed=seed))


def test_serving_default_takes_a_label_for_each_latent(exported, signatures):
    model, _ = exported
    latent, labels = model.sample_latent(5, seed=0), np.array([2, 0, 1, 1, 0], "int32")
    served = signatures["serving_default"](latent=tf.constant(latent), label=tf.constant(labels))
    assert_same_images(served["images"], model.generate_from(latent, label=labels))


@pytest.mark.parametrize("label", [-2, 3])
def test_a_label_that_is_no_class_is_refused(signatures, label):
    with pytest.raises(tf.errors.InvalidArgumentError, match="label must be -1 to 2"):
        sample(signatures, 4, 0, label)
    latent = tf.zeros((1, 16))
    with pytest.raises(tf.errors.InvalidArgumentError, match="label must be 0 to 2"):
        signatures["serving_default"](latent=latent, label=tf.constant([label]))


def test_png_files_are_those_images(exported, signatures):
    files = signatures["png"](
        num_images=tf.constant(3), seed=tf.constant(5, tf.int64), label=tf.constant(1)
    )["png_bytes"]
    images = np.stack([tf.io.decode_png(file) for file in files])
    np.testing.assert_array_equal(images, sample(signatures, 3, 5, 1)["images"])


def test_the_names_of_the_classes_lie_beside_the_model(exported):
    names = exported[1] / "assets.extra" / "classes.txt"
    assert tuple(names.read_text(encoding="utf-8").splitlines()) == PETS
