"""One process makes an output; what killed ones left of it is put right by the next."""

import signal
from pathlib import Path

import pytest

from m2m_tf.files.being_made import being_made
from m2m_tf.files.card import read_card
from m2m_tf.files.output_folder import locked_output, whole_folder
from tests.forks import fork_code


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def make(out, text="new"):
    with whole_folder(out) as folder:
        (folder / "a").write_text(text)


def test_a_folder_is_there_when_its_block_ends_and_not_before(tmp_path):
    with whole_folder(tmp_path / "new" / "out") as folder:
        (folder / "a").write_text("a")
        assert not (tmp_path / "new" / "out").exists()
    assert names(tmp_path / "new") == ["out"] and names(tmp_path / "new" / "out") == ["a"]


def test_a_folder_replaces_one_that_is_there_with_all_that_it_held(tmp_path):
    for name in ("old", "new"):
        with whole_folder(tmp_path / "out") as folder:
            (folder / name).write_text(name)
    assert names(tmp_path) == ["out"] and names(tmp_path / "out") == ["new"]


def test_a_block_that_fails_leaves_what_was_there_and_nothing_else(tmp_path):
    with whole_folder(tmp_path / "out") as folder:
        (folder / "old").write_text("old")
    for out in (tmp_path / "out", tmp_path / "a" / "b" / "out"):
        with pytest.raises(KeyboardInterrupt), whole_folder(out) as folder:
            (folder / "new").write_text("new")
            raise KeyboardInterrupt
    assert names(tmp_path) == ["out"] and names(tmp_path / "out") == ["old"]


def test_a_second_process_is_refused_before_it_touches_anything(tmp_path):
    with whole_folder(tmp_path / "out") as folder:
        (folder / "a").write_text("first")
        with (
            pytest.raises(ValueError, match="Another process is at work on this output"),
            whole_folder(tmp_path / "out"),
        ):
            raise AssertionError("both write")
        make(tmp_path / "other")
    assert (tmp_path / "out" / "a").read_text() == "first" and names(tmp_path) == ["other", "out"]


def test_whether_it_may_be_written_is_asked_under_the_lock_and_again_at_the_end(tmp_path):
    out, asked = tmp_path / "out", []

    def check():
        asked.append(True)
        with pytest.raises(ValueError, match="Another process"), locked_output(out):
            raise AssertionError("it is not locked")
        if out.exists():
            raise ValueError("somebody made it")

    with pytest.raises(ValueError, match="somebody made it"), whole_folder(out, check):
        out.mkdir()
        (out / "mine").write_text("mine")
    assert len(asked) == 2 and names(tmp_path) == ["out"] and names(out) == ["mine"]


def test_a_place_where_nothing_can_be_made_is_named_as_it_was_given():
    with pytest.raises(OSError) as refusal, locked_output(Path("/proc/out")):
        pass
    assert refusal.value.filename == "/proc/out"


def test_an_error_of_the_block_is_not_taken_for_another_process(tmp_path):
    with pytest.raises(BlockingIOError), locked_output(tmp_path / "out"):
        raise BlockingIOError


def test_what_was_moved_aside_is_put_back_and_said(tmp_path, capsys):
    (tmp_path / ".out-01234567.old").mkdir()
    (tmp_path / ".out-01234567.old" / "a").write_text("old")
    with pytest.raises(
        ValueError, match=r"A killed command moved '.*out' to '.*\.out-01234567.old'"
    ):
        read_card(tmp_path / "out" / "model", "model")
    with locked_output(tmp_path / "out"):
        assert (tmp_path / "out" / "a").read_text() == "old"
    assert "Put back" in capsys.readouterr().out and names(tmp_path) == ["out"]


def test_what_killed_commands_left_is_removed_and_said_and_nothing_else(tmp_path, capsys):
    (tmp_path / "out").mkdir()
    (tmp_path / ".out-00000000").mkdir()  # killed before its note was written
    (tmp_path / ".out-11111111.old").mkdir()  # killed before it was removed
    with pytest.raises(KeyboardInterrupt), being_made(tmp_path / ".out-22222222"):
        raise KeyboardInterrupt
    others = (".out-33333333", ".out-cache", ".outer-44444444", ".out-55555555.part")
    for name in others:
        (tmp_path / name).mkdir()
        (tmp_path / name / "a").write_text("mine")
    with being_made(tmp_path / ".out-66666666"):
        make(tmp_path / "out")
    assert names(tmp_path) == sorted([*others, ".out-66666666", "out"])
    said = capsys.readouterr().out
    assert said.count("Removed") == 3 and ".out-22222222', which a program, " in said


KILLED = """
import os, signal, sys
from pathlib import Path
from m2m_tf.files.output_folder import locked_output, whole_folder

out, point = Path(sys.argv[1]), sys.argv[2]
rename, done = os.replace, []

def die(when):
    if point == when:
        os.kill(os.getpid(), signal.SIGKILL)

def replace(old, new):
    if Path(old) == out or Path(new) == out:
        done.append(new)
        die(f"before rename {len(done)}")
        rename(old, new)
        die(f"after rename {len(done)}")
    else:
        rename(old, new)

os.replace = replace
with whole_folder(out) as folder:
    (folder / "a").write_text("new")
    die("in the block")
"""
POINTS = {
    "in the block": "old",
    "before rename 1": "old",
    "after rename 1": "old",  # put back
    "before rename 2": "old",
    "after rename 2": "new",
}


@pytest.mark.slow
def test_killed_at_any_point_of_an_overwrite_one_of_the_two_is_there_whole(tmp_path):
    for number, (point, expected) in enumerate(POINTS.items()):
        out = tmp_path / str(number) / "out"
        make(out, "old")
        process = fork_code(KILLED, out, point)
        assert process.wait() == -signal.SIGKILL, process.communicate()[1]
        with locked_output(out):
            assert (out / "a").read_text() == expected, point
        assert names(out) == ["a"] and names(out.parent) == ["out"]


@pytest.mark.slow
def test_of_two_processes_one_is_refused_and_a_killed_one_holds_nothing(tmp_path):
    code = """
import signal
import sys
from pathlib import Path
from m2m_tf.files.output_folder import locked_output, whole_folder
with whole_folder(Path(sys.argv[1])) as folder:
    print("inside", flush=True)
    signal.pause()
"""
    process = fork_code(code, tmp_path / "out")
    assert process.stdout.readline() == "inside\n"
    with pytest.raises(ValueError, match="Another process is at work on this output"):
        make(tmp_path / "out")
    process.kill()
    process.wait()
    assert len([name for name in names(tmp_path) if name.startswith(".")]) == 2
    make(tmp_path / "out")
    assert names(tmp_path) == ["out"]
