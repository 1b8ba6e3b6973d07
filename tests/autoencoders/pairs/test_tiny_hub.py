"""Handles: fetched once from a server that answers as Hugging Face's does, then from its cache."""

import sys
from pathlib import Path

import pytest

from m2m_tf.autoencoders.pairs.tiny_hub import facts_of_handle, family_of_handle, fetch_tiny
from tests.autoencoders.pairs.hub_server import COMMIT, serve_hub
from tests.extras import module_of

FILES = {
    "some/taef1/diffusion_pytorch_model.safetensors": b"one",
    "some/taef2/taef2.safetensors": b"two",
    "some/taesana/taesana_encoder.pth": b"three",
    "some/taesana/taesana_decoder.pth": b"four",
}


@pytest.fixture(scope="module")
def hub():
    module_of("hub", "huggingface_hub")
    with serve_hub(FILES) as (address, asked):
        yield address, asked


@pytest.mark.parametrize("revision", ["", "@main", f"@{COMMIT}"])
def test_diffusers_file_is_fetched_with_its_revision(hub, tmp_path, revision):
    files, commit = fetch_tiny(f"hf://some/taef1{revision}", endpoint=hub[0], cache_dir=tmp_path)
    assert Path(files["weights"]).read_bytes() == b"one" and commit == COMMIT


def test_each_family_has_its_own_files(hub, tmp_path):
    files, _ = fetch_tiny("hf://some/taef2", endpoint=hub[0], cache_dir=tmp_path)
    assert Path(files["weights"]).read_bytes() == b"two"
    files, _ = fetch_tiny("hf://some/taesana", endpoint=hub[0], cache_dir=tmp_path)
    assert [Path(files[part]).read_bytes() for part in ("encoder", "decoder")] == [
        b"three",
        b"four",
    ]


def test_what_the_cache_has_is_not_asked_for_again(hub, tmp_path):
    address, asked = hub
    first = fetch_tiny("hf://some/taef1", endpoint=address, cache_dir=tmp_path)
    asked.clear()
    assert fetch_tiny("hf://some/taef1", endpoint=address, cache_dir=tmp_path) == first
    assert asked == []


def test_a_repository_that_is_not_there_is_told_what_to_fetch_by_hand(hub, tmp_path):
    expected = (
        "'hf://nobody/taesd' cannot be fetched .*404.*: fetch diffusion_pytorch_model.safetensors "
        r"of nobody/taesd by hand, then m2m.Autoencoder.from_tiny\('taesd', "
        r"weights='diffusion_pytorch_model.safetensors', .*\)"
    )
    with pytest.raises(ValueError, match=expected):
        fetch_tiny("hf://nobody/taesd", endpoint=hub[0], cache_dir=tmp_path)


def test_both_files_are_named_where_there_are_two(hub, tmp_path):
    expected = "fetch taesana_encoder.pth and taesana_decoder.pth .* encoder='taesana_encoder.pth',"
    with pytest.raises(ValueError, match=expected):
        fetch_tiny("hf://nobody/taesana", endpoint=hub[0], cache_dir=tmp_path)


@pytest.mark.parametrize("handle", ["hf://taef1", "hf://a/b/taef1", "hf://a/taef1@", "hf://a b/c"])
def test_what_is_no_handle_is_refused(handle):
    with pytest.raises(ValueError, match="Expected a handle hf://OWNER/FAMILY"):
        family_of_handle(handle)


def test_a_handle_of_no_family_is_refused():
    with pytest.raises(ValueError, match="no family 'taef3'.*Did you mean 'taef2' or 'taef1'"):
        family_of_handle("hf://madebyollin/taef3")


def test_the_authors_licence_is_not_said_of_another_owners_weights():
    assert facts_of_handle("hf://madebyollin/taef1") == {"handle": "hf://madebyollin/taef1"}
    facts = facts_of_handle("hf://some/taef1@main")
    assert facts["licence"] == "not stated" and "some/taef1" in facts["data"]


def test_without_huggingface_hub_it_is_said_how_to_install_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "huggingface_hub", None)
    with pytest.raises(ValueError, match=r'pip install "m2m_tf\[hub\]"'):
        fetch_tiny("hf://madebyollin/taef1")
