"""What killed commands left is found and removed; what lives, and what is a stranger's, stays."""

import json
import os
import signal
import tempfile
import time
from pathlib import Path

import numpy as np
import pytest

import m2m_tf as m2m
from m2m_tf.files.being_made import being_made, named_command
from m2m_tf.files.durable import replacing
from m2m_tf.files.lock import held
from m2m_tf.files.output_folder import locked_output, whole_folder
from m2m_tf.runs.clean import clean, left_behind, left_of
from tests.cli.processes import fork_m2m

LETTERS = "0123456789abcdef"


def leave(folder, command="m2m evaluate --out runs/verdict", goes_on=False):
    """Leaves a folder as a killed command does."""
    folder.mkdir(parents=True)
    (folder / "a.txt").write_text("half")
    note = {"command": command, "goes_on": goes_on}
    (folder / ".being_made.json").write_text(json.dumps(note))
    return folder


def paths(found):
    return [left.path for left in found]


def test_it_says_what_is_left_how_large_how_old_and_of_what_command(tmp_path):
    folder = leave(tmp_path / ".verdict-0123abcd")
    for path in (folder / "a.txt", folder / ".being_made.json", folder):
        os.utime(path, (time.time() - 7300,) * 2)
    [left] = left_behind(tmp_path)
    said = f"{folder} ({left.size} bytes, 2 hours old), of m2m evaluate --out runs/verdict: of no"
    assert str(left).startswith(said)
    goes_on = leave(tmp_path / "mine" / "training", "m2m pretrain", goes_on=True)
    assert str(left_behind(goes_on)[0]).endswith("of m2m pretrain: it goes on from there")


def test_every_kind_is_found_however_deep_and_removed(tmp_path):
    kinds = [
        leave(tmp_path / "runs" / ".verdict-0123abcd"),
        leave(tmp_path / "exports" / "digits" / ".1-0123abcd"),
        leave(tmp_path / "runs" / ".photos.unfinished", goes_on=True),
        leave(tmp_path / "codes" / LETTERS, goes_on=True),
        leave(tmp_path / "autoencoders" / "mine" / "training", goes_on=True),
        leave(tmp_path / "autoencoders" / ".other-new" / "training", goes_on=True),
        leave(tmp_path / "minds" / ".epoch-00000003.part"),
    ]
    before = tmp_path / "runs" / ".before.unfinished"  # of a version that left no note
    before.mkdir()
    (before / "run.json").write_text('{"epochs": 3}')
    file = tmp_path / "runs" / f".unfinished-{LETTERS}{LETTERS}.png"
    file.write_bytes(b"half")
    (tmp_path / "runs" / "done").mkdir()
    old = tmp_path / "runs" / ".done-0123abcd.old"
    old.mkdir()
    expected = sorted([*kinds, before, file, old])
    assert paths(left_behind(tmp_path)) == expected
    assert paths(clean(tmp_path)) == expected and not any(path.exists() for path in expected)
    assert left_behind(tmp_path) == [] and (tmp_path / "runs" / "done").is_dir()
    assert not (tmp_path / "autoencoders" / "mine").exists()  # it held nothing else


def test_what_a_living_process_holds_stays(tmp_path):
    file = tmp_path / "grid.png"
    with (
        named_command("m2m transfer"),
        being_made(tmp_path / ".a.unfinished", goes_on=True),
        whole_folder(tmp_path / "out") as folder,
        replacing(file) as unfinished,
    ):
        unfinished.write_bytes(b"whole")
        assert unfinished.exists() and folder.exists()
        assert left_behind(tmp_path) == [] and clean(tmp_path) == []
    assert file.read_bytes() == b"whole" and (tmp_path / "out").is_dir()


def test_folders_of_strangers_stay_whatever_they_are_called(tmp_path):
    for name in (".cache-0123abcd", ".git", ".x.unfinished", "training", ".y-new", LETTERS):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text("mine")
    (tmp_path / ".unfinished-novel.txt").write_text("mine")
    leave(tmp_path / ".venv" / "lib" / ".x-0123abcd")  # nobody looks into hidden folders
    assert clean(tmp_path) == []


def test_the_lock_of_a_killed_command_goes_with_what_it_left_and_that_of_a_living_one_stays(
    tmp_path,
):
    left = leave(tmp_path / ".out.unfinished")
    with locked_output(tmp_path / "out"):
        lock = next(tmp_path.glob(".unfinished-*.lock"))
        assert paths(clean(tmp_path)) == [left] and lock.exists()
    lock.touch()
    leave(tmp_path / ".out.unfinished")
    assert paths(clean(tmp_path)) == [left]
    assert list(tmp_path.iterdir()) == []


def test_what_was_to_be_replaced_stays_where_nothing_took_its_place(tmp_path):
    (tmp_path / ".done-0123abcd.old").mkdir()
    assert clean(tmp_path) == []


def test_a_link_is_not_followed(tmp_path):
    elsewhere = leave(tmp_path / "elsewhere" / ".a.unfinished")
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / ".a.unfinished").symlink_to(elsewhere)
    assert clean(tmp_path / "here") == [] and elsewhere.exists()


def test_without_a_folder_it_looks_here_and_in_the_temporary_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    monkeypatch.chdir(leave(tmp_path / "here" / ".a.unfinished").parent)
    codes = leave(tmp_path / "tmp" / "m2m-codes-abcd1234")
    (tmp_path / "tmp" / "m2m-mine").mkdir()
    assert paths(m2m.clean()) == [Path(".a.unfinished"), codes]
    assert [path.name for path in (tmp_path / "tmp").iterdir()] == ["m2m-mine"]


def test_a_folder_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(ValueError, match="expects folders to look in; .*gone' is none"):
        clean(tmp_path / "gone")


def test_an_output_of_a_name_that_the_system_does_not_take_left_nothing(tmp_path):
    assert left_of(tmp_path / ("x" * 300)) == []


def test_what_an_output_left_is_told_from_what_others_left(tmp_path):
    ours = [
        leave(tmp_path / ".out.unfinished"),
        leave(tmp_path / "out" / "training"),
        leave(tmp_path / ".out-0123abcd"),
        leave(tmp_path / ".out-new" / "training"),
    ]
    leave(tmp_path / ".outer-0123abcd")
    assert sorted(paths(left_of(tmp_path / "out"))) == sorted(ours)
    with held(ours[0]):
        assert ours[0] not in paths(left_of(tmp_path / "out"))
    version = leave(tmp_path / "exports" / ".2-0123abcd")
    assert paths(left_of(tmp_path / "exports")) == [version]


@pytest.mark.slow
def test_a_transfer_that_lives_is_left_alone_and_one_that_was_killed_is_removed(
    digits, tiny_autoencoder_folder, tmp_path
):
    np.save(tmp_path / "digits.npy", digits[:500])
    command = ["transfer", "--autoencoder", tiny_autoencoder_folder, "--out", tmp_path / "run"]
    process = fork_m2m(*command, "--target", tmp_path / "digits.npy", "--epochs", 200)
    working = tmp_path / ".run.unfinished"
    while not (working / "epoch-00000000").exists() and process.poll() is None:
        time.sleep(0.01)
    assert process.poll() is None, process.communicate()[1]
    assert left_behind(tmp_path) == [] and clean(tmp_path) == []
    process.kill()
    assert process.wait() == -signal.SIGKILL
    [left] = left_behind(tmp_path)
    assert left.path == working and left.goes_on and left.size > 1000
    assert left.command.startswith("m2m transfer --autoencoder ")
    assert paths(clean(tmp_path)) == [working] and not working.exists()


@pytest.mark.slow
def test_a_pretraining_that_was_killed_is_found_in_its_folder(digits, tmp_path):
    np.save(tmp_path / "digits.npy", digits[:300])
    command = ["pretrain", "--source", tmp_path / "digits.npy", "--out", tmp_path / "mine"]
    process = fork_m2m(*command, "--epochs", 200, "--batch_size", 32, "--width", 4)
    training = tmp_path / "mine" / "training"
    while not (training / "epoch-00000001").exists() and process.poll() is None:
        time.sleep(0.01)
    assert process.poll() is None, process.communicate()[1]
    assert left_behind(tmp_path) == []
    process.kill()
    process.wait()
    assert paths(left_behind(tmp_path)) == [training] == paths(left_of(tmp_path / "mine"))
    assert paths(clean(tmp_path)) == [training] and not (tmp_path / "mine").exists()


def test_a_pipe_that_is_called_as_a_half_written_file_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / f".unfinished-{LETTERS}{LETTERS}.png")
    os.mkfifo(tmp_path / ".being_made.json")
    assert left_behind(tmp_path) == []
