"""`m2m pretrain` makes an autoencoder's folder, goes on after a cut, replaces nothing unasked."""

import inspect
import signal

import numpy as np
import pytest

from m2m_tf.autoencoders import Autoencoder, pretrain
from m2m_tf.cli.main import parse
from m2m_tf.data import load
from tests.cli.processes import ROOT, fork_m2m, start_m2m, wait_for
from tests.conftest import FIXTURES

pytestmark = pytest.mark.slow


@pytest.fixture
def source(tmp_path, digits):
    """A file of 200 digits."""
    np.save(tmp_path / "digits.npy", digits[:200])
    return "digits.npy"


SMALL = ("--code_dim=4", "--width=2", "--batch_size=50", "--augment=0")


def test_the_flags_have_the_librarys_defaults():
    args = vars(parse(["m2m", "pretrain", "--source", "s", "--out", "o"]))
    for name, parameter in inspect.signature(pretrain).parameters.items():
        if name in args and parameter.default is not parameter.empty:
            assert args[name] == parameter.default, name


def test_an_autoencoder_is_made_with_a_card_that_says_how(m2m, source, tmp_path):
    facts = ("--name=mine", "--data_name=some digits", "--licence=MIT")
    flags = ("--source", source, "--out", "new/ae", *SMALL, "--epochs=1", *facts)
    result = m2m("pretrain", *flags)
    assert result.status == 0, result.err
    assert "Held-out error" in result.out and "PCA" in result.out
    autoencoder = Autoencoder.load(tmp_path / "new" / "ae")
    card = autoencoder.card
    assert autoencoder.name == "mine" and autoencoder.code_shape == (4,)
    assert (card["data"], card["licence"]) == ("some digits", "MIT")
    assert card["command"].startswith("m2m pretrain --source digits.npy --out new/ae")


def test_an_autoencoder_that_is_there_needs_overwrite_and_is_replaced_at_the_end(
    m2m, source, tmp_path
):
    flags = ("pretrain", "--source", source, "--out", "ae", *SMALL[1:], "--epochs=1")
    assert m2m(*flags, "--code_dim=4").status == 0
    result = m2m(*flags, "--code_dim=5")
    assert result.status == 2 and "--overwrite" in result.err
    assert Autoencoder.load(tmp_path / "ae").code_shape == (4,)
    assert m2m(*flags, "--code_dim=5", "--overwrite").status == 0
    assert Autoencoder.load(tmp_path / "ae").code_shape == (5,)
    assert Autoencoder.load(tmp_path / "ae").name == "ae"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["ae", source]


def test_the_same_command_goes_on_after_an_interruption(m2m, source, tmp_path):
    flags = ("pretrain", "--source", source, "--out", "ae", *SMALL, "--epochs=40")
    process = fork_m2m(*flags, cwd=tmp_path)
    wait_for(process, "Epoch 3/")
    process.send_signal(signal.SIGINT)
    process.communicate()
    assert process.returncode == 130 and (tmp_path / "ae" / "training").is_dir()

    result = m2m(*flags)
    assert result.status == 0, result.err
    assert "Epoch 40/40" in result.out and "Epoch 2/40" not in result.out
    assert Autoencoder.load(tmp_path / "ae").card["epochs"] == 40
    assert not (tmp_path / "ae" / "training").exists()


def test_a_source_smaller_than_a_batch_is_refused(refused, source):
    message = refused("pretrain", "--source", source, "--out", "ae", "--batch_size=500")
    assert "500" in message and "batch_size" in message


def test_a_code_larger_than_the_source_is_refused(refused, source):
    message = refused("pretrain", "--source", source, "--out", "ae", "--code_dim=300")
    assert "300" in message


def test_an_empty_source_is_refused(refused, tmp_path):
    (tmp_path / "images").mkdir()
    assert "images" in refused("pretrain", "--source", "images", "--out", "ae")


def test_a_code_map_is_trained_with_every_term_on_jax(tmp_path):
    flags = ("--code_shape=8x8x4", "--width=4", "--epochs=1", "--batch_size=16", "--image_size=32")
    terms = ("--perceptual_weight=0.1", "--adversarial_weight=0.01", "--code_noise=0.1")
    command = ("pretrain", "--source", FIXTURES / "emoji", "--out", "ae", *flags, *terms)
    # Compiling takes most of the time: for three steps, little of it pays.
    fast = {"JAX_DISABLE_MOST_OPTIMIZATIONS": "1"}
    backend = {"KERAS_BACKEND": "jax", "JAX_PLATFORMS": "cpu", **fast}
    process = start_m2m(*command, "--compact", cwd=tmp_path, configure=backend)
    out, err = process.communicate()
    assert process.returncode == 0, err
    autoencoder = Autoencoder.load(tmp_path / "ae")  # with TensorFlow
    assert autoencoder.code_shape == (8, 8, 4) and "jax" in autoencoder.card["versions"]
    assert 0 < autoencoder.card["held_out_perceptual"] <= 16
    images = load(FIXTURES / "emoji", image_size=32).numpy(8)
    error = np.mean((autoencoder.decode(autoencoder.encode(images)) - images) ** 2)
    assert error < 2 * autoencoder.card["pca_held_out_mse"]


# Python runs it at its start; a finder that comes first hides jax from an environment that has it.
WITHOUT_JAX = """
import sys

class Hidden:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("jax", "jaxlib"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Hidden())
"""


def test_without_jax_it_is_said_in_a_sentence_how_to_get_it(tmp_path):
    (tmp_path / "sitecustomize.py").write_text(WITHOUT_JAX)
    environment = {"KERAS_BACKEND": "jax", "PYTHONPATH": f"{tmp_path}:{ROOT}"}
    process = start_m2m("pretrain", "--source", "s", "--out", "ae", configure=environment)
    _, err = process.communicate()
    assert process.returncode == 2
    assert (
        err.startswith("m2m pretrain: Keras is told to compute with jax") and err.count("\n") == 1
    )
    assert "pip install 'm2m_tf[jax]'" in err


@pytest.mark.parametrize("shape", ["8x8", "8x0x4", "map", "8x8x4x1"])
def test_a_code_shape_that_is_none_is_refused_with_what_is_one(refused, source, shape):
    message = refused("pretrain", "--source", source, "--out", "ae", f"--code_shape={shape}")
    assert "8x8x16 (a map" in message and shape in message


def test_a_map_that_does_not_fit_the_images_is_refused_with_those_that_do(refused, source):
    message = refused(
        "pretrain", "--source", source, "--out", "ae", "--code_shape=8x8x4", "--batch_size=50"
    )
    assert "(7, 7, channels)" in message


def test_a_vector_and_a_map_together_are_refused(refused, source):
    message = refused(
        "pretrain", "--source", source, "--out", "ae", "--code_dim=4", "--code_shape=7x7x4"
    )
    assert "not allowed with" in message
