"""Each command leaves an output alone that another process makes."""

import pytest

from m2m_tf.files.output_folder import locked_output

EARLY = {  # refused before they load anything
    "evaluate": ("--model", "gone", "--target", "demo:digits"),
    "assess": ("--target", "demo:digits"),
    "thaw": ("--model", "gone", "--target", "demo:digits"),
    "pretrain": ("--source", "demo:digits"),
}
HELD = "Another process is at work on this output"


@pytest.mark.parametrize("overwrite", [(), ("--overwrite",)], ids=["", "overwrite"])
@pytest.mark.parametrize("command", EARLY)
def test_it_is_refused_before_anything_is_loaded(refused, tmp_path, command, overwrite):
    with locked_output(tmp_path / "out"):
        assert HELD in refused(command, *EARLY[command], "--out", "out", *overwrite)


@pytest.mark.slow
@pytest.mark.parametrize("overwrite", [(), ("--overwrite",)], ids=["", "overwrite"])
@pytest.mark.parametrize("command", ["generate", "export", "transfer", "demo"])
def test_it_is_refused_before_anything_is_written(
    refused, tmp_path, model_folder, tiny_autoencoder_folder, command, overwrite
):
    start = ("--autoencoder", tiny_autoencoder_folder)
    flags = {
        "generate": ("--model", model_folder, "--out", "out/"),
        "export": ("--model", model_folder, "--out", "."),
        "transfer": (*start, "--target", "demo:digits", "--out", "out"),
        "demo": (*start, "--out", "out"),
    }
    with locked_output(tmp_path / ("1" if command == "export" else "out")):
        assert HELD in refused(command, *flags[command], *overwrite)


@pytest.mark.slow
def test_a_file_is_refused_before_it_is_written(refused, tmp_path, model_folder):
    with locked_output(tmp_path / "out.png"):
        assert HELD in refused("generate", "--model", model_folder, "--out", "out.png")
