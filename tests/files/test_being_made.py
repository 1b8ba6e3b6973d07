"""What is being made says by what command, and is held while that is at work."""

import gc
import json
import os
from pathlib import Path

import pytest

from m2m_tf.files.being_made import (
    NOTE,
    TemporaryFolder,
    being_made,
    named_command,
    read_note,
)
from m2m_tf.files.card import read_card, write_card
from m2m_tf.files.durable import replacing
from m2m_tf.files.lock import exclusive_lock, is_held
from m2m_tf.files.output_folder import whole_folder


def test_a_folder_is_held_with_a_note_for_as_long_as_it_is_made(tmp_path):
    folder = tmp_path / "new" / "folder"
    with named_command("m2m transfer --out runs/a"), being_made(folder, goes_on=True):
        assert is_held(folder)
        assert read_note(folder) == {"command": "m2m transfer --out runs/a", "goes_on": True}
    assert not is_held(folder) and list(folder.iterdir()) == []


def test_what_fails_keeps_its_note_and_is_held_no_more(tmp_path):
    with pytest.raises(KeyboardInterrupt), being_made(tmp_path):
        raise KeyboardInterrupt
    assert not is_held(tmp_path)
    assert read_note(tmp_path)["command"].startswith("a program, ")


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"command": "x"}', "[" * 100_000, "[NaN]"])
def test_a_damaged_note_is_none(text, tmp_path):
    (tmp_path / NOTE).write_text(text)
    assert read_note(tmp_path) is None


def test_a_lock_in_a_folder_holds_it_too(tmp_path):
    with exclusive_lock(tmp_path):
        assert is_held(tmp_path)
    assert not is_held(tmp_path)


def test_a_note_is_no_part_of_what_a_card_names(tmp_path):
    with being_made(tmp_path):
        (tmp_path / "weights").write_text("1")
        write_card(tmp_path, {})
    assert set(read_card(tmp_path, "model")["sha256"]) == {"weights"}


def test_a_file_and_a_folder_that_are_written_are_held_until_they_have_their_name(tmp_path):
    with replacing(tmp_path / "a.txt") as unfinished:
        assert is_held(unfinished)
        unfinished.write_text("whole")
    assert (tmp_path / "a.txt").read_text() == "whole" and not is_held(tmp_path / "a.txt")
    with whole_folder(tmp_path / "out") as folder:
        assert is_held(folder.parent) and read_note(folder.parent)["goes_on"] is False
        (folder / "a.txt").write_text("whole")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["a.txt"]
    assert not is_held(tmp_path / "out")


@pytest.mark.slow
def test_a_temporary_folder_is_held_while_it_is_there_and_goes_with_its_owner():
    owner = TemporaryFolder("codes")
    folder = Path(owner.name)
    assert folder.name.startswith("m2m-codes-") and is_held(folder)
    assert json.loads((folder / NOTE).read_text())["goes_on"] is False
    del owner
    gc.collect()
    assert not folder.exists()
    with TemporaryFolder("mind") as name:
        assert is_held(name)
    assert not Path(name).exists()


def test_it_goes_with_its_last_user_and_without_a_warning():
    folder = TemporaryFolder("codes")
    Path(folder.name, "codes.npy").write_bytes(b"codes")
    name, user = folder.name, [folder]
    del folder
    assert Path(name, "codes.npy").is_file()
    user.clear()
    assert not Path(name).exists()


def test_what_a_note_says_is_shown_and_a_pipe_for_one_is_not_waited_for(tmp_path):
    (tmp_path / NOTE).write_text('{"command": "m2m\\u001b[2J", "goes_on": false}')
    assert read_note(tmp_path)["command"] == r"m2m\x1b[2J"
    (tmp_path / NOTE).unlink()
    os.mkfifo(tmp_path / NOTE)
    assert read_note(tmp_path) is None
