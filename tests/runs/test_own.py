"""An autoencoder of a target's own is trained without what is held out, kept, and taken if good."""

import json
import signal
import time

import numpy as np
import pytest

import m2m_tf as m2m
from m2m_tf.codes import held_out_rows
from m2m_tf.runs import own
from m2m_tf.runs.own import plan_of, pretrain_own
from tests.cli.processes import fork_m2m
from tests.conftest import FIXTURES

TARGET = str(FIXTURES / "emoji")
FEW = 6
SETTINGS = {"image_size": 32, "epochs": 1, "batch_size": 16, "verbose": 0}


@pytest.mark.parametrize(
    ("count", "shape", "epochs", "window"),
    [
        (4_000, (64, 64, 3), 6, None),
        (50, (64, 64, 3), 30, None),  # not for ever where images are few
        (100_000, (256, 256, 3), 3, (64, 64)),  # a part of so many, and of each of them
        (8_000, (32, 128, 3), 3, (32, 64)),
    ],
)
def test_a_few_minutes_are_as_many_epochs_as_the_images_leave(count, shape, epochs, window):
    plan = plan_of(count, shape)
    assert plan["epochs"] == epochs and plan.get("window") == window


@pytest.fixture(scope="module")
def images():
    return m2m.data.load(TARGET, image_size=32)


@pytest.fixture
def short(monkeypatch):
    """One pass over the images."""
    monkeypatch.setattr(own, "MOST_EPOCHS", 1)


def take_few():
    """A few passes, in the process that is forked."""
    own.MOST_EPOCHS = FEW


def test_what_the_run_holds_out_is_never_trained_on(images):
    train, held_out = own._split(images, 0.2, 0)
    pixels = np.round((images.numpy() + 1) * 127.5).astype("uint8")
    unseen = held_out_rows(images.count, 0.2)
    np.testing.assert_array_equal(train, pixels[~unseen])
    np.testing.assert_array_equal(held_out, pixels[unseen])


def test_grey_images_are_seen_in_colour_and_many_are_a_part(digits, monkeypatch):
    monkeypatch.setattr(own, "MOST_IMAGES", 40)
    monkeypatch.setattr(own, "MOST_HELD_OUT", 7)
    train, held_out = own._split(m2m.data.load(digits[:100], image_size=32), 0.3, 0)
    assert train.shape == (40, 32, 32, 3) and held_out.shape == (7, 32, 32, 3)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A transfer with an autoencoder of its own, that was trained for a few passes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(own, "MOST_EPOCHS", FEW)
        out = tmp_path_factory.mktemp("own") / "run"
        return m2m.transfer(TARGET, out, "own", validation_split=0.2, **SETTINGS)


def facts_of(run):
    return json.loads(run.paths["metrics.json"].read_text())["autoencoder"]


@pytest.mark.slow
def test_a_transfer_with_its_own_trains_keeps_and_evaluates(run):
    facts, out = facts_of(run), run.paths["model"].parent
    assert facts["name"] == "own" and facts["held_out_images"] == held_out_rows(79, 0.2).sum()
    assert facts["held_out_mse"] < facts["held_out_mse_before"]
    assert f"to {facts['held_out_mse']:.4f}" in facts["note"]
    kept = m2m.Autoencoder.load(run.paths["autoencoder"], image_shape=(32, 32, 3))
    some = run.images.numpy(3)
    np.testing.assert_allclose(
        kept.encode(some), run.model.autoencoder.encode(some), rtol=1e-3, atol=1e-3
    )
    report = json.loads(run.paths["report.json"].read_text())
    assert report["autoencoder"] == "own" and facts["note"] in report["notes"]
    assert set(run.paths) == {path.name for path in out.iterdir()}
    assert [path.name for path in out.parent.iterdir()] == ["run"]


@pytest.mark.slow
def test_where_the_error_does_not_fall_the_universal_one_is_taken(
    images, short, monkeypatch, tmp_path, capsys
):
    monkeypatch.setattr(own, "STEP", {"batch_size": 16, "learning_rate": 0.3})
    found = pretrain_own(images, tmp_path / "autoencoder", 0.0, verbose=2)
    assert found.after > found.before
    assert found.autoencoder.name == "universal" and found.folder is None
    said = f"did no good: the error of {found.held_out} held-out images was {found.before:.4f}"
    assert said in capsys.readouterr().out and said in found.facts["note"]


@pytest.mark.slow
def test_what_was_trained_is_not_trained_again(images, run, capsys):
    again = pretrain_own(images, run.paths["autoencoder"], 0.2, verbose=2)
    assert "Training universal" not in capsys.readouterr().out
    assert again.autoencoder.fingerprint == run.model.autoencoder.fingerprint
    assert again.facts == facts_of(run)


@pytest.mark.slow
def test_killed_while_its_autoencoder_trains_it_goes_on_after_the_last_whole_epoch(tmp_path):
    arguments = ["transfer", "--autoencoder", "own", "--target", TARGET, "--image_size", 32]
    arguments += ["--epochs", 1, "--batch_size", 16, "--out", tmp_path / "run"]
    training = tmp_path / ".run.unfinished" / "autoencoder" / "training"
    process = fork_m2m(*arguments, before=take_few)
    while not (training / "epoch-00000001").exists() and process.poll() is None:
        time.sleep(0.002)
    assert process.poll() is None, process.communicate()[1]
    process.kill()
    assert process.wait() == -signal.SIGKILL
    trained = int(max(path.name for path in training.glob("epoch-*"))[-8:])
    process = fork_m2m(*arguments, before=take_few)
    out, err = process.communicate()
    assert process.returncode == 0, err
    assert f"Epoch {trained + 1}/{FEW}" in out and f"Epoch {trained}/{FEW}" not in out
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_a_size_that_the_universal_one_does_not_take_is_refused_with_the_nearest(refused):
    message = refused("transfer", "--autoencoder", "own", "--target", "demo:digits", "--out", "run")
    assert "28" in message and "32" in message


def test_the_command_that_mends_reads_the_values_as_the_run_did():
    loading = {"image_size": None, "fit": "crop"}
    plain = own.how_to_mend("masks", 200, (64, 64, 1), loading)
    given = own.how_to_mend("masks", 200, (64, 64, 1), {**loading, "value_range": (0.0, 1.0)})
    assert "value_range" not in plain and "--value_range=0,1 " in given
