"""`m2m transfer` and `m2m demo` leave pictures, a model and figures."""

import json
import shlex

import numpy as np
import pytest
from PIL import Image

from m2m_tf.autoencoders import presets
from m2m_tf.cli.commands.transfer import next_command
from m2m_tf.data import load
from m2m_tf.data.value_range import like
from m2m_tf.minds import Mind2Mind
from tests.cli.pictures_on_disk import truncate, write_digits, write_huge_png

pytestmark = pytest.mark.slow


@pytest.fixture
def transfer(m2m, tiny_autoencoder_folder):
    """A function that transfers for one epoch."""

    def run(target, *arguments):
        flags = ("--autoencoder", tiny_autoencoder_folder, "--target", target, "--epochs=1")
        return m2m("transfer", *flags, *arguments)

    return run


def test_the_next_command_is_written_as_a_shell_reads_it():
    command = next_command("my photos/", "runs/my own/", ["model/", "samples.png"])
    assert shlex.split(command) == [
        *("m2m", "evaluate", "--model", "runs/my own/model"),
        *("--target", "my photos/", "--out", "runs/my own_report"),
    ]
    evaluated = next_command("photos", "out", ["model/", "report.html"])
    assert evaluated == "m2m export --model out/model --out out_export"


def read_metrics(folder):
    return json.loads((folder / "metrics.json").read_text())


def test_bad_images_among_good_ones_are_skipped_counted_and_listed(transfer, tmp_path, digits):
    paths = write_digits(tmp_path / "images", digits, 62)
    truncate(paths[7])
    paths[20].write_text("no image")
    write_huge_png(tmp_path / "images" / "huge.png")
    result = transfer("images", "--batch_size=16", "--out", "out")
    assert result.status == 0, result.err
    skipped = {
        entry["file"]: entry["reason"] for entry in read_metrics(tmp_path / "out")["skipped"]
    }
    assert sorted(name.split("/")[-1] for name in skipped) == [
        "000007.png",
        "000020.png",
        "huge.png",
    ]
    assert all(skipped.values())
    assert "Skipped 3 of 63" in result.out
    assert "60 images are few" in result.out
    assert result.out.splitlines()[-2:] == [
        "Look at out/samples.png, and at out/comparison.png for what the autoencoder keeps",
        "Next: m2m evaluate --model out/model --target images --out out_report",
    ]
    assert read_metrics(tmp_path / "out")["sizes"]["images"] == 60


def test_colour_images_of_another_size_are_converted_and_that_is_said(transfer, tmp_path):
    colours = np.random.default_rng(0).integers(0, 256, (32, 40, 60, 3)).astype(np.uint8)
    np.save(tmp_path / "colours.npy", colours)
    result = transfer("colours.npy", "--image_size=28", "--batch_size=16", "--out", "out")
    assert result.status == 0, result.err
    metrics = read_metrics(tmp_path / "out")
    assert metrics["notes"] and metrics["choices"]["image_size"] == [28, 28]
    assert all(f"Note: {note}" in result.out for note in metrics["notes"])


def test_masks_are_read_as_the_note_says_that_mends_them(transfer, tmp_path, digits):
    masks = (digits[:60] > 0).astype("uint8")
    (tmp_path / "masks").mkdir()
    for index, mask in enumerate(masks[..., 0]):
        Image.fromarray(mask).save(tmp_path / "masks" / f"{index:02}.png")
    result = transfer("masks", "--batch_size=16", "--value_range=0,1", "--out", "out")
    assert result.status == 0, result.err
    assert read_metrics(tmp_path / "out")["choices"]["value_range"] == [0, 1]
    assert read_metrics(tmp_path / "out")["notes"] == []
    model = Mind2Mind.load(tmp_path / "out/model")
    assert model.trained_on["value_range"] == [0, 1]
    found = load(tmp_path / "masks", value_range=like(model.trained_on)).numpy()
    np.testing.assert_array_equal(found, masks * 2.0 - 1)


def test_a_mind_works_on_as_many_axes_as_are_asked_for(transfer, tmp_path, digits):
    np.save(tmp_path / "images.npy", digits[:200])
    result = transfer("images.npy", "--batch_size=50", "--axes=8", "--out", "out")
    assert result.status == 0, result.err
    assert read_metrics(tmp_path / "out")["choices"]["axes"] == 8
    assert Mind2Mind.load(tmp_path / "out/model").statistics.standard_shape == (8,)


def test_codes_that_are_kept_are_not_made_again_and_a_seed_gives_the_same_samples(
    transfer, tmp_path, digits
):
    np.save(tmp_path / "images.npy", digits[:32])
    flags = ("images.npy", "--batch_size=16", "--codes_dir", "codes", "--prior=normal", "--seed=1")
    assert transfer(*flags, "--out", "first").status == 0
    again = transfer(*flags, "--out", "second")
    assert "nothing was encoded" in again.out
    assert read_metrics(tmp_path / "second")["codes_from_cache"]
    first, second = ((tmp_path / name / "samples.png").read_bytes() for name in ("first", "second"))
    assert first == second


def test_auto_takes_the_preset_that_promises_most(m2m, tmp_path, digits):
    np.save(tmp_path / "images.npy", digits[:200])
    flags = ("--target", "images.npy", "--batch_size=64", "--epochs=1", "--out", "out")
    result = m2m("transfer", "--autoencoder=auto", *flags)
    assert result.status == 0, result.err
    predictions = [line for line in result.out.splitlines() if "predicted frechet_distance" in line]
    fitting = [card for card in presets().values() if card["image_shape"] == [28, 28, 1]]
    assert len(predictions) == len(fitting) == 3
    best = predictions[0].split(":")[0].strip()
    assert f"Taking {best}" in result.out
    assert json.loads((tmp_path / "out" / "model" / "card.json").read_text())["autoencoder"] == best


def test_auto_is_refused_where_no_preset_takes_the_size(refused, tmp_path, digits):
    np.save(tmp_path / "images.npy", digits[:40, 4:24, 4:24])
    flags = ("--autoencoder=auto", "--target", "images.npy", "--out", "out")
    assert "--image_size=28x28" in refused("transfer", *flags)
