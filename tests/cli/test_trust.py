"""Every command that loads: a program is refused until it is trusted."""

import shutil

import pytest

from tests.files.test_trust import MARK, save_programs, write_file

pytestmark = pytest.mark.slow

OF_AUTOENCODERS = {
    "transfer": ("--autoencoder", "pair", "--target", "demo:digits", "--out", "out"),
    "assess": ("--autoencoder", "pair", "--target", "demo:digits", "--out", "out"),
    "pretrain": ("--init", "pair", "--source", "demo:digits", "--out", "out"),
}
OF_MODELS = {
    "generate": ("--model", "model", "--out", "out"),
    "evaluate": ("--model", "model", "--target", "demo:digits", "--out", "out"),
    "thaw": ("--model", "model", "--target", "demo:digits", "--out", "out"),
    "export": ("--model", "model", "--out", "out"),
    "explore": ("--model", "model", "--port", "0"),
}


@pytest.mark.parametrize("command", OF_AUTOENCODERS)
def test_an_autoencoder_that_is_a_program_is_refused(refused, tmp_path, command):
    save_programs(write_file(tmp_path / MARK), tmp_path / "pair")
    assert "--trust_saved_model" in refused(command, *OF_AUTOENCODERS[command])


@pytest.mark.parametrize("command", OF_MODELS)
def test_a_model_with_a_program_beside_it_is_refused(refused, model_folder, tmp_path, command):
    shutil.copytree(model_folder, tmp_path / "model")
    save_programs(write_file(tmp_path / MARK), tmp_path / "model/autoencoder")
    assert "card.json does not name" in refused(command, *OF_MODELS[command])


def test_trusted_it_is_taken(m2m, tmp_path):
    save_programs(write_file(tmp_path / MARK), tmp_path / "pair")
    flags = ("--autoencoder", "pair", "--target", "demo:digits", "--out", "out", "--num_images=60")
    result = m2m("assess", *flags, "--extractor=pixels", "--trust_saved_model")
    assert result.status == 0, result.err
    assert (tmp_path / MARK).read_text() == "file"
