"""Every kind of model goes through everything a model must do.

One table of (autoencoder, prior, loss, way to standardise, networks); each row is fitted once, then
saved, exported, loaded by another process and trained on two replicas.
"""

import dataclasses
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

import m2m_tf as m2m
from m2m_tf.autoencoders.pairs.keras_hub import pair_of_backbone
from m2m_tf.autoencoders.pairs.style_pair import pair_of_styles
from m2m_tf.autoencoders.pairs.tiny import build_tiny_pair, set_published
from m2m_tf.autoencoders.pairs.tiny_weights import layout
from m2m_tf.serving.formats.write import FORMATS, write_format
from tests.autoencoders.pairs.drawn_tiny import draw_weights
from tests.extras import module_of

pytestmark = pytest.mark.slow

LEGACY = Path(__file__).parents[1] / "fixtures" / "legacy_addons"


@dataclasses.dataclass(frozen=True)
class Case:
    """A row of the table."""

    autoencoder: str
    prior: str
    loss: str
    standardise: str
    networks: str

    def __str__(self):
        return "-".join(dataclasses.astuple(self))


CASES = [
    Case("vector", "mixture", "relativistic", "decoder", "default"),
    Case("paper", "normal", "hinge", "decoder", "own"),
    Case("users", "normal", "wasserstein", "decoder", "own"),
    Case("map", "uniform", "wasserstein", "scale", "default"),
    Case("map", "normal", "relativistic", "decoder", "own"),
    Case("colour", "mixture", "wasserstein", "scale", "own"),
    Case("colour map", "mixture", "wasserstein", "decoder", "default"),
    Case("keras hub", "mixture", "hinge", "scale", "default"),
    Case("tiny", "mixture", "wasserstein", "scale", "default"),
    Case("universal", "mixture", "wasserstein", "axes", "default"),
    Case("vector", "mixture", "flow", "decoder", "default"),
    Case("map", "normal", "flow", "axes", "default"),
    Case("styles", "mixture", "wasserstein", "decoder", "default"),
    Case("legacy", "uniform", "relativistic", "decoder", "own"),
]


@keras.saving.register_keras_serializable(package="conformance")
class Doubled(keras.layers.Layer):
    """A layer of a user's own."""

    def call(self, inputs):
        return 2 * inputs


def users_pair():
    encoder = [keras.Input((28, 28, 1)), layers.Flatten(), Doubled(), layers.Dense(9)]
    decoder = [keras.Input((9,)), layers.Dense(784, "tanh"), layers.Reshape((28, 28, 1))]
    return keras.Sequential(encoder), keras.Sequential(decoder)


def map_pair():
    encoder = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(8, 3, strides=2, padding="same", activation="relu"),
            layers.Conv2D(4, 3, strides=2, padding="same"),
        ]
    )
    decoder = keras.Sequential(
        [
            keras.Input((7, 7, 4)),
            layers.Conv2DTranspose(8, 3, strides=2, padding="same", activation="relu"),
            layers.BatchNormalization(),
            layers.Conv2DTranspose(1, 3, strides=2, padding="same", activation="tanh"),
        ]
    )
    return encoder, decoder


def keras_hub_pair():
    name = "keras_hub.src.models.vae.vae_backbone"
    build = module_of("hub", name).VAEBackbone
    backbone = build([32], [1], [32], [1], sample_channels=4, name="vae")
    return pair_of_backbone(backbone, (8, 8, 3))


def tiny_pair():
    """The encoder and decoder of TAEF2, the family with the most kinds of layers."""
    pair = build_tiny_pair("taef2", (16, 16, 3))
    for seed, (network, part) in enumerate(zip(pair, ("encoder", "decoder"), strict=True)):
        set_published(network, draw_weights(layout("taef2", part), seed))
    return pair


def style_pair():
    """An encoder to W and a synthesis network with a style for each layer, and noise."""
    encoder = keras.Sequential([keras.Input((16, 16, 3)), layers.Flatten(), layers.Dense(6)])
    styles, noise = keras.Input((4, 6)), keras.Input((16, 16, 1))
    x = layers.Reshape((16, 16, 3))(layers.Dense(768)(layers.Flatten()(styles)))
    x = layers.Conv2D(3, 3, padding="same")(layers.Concatenate()([x, noise]))
    return pair_of_styles(encoder, keras.Model([styles, noise], x))


PAIRS = {
    "vector": lambda: m2m.build_pair((28, 28, 1), code_dim=8, width=4),
    "paper": lambda: m2m.build_paper_pair(code_dim=8),
    "users": users_pair,
    "map": map_pair,
    "colour": lambda: m2m.build_pair((32, 32, 3), code_dim=8, width=4),
    "colour map": lambda: m2m.build_pair((16, 24, 3), code_shape=(4, 6, 2), width=4),
    "keras hub": keras_hub_pair,
    "tiny": tiny_pair,
    "universal": lambda: m2m.autoencoders.build_universal_pair((32, 40, 3)),
    "styles": style_pair,
}


def build_autoencoder(kind):
    if kind == "legacy":
        return m2m.Autoencoder.load(LEGACY, trust=True)
    return m2m.Autoencoder(*PAIRS[kind](), name=kind)


def own_networks(code_shape, prior):
    """A generator and a critic as a user may write them, unlike the package's."""
    units = int(np.prod(code_shape))
    latent_dim = units if prior == "mixture" else 6
    generator = [keras.Input((latent_dim,)), layers.Dense(units, "gelu")]
    generator += [layers.LayerNormalization()]
    generator += [layers.Reshape(code_shape)]
    critic = [keras.Input(code_shape)]
    if len(code_shape) == 3:
        generator += [layers.Conv2D(code_shape[-1], 3, padding="same")]
        critic += [layers.Conv2D(4, 3, strides=2, activation="leaky_relu")]
    else:
        generator += [layers.Dense(units)]
    critic += [layers.Flatten(), layers.Dense(8, "leaky_relu"), layers.Dense(1)]
    return {"generator": keras.Sequential(generator), "critic": keras.Sequential(critic)}


def build_model(case):
    keras.utils.set_random_seed(0)
    autoencoder = build_autoencoder(case.autoencoder)
    shape = autoencoder.code_shape
    networks = own_networks(shape, case.prior) if case.networks == "own" else {}
    settings = {"prior": case.prior, "loss": case.loss, "standardise": case.standardise}
    settings |= {} if case.loss == "flow" else {"critic_steps": 1}
    model = m2m.Mind2Mind(autoencoder, **networks, **settings, seed=0)
    model.compile(jit_compile=False)
    return model


def fit(model, digits):
    """One small epoch on real digits, brought to the autoencoder's shape."""
    size = model.autoencoder.image_shape[:2]
    return model.fit(digits[:300], batch_size=100, image_size=size, verbose=0).history


@pytest.fixture(scope="module")
def fitted(digits):
    """A function from a case to its (model, logs), fitted at its first use."""
    made = {}

    def get(case):
        if case not in made:
            model = build_model(case)
            made[case] = model, fit(model, digits)
        return made[case]

    return get


def critic_updates(case):
    """Those of `fit`; a flow has no critic."""
    return 0 if case.loss == "flow" else 3


# Layers of each kind: published weights, the preset's, a flow's loop, a user's in SavedModels.
OF_EACH_KIND = [CASES[number] for number in (8, 9, 11, 13)]

every_case = pytest.mark.parametrize("case", CASES, ids=str)


@every_case
def test_it_trains_on_real_images_and_generates(fitted, case):
    model, logs = fitted(case)
    assert int(model.generator_optimizer.iterations) == 3
    assert int(model.critic_optimizer.iterations) == critic_updates(case)
    assert np.isfinite(list(logs.values())).all()
    assert model.autoencoder.trainable_weights == []
    images = model.generate(5, seed=0)
    assert images.shape == (5, *model.autoencoder.image_shape) and images.dtype == np.float32
    assert np.abs(images).max() <= 1 and np.ptp(images, axis=0).max() > 0.01


@every_case
def test_its_folder_loads_with_identical_images(fitted, case, tmp_path):
    model, _ = fitted(case)
    model.save(tmp_path / "model")
    loaded = m2m.Mind2Mind.load(tmp_path / "model", trust=case.autoencoder == "legacy")
    np.testing.assert_array_equal(loaded.generate(5, seed=0), model.generate(5, seed=0))
    assert int(loaded.critic_optimizer.iterations) == critic_updates(case)


@every_case
def test_its_keras_file_loads_with_identical_images(fitted, case, tmp_path):
    model, _ = fitted(case)
    if case.autoencoder == "legacy":  # a .keras file cannot hold SavedModels: said, not broken
        with pytest.raises(ValueError, match="Save to a folder"):
            model.save(tmp_path / "model.keras")
        return
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    assert isinstance(loaded, m2m.Mind2Mind)
    np.testing.assert_array_equal(loaded.generate(5, seed=0), model.generate(5, seed=0))


@every_case
def test_its_export_serves_the_same_images(fitted, case, tmp_path):
    model, _ = fitted(case)
    served = tf.saved_model.load(model.export(tmp_path / "1", check=False)).signatures
    inputs = {
        "num_images": tf.constant(5),
        "seed": tf.constant(3, tf.int64),
        "truncation": tf.constant(1.0),
    }
    images, again = (served["sample"](**inputs)["images"].numpy() for _ in range(2))
    np.testing.assert_array_equal(images, again)
    expected = (model.generate(5, seed=3) + 1) * 127.5
    assert np.abs(images - expected).max() <= 0.51  # rounded to a whole number
    latent = tf.constant(model.sample_latent(5, seed=3))
    np.testing.assert_array_equal(served["serving_default"](latent=latent)["images"], images)


@pytest.mark.parametrize("case", OF_EACH_KIND, ids=str)
@pytest.mark.parametrize("form", FORMATS)
def test_its_other_forms_give_the_same_images(fitted, case, form, tmp_path):
    model, _ = fitted(case)
    if (case.autoencoder, form) == ("legacy", "openvino"):  # SavedModels within: said, not broken
        with pytest.raises(RuntimeError, match="OpenVINO.*cannot be written in it.*Leave --format"):
            write_format(form, model, tmp_path)
        return
    facts = write_format(form, model, tmp_path)  # which runs them, beside TensorFlow
    assert [each["largest_difference"] <= 1e-4 for each in facts.values()] == [True]


@every_case
def test_it_trains_alike_on_two_replicas(fitted, case, digits, two_replicas):
    with two_replicas.scope():
        model = build_model(case)
    logs = fit(model, digits)
    for name, values in fitted(case)[1].items():
        assert logs[name] == pytest.approx(values, rel=2e-3), name
    images = model.generate(5, seed=0)
    np.testing.assert_allclose(images, fitted(case)[0].generate(5, seed=0), atol=5e-3)


def test_another_process_loads_and_serves_them(fitted, tmp_path):
    program = """
import sys
import numpy as np
import tensorflow as tf

folder = sys.argv[1]
served = tf.saved_model.load(f"{folder}/1").signatures["sample"]
inputs = {"num_images": tf.constant(5), "seed": tf.constant(0, tf.int64)}
images = {"served": served(**inputs, truncation=tf.constant(1.0))["images"]}
assert "m2m_tf" not in sys.modules

import keras
import m2m_tf

for name in ("vector", "map"):
    images[name] = keras.models.load_model(f"{folder}/{name}.keras").generate(5, seed=0)
images["legacy"] = m2m_tf.Mind2Mind.load(f"{folder}/legacy", trust=True).generate(5, seed=0)
np.savez(f"{folder}/images.npz", **images)
"""
    names = ("vector", "map", "legacy")
    models = {case.autoencoder: fitted(case)[0] for case in CASES if case.autoencoder in names}
    models["vector"].export(tmp_path / "1", check=False)
    for name in ("vector", "map"):
        models[name].save(tmp_path / f"{name}.keras")
    models["legacy"].save(tmp_path / "legacy")
    run = subprocess.run([sys.executable, "-c", program, tmp_path], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    images = np.load(tmp_path / "images.npz")
    for name in names:
        np.testing.assert_allclose(images[name], models[name].generate(5, seed=0), atol=1e-6)
    expected = (models["vector"].generate(5, seed=0) + 1) * 127.5
    assert np.abs(images["served"] - expected).max() <= 0.51
