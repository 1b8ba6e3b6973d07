"""Pretraining, from images to a folder that loads."""

import json
import shutil
import warnings
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

import m2m_tf as m2m
from m2m_tf.files.checkpoint_folder import CheckpointFolder
from m2m_tf.files.lock import exclusive_lock

pytestmark = pytest.mark.slow

SETTINGS = {"code_shape": (8,), "width": 2, "batch_size": 50, "augment": 0}
FURTHER = {"batch_size": 50, "augment": 0, "learning_rate": 1e-4, "verbose": 0}
AUGMENTED = {**SETTINGS, "augment": 0.2}


@pytest.fixture(scope="module")
def images(digits):
    """The middles of 300 real digits, `(300, 16, 16, 1)`: a size that trains fast."""
    return digits[:300, 6:22, 6:22]


@pytest.fixture(scope="module")
def run(images, tmp_path_factory):
    """A finished run of two epochs on 300 digits: (folder, autoencoder, card)."""
    folder = tmp_path_factory.mktemp("pretrained") / "mine"
    autoencoder = m2m.pretrain(
        images, folder, epochs=2, **AUGMENTED, verbose=0, data="digits", licence="MIT"
    )
    return folder, autoencoder, json.loads((folder / "card.json").read_text())


@pytest.fixture
def eagerly():
    """A function that runs another step by step: for few steps, tracing takes longer."""

    def run(function, *arguments, **settings):
        tf.config.run_functions_eagerly(True)
        try:
            return function(*arguments, **settings)
        finally:
            tf.config.run_functions_eagerly(False)

    return run


def test_the_folder_holds_the_pair_its_card_and_a_picture_and_no_more(run):
    folder, _, _ = run
    names = sorted(path.name for path in folder.iterdir())
    assert names == ["card.json", "decoder.keras", "encoder.keras", "reconstructions.png"]
    with Image.open(folder / "reconstructions.png") as picture:
        assert picture.width >= 16 * 2 * 16


def test_the_folder_loads_as_the_autoencoder_returned(run, images):
    folder, autoencoder, _ = run
    loaded = m2m.Autoencoder.load(folder)
    assert loaded.name == autoencoder.name == "mine"
    np.testing.assert_array_equal(loaded.encode(images[:10]), autoencoder.encode(images[:10]))


def test_the_card_says_how_it_was_made(run):
    _, autoencoder, card = run
    expected = {**AUGMENTED, "epochs": 2, "seed": 0, "data": "digits", "licence": "MIT"}
    assert card["code_shape"] == list(expected.pop("code_shape"))
    assert {key: card[key] for key in expected} == expected
    assert card["versions"].keys() == {"keras", "tensorflow"}
    assert card["held_out_images"] == 30
    assert autoencoder.card["held_out_mse"] == card["held_out_mse"]


def test_the_held_out_error_is_that_of_images_it_was_not_trained_on(run, images):
    _, autoencoder, card = run
    held_out = images[270:300]
    error = np.mean((autoencoder.decode(autoencoder.encode(held_out)) - held_out) ** 2)
    assert error == pytest.approx(card["held_out_mse"], rel=1e-3)


def test_training_beats_the_components_it_starts_from(digits, tmp_path):
    settings = {"code_shape": (16,), "width": 4, "augment": 0, "epochs": 1, "verbose": 0}
    card = m2m.pretrain(digits, tmp_path / "tiny", **settings).card
    assert card["held_out_mse"] < card["pca_held_out_mse"]


def test_a_held_out_set_and_a_size_of_ones_own_are_used(images, tmp_path, eagerly):
    sets = images[:100], tmp_path / "a", images[100:160]
    autoencoder = eagerly(m2m.pretrain, *sets, **SETTINGS, epochs=1, image_size=8, verbose=0)
    assert autoencoder.card["held_out_images"] == 60
    assert autoencoder.image_shape == (8, 8, 1)


CUT = {
    **AUGMENTED,
    "epochs": 3,
    "batch_size": 45,
    "window": 12,
    "verbose": 0,
    "loss": m2m.ReconstructionLoss(adversarial_weight=0.01, code_noise=0.1),
}


@pytest.fixture(scope="module")
def cut_off(images, tmp_path_factory):
    """A folder whose training was cut off twice, and how one ends that was not: (folder, pair)."""
    folder = tmp_path_factory.mktemp("cut")
    write = CheckpointFolder.write

    def write_and_cut(checkpoints, number, *content):
        write(checkpoints, number, *content)
        if number in (1, 2):
            raise KeyboardInterrupt

    tf.config.run_functions_eagerly(True)
    with pytest.MonkeyPatch.context() as patch:
        whole = m2m.pretrain(images[:100], folder / "whole", **CUT)
        patch.setattr(CheckpointFolder, "write", write_and_cut)
        for _ in range(2):
            with pytest.raises(KeyboardInterrupt):
                m2m.pretrain(images[:100], folder / "cut", **CUT)
    tf.config.run_functions_eagerly(False)
    return folder / "cut", whole


@pytest.fixture
def cut(cut_off, tmp_path):
    """A copy of that folder."""
    return Path(shutil.copytree(cut_off[0], tmp_path / "cut"))


def assert_same(pair, whole):
    for name in ("encoder", "decoder"):
        ours, theirs = (getattr(each, name).get_weights() for each in (pair, whole))
        for each, other in zip(ours, theirs, strict=True):
            np.testing.assert_array_equal(each, other)


def test_a_run_cut_off_twice_ends_bit_for_bit_as_one_that_was_not(
    cut, cut_off, images, eagerly, capsys
):
    with pytest.raises(ValueError, match="there is no card.json"):
        m2m.Autoencoder.load(cut)
    ended = eagerly(m2m.pretrain, images[:100], cut, **{**CUT, "verbose": 2})
    shown = capsys.readouterr().out
    assert "Epoch 3/3" in shown and "Epoch 2/3" not in shown
    assert_same(ended, cut_off[1])
    cards = [{**each.card, "seconds": 0, "name": ""} for each in (ended, cut_off[1])]
    assert cards[0] == cards[1]
    assert_same(m2m.Autoencoder.load(cut), ended)
    assert not (cut / "training").exists()


@pytest.mark.parametrize("damage", ["card.json", "state.npz"])
def test_after_damage_it_goes_on_from_the_epoch_before(cut, cut_off, images, eagerly, damage):
    (cut / "training" / "epoch-00000002" / damage).write_text("{}")
    with warnings.catch_warnings(record=True) as said:  # Keras has some of its own
        warnings.simplefilter("always")
        ended = eagerly(m2m.pretrain, images[:100], cut, **CUT)
    assert any("epoch-00000002' is damaged" in str(each.message) for each in said)
    assert_same(ended, cut_off[1])


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"learning_rate": 1e-4}, "learning_rate: 0.001 there, 0.0001 now"),
        ({"image_size": 16}, r"image_size: None there, \[16, 16\] now"),
        ({"resize": "lanczos"}, "resize: 'area' there, 'lanczos' now"),
        ({"fit": "pad"}, "fit: 'crop' there, 'pad' now"),
        ({"held_out": "the source"}, "held_out_share: 0.1 there, None now"),
        ({"source": 1}, r"\(source: '.{32}' there, '.{32}' now\)"),
        ({"source": 200}, "source: .* there, .*; held_out: .* there"),
    ],
)
def test_another_source_or_setting_is_refused_with_what_differs(cut, images, changed, said):
    source, settings = images[:100], {**CUT, **changed}
    if "held_out" in changed:
        settings["held_out"] = source
    if settings.pop("source", None) == 1:
        source = np.concatenate([images[1:91], images[90:100]])  # with the same held out
    elif "source" in changed:
        source = images[200:]
    before = sorted(cut.rglob("epoch*/*"))
    with pytest.raises(ValueError, match=said):
        m2m.pretrain(source, cut, **settings)
    assert sorted(cut.rglob("epoch*/*")) == before


def test_what_was_trained_is_there_until_the_result_is(cut, cut_off, images, eagerly, capsys):
    (cut / "card.json").mkdir()  # so that the last file cannot be written
    with pytest.raises(OSError):
        eagerly(m2m.pretrain, images[:100], cut, **CUT)
    (cut / "card.json").rmdir()
    capsys.readouterr()
    ended = eagerly(m2m.pretrain, images[:100], cut, **{**CUT, "verbose": 2})
    assert "Epoch" not in capsys.readouterr().out
    assert_same(ended, cut_off[1])
    names = sorted(path.name for path in cut.iterdir())
    assert names == ["card.json", "decoder.keras", "encoder.keras", "reconstructions.png"]


def test_a_second_process_is_refused(cut, images):
    with exclusive_lock(cut / "training"):
        with pytest.raises(ValueError, match="Another process is at work on this run"):
            m2m.pretrain(images[:100], cut, **CUT)


def test_a_training_that_diverges_is_said_and_nothing_is_written(images, tmp_path, eagerly):
    settings = {**SETTINGS, "epochs": 1, "batch_size": 30, "learning_rate": 1e30, "verbose": 0}
    with pytest.raises(ValueError, match="diverged at learning_rate=1e\\+30"):
        eagerly(m2m.pretrain, images[:70], tmp_path / "a", **settings)
    assert list(tmp_path.iterdir()) == []


def test_fewer_images_than_a_batch_are_refused_and_nothing_is_written(images, tmp_path):
    with pytest.raises(ValueError, match="at least one batch of 50 images; got 36"):
        m2m.pretrain(images[:40], tmp_path / "a", **SETTINGS)
    assert list(tmp_path.iterdir()) == []


def test_fewer_images_than_components_are_refused_and_nothing_is_written(images, tmp_path):
    with pytest.raises(ValueError, match="A code of 64 expects at least as many"):
        m2m.pretrain(images[:60], tmp_path / "a", code_shape=(64,), batch_size=20)
    assert list(tmp_path.iterdir()) == []


def test_a_source_of_a_size_outside_the_family_is_refused(images, tmp_path):
    with pytest.raises(ValueError, match="multiples of 4"):
        m2m.pretrain(images[:100, :15], tmp_path / "a", **SETTINGS)
    assert list(tmp_path.iterdir()) == []


def test_training_goes_on_from_the_weights_of_another(run, images, tmp_path, eagerly):
    folder, start, _ = run
    held_out = images[270:]
    out = tmp_path / "on"
    autoencoder = eagerly(m2m.pretrain, images, out, init=folder, epochs=1, **FURTHER)
    error = np.mean((start.decode(start.encode(held_out)) - held_out) ** 2)
    assert autoencoder.card["start_held_out_mse"] == pytest.approx(error, rel=1e-3)
    assert autoencoder.code_shape == start.code_shape
    assert autoencoder.card["held_out_mse"] < 1.05 * error
    assert [point["crops"] for point in autoencoder.card["curve"]] == [250, 500, 750]
    assert autoencoder.card["curve"][-1]["mse"] == pytest.approx(
        autoencoder.card["held_out_mse"], abs=1e-5
    )
    assert autoencoder.fingerprint != start.fingerprint


def test_a_universal_one_learns_through_windows_and_takes_any_size(emoji, tmp_path, eagerly):
    large = np.tile(emoji[:20], (1, 2, 2, 1))  # 128x128
    autoencoder = m2m.pretrain(
        large,
        tmp_path / "universal",
        architecture="universal",
        window=32,
        code_shape=(4, 4, 8),
        epochs=1,
        batch_size=6,
        loss=m2m.ReconstructionLoss(equivariance=0.2, absolute_weight=0.1),
        verbose=0,
    )
    assert autoencoder.image_shape == (32, 32, 3)
    assert autoencoder.card["window"] == [32, 32]
    loaded = m2m.Autoencoder.load(tmp_path / "universal", image_shape=(64, 48, 1))
    assert loaded.code_shape == (8, 6, 8)
    settings = {"init": tmp_path / "universal", "epochs": 1, "batch_size": 6, "verbose": 0}
    further = eagerly(m2m.pretrain, emoji[:20], tmp_path / "on", **settings)
    assert further.image_shape == (64, 64, 3)
    assert further.code_shape == (8, 8, 8)


def test_a_start_that_does_not_fit_is_refused_and_nothing_is_written(run, images, tmp_path):
    folder, _, _ = run
    for start, size, message in (
        (folder, 12, "its weights do not fit images of"),
        ("universl", 16, "There is no preset 'universl'"),
        (tmp_path / "none", 16, "which is no folder"),
    ):
        with pytest.raises(ValueError, match=message):
            m2m.pretrain(images, tmp_path / "a", init=start, image_size=size, **FURTHER)
    assert list(tmp_path.iterdir()) == []


def test_a_window_larger_than_the_images_is_refused_and_nothing_is_written(images, tmp_path):
    with pytest.raises(ValueError, match="which are 16x16; got 32x32"):
        m2m.pretrain(images, tmp_path / "a", window=32, **SETTINGS)
    assert list(tmp_path.iterdir()) == []


def test_numbers_of_numpy_are_taken_and_written_down(images, tmp_path):
    whole = {"width": np.int64(2), "epochs": np.int64(1), "batch_size": np.int64(50)}
    loss = m2m.ReconstructionLoss(absolute_weight=np.float32(0.5))
    parts = {"learning_rate": np.float32(0.001), "augment": np.float32(0), "seed": np.int64(2)}
    settings = {**whole, **parts, "code_shape": np.array([8]), "loss": loss, "verbose": 0}
    card = m2m.pretrain(images[:100], tmp_path / "mine", **settings).card
    found = [card[name] for name in ("code_shape", "epochs", "absolute_weight", "seed")]
    assert found == [[8], 1, 0.5, 2]


@pytest.mark.parametrize(
    "bad", [{"epochs": 0}, {"batch_size": 2.5}, {"learning_rate": 0}, {"augment": 2}, {"seed": -1}]
)
def test_a_setting_out_of_range_is_refused_before_anything_is_written(images, tmp_path, bad):
    with pytest.raises(ValueError, match=next(iter(bad))):
        m2m.pretrain(images, tmp_path / "mine", **bad)
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_a_range_is_how_images_are_read_and_no_fact(digits, tmp_path):
    pixels = ((digits[:200] + 1) * 20).astype("uint8")  # 0 to 40
    settings = {"epochs": 1, "batch_size": 50, "verbose": 0, "code_shape": (8,), "width": 4}
    given = m2m.pretrain(pixels, tmp_path / "given", value_range=(0, 40), **settings)
    scaled = m2m.pretrain((pixels / 20.0 - 1).astype("float32"), tmp_path / "scaled", **settings)
    assert "value_range" not in given.card
    assert given.card["held_out_mse"] == pytest.approx(scaled.card["held_out_mse"], rel=1e-3)
    with pytest.raises(ValueError, match="value_range is 'auto', or the values"):
        m2m.pretrain(pixels, tmp_path / "bad", value_range="0,40", **settings)
    assert not (tmp_path / "bad").exists()
