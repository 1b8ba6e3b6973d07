"""Pretraining, from images to a folder that loads."""

import _thread
import json
import threading
import time

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

import m2m_tf as m2m

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


def test_a_run_that_was_cut_off_goes_on_from_its_last_whole_epoch(images, tmp_path, capsys):
    out = tmp_path / "cut"

    def cut():
        while not (out / "training" / "state.json").is_file():
            time.sleep(0.01)
        _thread.interrupt_main()

    threading.Thread(target=cut, daemon=True).start()
    with pytest.raises(KeyboardInterrupt):
        m2m.pretrain(images, out, epochs=4, **SETTINGS, verbose=0)
    done = json.loads((out / "training" / "state.json").read_text())["epoch"]
    assert 1 <= done < 4
    with pytest.raises(ValueError, match="unfinished run with other settings .*learning_rate"):
        m2m.pretrain(images, out, epochs=4, **SETTINGS, learning_rate=1e-4, verbose=0)
    with pytest.raises(ValueError, match="there is no card.json"):
        m2m.Autoencoder.load(out)
    capsys.readouterr()
    m2m.pretrain(images, out, epochs=4, **SETTINGS, verbose=2)
    shown = capsys.readouterr().out
    assert f"Epoch {done}/4" not in shown and f"Epoch {done + 1}/4" in shown
    assert "Epoch 4/4" in shown
    assert m2m.Autoencoder.load(out).card["epochs"] == 4


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
