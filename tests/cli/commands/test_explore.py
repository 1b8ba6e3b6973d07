"""`m2m explore`: what is refused before a page opens; the page itself is tested in a browser."""

import argparse
import json
import shutil
import socket

import pytest

from m2m_tf.cli.commands import explore
from m2m_tf.minds import Mind2Mind

pytestmark = pytest.mark.slow


def test_a_port_in_use_is_refused(refused, model_folder):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        said = refused("explore", "--model", model_folder, "--port", port)
    assert f"Cannot listen at 127.0.0.1, port {port}" in said


@pytest.mark.parametrize("port", ["-1", "65536", "http"])
def test_what_is_no_port_is_refused(refused, model_folder, port):
    said = refused("explore", "--model", model_folder, f"--port={port}")
    assert f"expected a port from 0 to 65535; got '{port}'" in said


def test_a_target_that_does_not_load_is_refused(refused, model_folder):
    said = refused("explore", "--model", model_folder, "--target", "gone", "--port", 0)
    assert "gone" in said


def test_a_target_that_the_run_names_and_that_is_gone_is_only_told(model_folder, tmp_path, capsys):
    shutil.copytree(model_folder, tmp_path / "model")
    (tmp_path / "metrics.json").write_text(json.dumps({"choices": {"target": "gone"}}))
    args = argparse.Namespace(target=None, model=str(tmp_path / "model"))
    assert explore.training_images(args, Mind2Mind.load(tmp_path / "model")) is None
    assert "Note: the target that metrics.json names does not load." in capsys.readouterr().out


def test_without_a_run_there_are_no_training_images(model_folder):
    args = argparse.Namespace(target=None, model=str(model_folder))
    assert explore.training_images(args, Mind2Mind.load(model_folder)) is None
