"""`--autoencoder hf://...`: fetched, used, on the card; or one sentence that says what to do."""

import hashlib

import pytest

from m2m_tf.minds import Mind2Mind
from tests.autoencoders.pairs.drawn_tiny import EMOJI, one_dictionary
from tests.autoencoders.pairs.hub_server import COMMIT, serve_hub
from tests.cli.conftest import tree
from tests.cli.processes import fork_m2m
from tests.extras import module_of

HANDLE = "hf://some/taesd"


@pytest.fixture(scope="module")
def weights():
    """A file of drawn weights in diffusers' layout."""
    return module_of("hub", "safetensors.numpy").save(one_dictionary("taesd"))


def transfer(tmp_path, handle, environment, *flags):
    """Runs a short transfer to emoji of 32x32 in a process of its own."""
    process = fork_m2m(
        *("transfer", "--autoencoder", handle, "--target", EMOJI, "--out", tmp_path / "out"),
        *("--image_size=32", "--epochs=1", "--batch_size=16", *flags),
        configure={"HF_HOME": str(tmp_path / "home"), **environment},
    )
    _, errors = process.communicate()
    return process.returncode, errors


@pytest.mark.slow
def test_a_handle_becomes_a_model_and_is_taken_from_the_cache_the_next_time(tmp_path, weights):
    with serve_hub({"some/taesd/diffusion_pytorch_model.safetensors": weights}) as (address, _):
        status, errors = transfer(tmp_path, HANDLE, {"HF_ENDPOINT": address})
    assert status == 0, errors
    card = Mind2Mind.load(tmp_path / "out" / "model").autoencoder.card
    digest = hashlib.sha256(weights).hexdigest()
    assert card["source_files"]["weights"]["sha256"] == digest
    assert (card["handle"], card["revision"], card["family"]) == (HANDLE, COMMIT, "taesd")
    assert card["licence"] == "not stated"  # by another owner than the authors
    status, errors = transfer(tmp_path, HANDLE, {"HF_HUB_OFFLINE": "1"}, "--overwrite")
    assert status == 0, errors


@pytest.mark.slow
def test_without_a_network_it_is_said_what_to_fetch_by_hand(tmp_path):
    before = tree(tmp_path)
    status, errors = transfer(tmp_path, "hf://madebyollin/taef1", {"HF_HUB_OFFLINE": "1"})
    (message,) = [line for line in errors.splitlines() if line.startswith("m2m")]
    assert status == 2 and "Traceback" not in errors and tree(tmp_path) == before
    assert "fetch diffusion_pytorch_model.safetensors of madebyollin/taef1 by hand" in message
    assert "m2m.Autoencoder.from_tiny('taef1', weights=" in message


def test_a_size_that_the_family_cannot_take_is_refused_before_anything_is_fetched(refused):
    flags = ("--target", EMOJI, "--image_size=60x64", "--out", "out")
    message = refused("transfer", "--autoencoder", HANDLE, *flags)
    assert "56x64 or 64x64" in message and "--image_size=64x64" in message
    message = refused("assess", "--autoencoder", HANDLE, *flags)
    assert "56x64 or 64x64" in message


def test_an_unknown_family_is_refused_and_near_names_are_offered(refused):
    message = refused("demo", "--autoencoder", "hf://some/taesdx", "--out", "out")
    assert "Did you mean 'taesdxl' or 'taesd'" in message
