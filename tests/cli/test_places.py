"""Commands in places where programs stumble: odd names, a reader that left, another file system."""

import json
import os
import tempfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.cli.processes import fork_m2m, start_m2m

pytestmark = pytest.mark.slow

SHARED = Path("/dev/shm")  # noqa: S108 - memory, not the disk
FEW = ("--epochs", 1, "--batch_size", 16)


@pytest.fixture
def emoji_folder(emoji, tmp_path):
    """A function that writes images into a folder of a name, one of them under a name given."""

    def write(folder, name):
        (tmp_path / folder).mkdir()
        for number, image in enumerate(np.round((emoji[:60] + 1) * 127.5).astype("uint8")):
            Image.fromarray(image).save(
                tmp_path / folder / (name if not number else f"{number}.png")
            )
        return tmp_path / folder

    return write


def end_well(process):
    out, err = process.communicate()
    assert process.returncode == 0, err
    return out


def test_names_of_two_lines_go_the_whole_way(emoji_folder, tmp_path):
    target, run = emoji_folder("ph\noto", "a\nb.png"), tmp_path / "r\nun"
    small = ("--image_size", 32)
    assert "60 images" in end_well(fork_m2m("look", target))
    end_well(fork_m2m("transfer", "--target", target, *small, *FEW, "--out", run))
    end_well(fork_m2m("generate", "--model", run / "model", "--out", tmp_path / "a\nb.png"))
    assert (tmp_path / "a\nb.png").is_file()


def test_without_a_locale_names_of_any_letters_are_read_and_written(emoji_folder, tmp_path):
    target, out = emoji_folder("bücher", "hübsch ☃.png"), tmp_path / "gemälde"
    (target / "kaputt ä.png").write_bytes(b"no picture")
    environment = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    small = ("--image_size", 32, *FEW, "--out", out)
    end_well(start_m2m("transfer", "--target", target, *small, configure=environment))
    [skipped] = json.loads((out / "metrics.json").read_text(encoding="utf-8"))["skipped"]
    assert skipped["file"] == "kaputt ä.png"


@pytest.mark.parametrize("command", ["generate", "evaluate", "look"])
def test_a_reader_that_left_costs_one_sentence(model_folder, tmp_path, command):
    few = ("--extractor", "pixels", "--num_images", 60)
    flags = {
        "generate": ("--model", model_folder, "--out", tmp_path / "new.png"),
        "evaluate": ("--model", model_folder, "--target", "demo:digits", *few),
        "look": ("demo:digits",),
    }[command]
    flags += ("--out", tmp_path / "report") if command == "evaluate" else ()
    process = fork_m2m(command, *flags)
    process.stdout.close()
    process.wait()
    assert process.returncode in (0, 4)
    err = process.read_errors()
    assert "Traceback" not in err and len(err.splitlines()) <= 1
    assert not (tmp_path / "report").exists() or process.returncode == 0


def test_another_file_system_takes_what_is_made_in_a_temporary_folder(model_folder, tmp_path):
    if not SHARED.is_dir() or SHARED.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip(f"{SHARED} is no other file system than {tmp_path}")
    with tempfile.TemporaryDirectory(dir=SHARED) as folder:
        end_well(fork_m2m("generate", "--model", model_folder, "--out", f"{folder}/new/"))
        end_well(fork_m2m("export", "--model", model_folder, "--out", f"{folder}/exports"))
        assert Path(folder, "exports", "1", "saved_model.pb").is_file()
        assert len(os.listdir(Path(folder, "new"))) == 64 and len(os.listdir(folder)) == 2
