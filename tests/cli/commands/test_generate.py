"""`m2m generate` writes a grid, an animation or a folder, as the output's name says."""

import shutil

import numpy as np
import pytest
from PIL import Image

from m2m_tf.minds import Mind2Mind

pytestmark = pytest.mark.slow


@pytest.fixture
def generate(m2m, model_folder):
    """A function that generates with the fitted model."""
    return lambda *arguments: m2m("generate", "--model", model_folder, *arguments)


@pytest.fixture
def generate_refused(refused, model_folder):
    """A function that generates into a bad output and gives the one message."""
    return lambda *arguments: refused("generate", "--model", model_folder, *arguments)


def test_a_png_is_a_grid_of_the_images(generate, tmp_path):
    assert generate("--num", 9, "--out", "new/x.png").status == 0
    with Image.open(tmp_path / "new" / "x.png") as picture:
        assert picture.size == (92, 92)


def test_the_same_seed_gives_the_same_images_and_no_seed_new_ones(generate, tmp_path):
    for name, flags in {"a": ["--seed=1"], "b": ["--seed=1"], "c": [], "d": []}.items():
        assert generate("--num=4", "--out", f"{name}.png", *flags).status == 0
    read = {name: (tmp_path / f"{name}.png").read_bytes() for name in "abcd"}
    assert read["a"] == read["b"] and len(set(read.values())) == 3


def test_truncation_changes_the_images(generate, tmp_path):
    for share in ("0", "0.5", "1"):
        assert generate("--out", f"{share}.png", "--seed=1", "--truncation", share).status == 0
    assert generate("--out", "whole.png", "--seed=1").status == 0
    read = {path.stem: path.read_bytes() for path in tmp_path.glob("*.png")}
    assert read["1"] == read["whole"] and len(set(read.values())) == 3


@pytest.mark.parametrize("share", ["-0.1", "1.5", "nan", "half"])
def test_a_truncation_out_of_range_is_refused(generate_refused, share):
    said = generate_refused("--out", "x.png", f"--truncation={share}")
    assert f"expected a number from 0 to 1; got '{share}'" in said


def test_a_folder_gets_one_numbered_file_an_image(generate, tmp_path, model_folder):
    assert generate("--num=300", "--out", "new/", "--seed=5").status == 0
    paths = sorted((tmp_path / "new").iterdir())
    assert [path.name for path in paths] == [f"{index:06d}.png" for index in range(300)]
    images = Mind2Mind.load(model_folder).generate(300, seed=5)
    last = np.asarray(Image.open(paths[-1])).astype(float)
    assert np.abs(last - (images[-1, ..., 0] + 1) * 127.5).max() <= 1


@pytest.mark.parametrize("suffix", ["gif", "webp"])
def test_an_interpolation_is_an_animation_that_loops(generate, tmp_path, suffix):
    assert generate("--num=12", "--out", f"x.{suffix}", "--interpolate").status == 0
    with Image.open(tmp_path / f"x.{suffix}") as animation:
        assert 1 < animation.n_frames <= 12


def test_an_interpolation_can_be_a_grid_or_a_folder(generate, tmp_path):
    assert generate("--num=9", "--out", "x.png", "--interpolate").status == 0
    with Image.open(tmp_path / "x.png") as picture:
        assert picture.size == (92, 92)
    assert generate("--num=9", "--out", "x", "--interpolate").status == 0
    assert len(list((tmp_path / "x").iterdir())) == 9


def test_an_animation_of_separate_images_is_refused(generate_refused):
    assert "--interpolate" in generate_refused("--out", "x.gif")


def test_another_kind_of_file_is_refused(generate_refused):
    assert ".png, .gif or .webp" in generate_refused("--out", "x.jpg")


@pytest.mark.parametrize("out", ["x.png", "folder"])
def test_what_is_there_needs_overwrite(generate, generate_refused, tmp_path, out):
    (tmp_path / "folder").mkdir()
    for path in (tmp_path / "x.png", tmp_path / "folder" / "old.txt"):
        path.write_text("old")
    assert "--overwrite" in generate_refused("--num=2", "--out", out)
    assert generate("--num=2", "--out", out, "--overwrite").status == 0
    assert not (tmp_path / "folder" / "old.txt").exists() or out == "x.png"


def spoil(file):
    file.write_bytes(file.read_bytes()[:-1])


@pytest.mark.parametrize("damage", [lambda file: file.unlink(), spoil])
@pytest.mark.parametrize("name", ["model.keras", "card.json"])
def test_a_model_with_a_file_missing_or_changed_is_refused(
    refused, tmp_path, model_folder, name, damage
):
    shutil.copytree(model_folder, tmp_path / "model")
    damage(tmp_path / "model" / name)
    if (name, damage) == ("card.json", spoil):  # its last byte is a line end
        (tmp_path / "model" / name).write_text("{")
    message = refused("generate", "--model", "model", "--out", "x.png")
    assert message.startswith("m2m generate: ") and name in message


def test_a_model_that_is_not_there_is_refused(refused):
    assert "gone" in refused("generate", "--model", "gone", "--out", "x.png")
