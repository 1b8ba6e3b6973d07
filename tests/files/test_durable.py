"""A file is there whole or not at all."""

import errno
import threading

import pytest

from m2m_tf.files.durable import UNFINISHED, remove_unfinished, replace_folder, replacing


@pytest.fixture
def path(tmp_path):
    (tmp_path / "a.png").write_text("old")
    return tmp_path / "a.png"


def test_a_file_that_fails_half_way_leaves_the_old_one_and_nothing_else(path):
    with pytest.raises(RuntimeError), replacing(path) as unfinished:
        unfinished.write_text("half")
        raise RuntimeError
    assert path.read_text() == "old"
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("flush", [True, False])
def test_a_file_that_ends_well_replaces_the_old_one(path, flush):
    with replacing(path, flush) as unfinished:
        assert unfinished.suffix == ".png" and unfinished.parent == path.parent
        unfinished.write_text("new")
    assert path.read_text() == "new"
    assert list(path.parent.iterdir()) == [path]


def test_a_folder_that_is_missing_is_made(tmp_path):
    with replacing(tmp_path / "runs" / "1" / "a.json") as unfinished:
        unfinished.write_text("{}")
    assert (tmp_path / "runs" / "1" / "a.json").read_text() == "{}"


def test_what_the_disk_says_names_the_file_that_was_asked_for(path):
    with pytest.raises(OSError, match="a.png") as refusal, replacing(path):
        raise OSError(errno.ENOSPC, "No space left on device")
    assert refusal.value.errno == errno.ENOSPC and UNFINISHED not in str(refusal.value)


def test_a_file_that_is_missing_is_named_as_it_is(path):
    with pytest.raises(FileNotFoundError, match="other"), replacing(path):
        open(path.parent / "other")


def test_two_that_write_the_same_file_at_once_leave_one_of_theirs_whole(path):
    both = threading.Barrier(2)

    def write(content):
        with replacing(path) as unfinished, open(unfinished, "w") as file:
            file.write(content)
            file.flush()
            both.wait()
            file.write(content)

    threads = [threading.Thread(target=write, args=(content,)) for content in ("one", "two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert path.read_text() in ("oneone", "twotwo")
    assert list(path.parent.iterdir()) == [path]


def test_what_a_killed_program_left_is_removed_and_nothing_else(path):
    (path.parent / f"{UNFINISHED}1.png").write_text("half")
    remove_unfinished(path.parent)
    assert list(path.parent.iterdir()) == [path]


def test_a_folder_replaces_another_one(tmp_path):
    for name in ("new", "out"):
        (tmp_path / name / "inner").mkdir(parents=True)
        (tmp_path / name / "inner" / "file").write_text(name)
    replace_folder(tmp_path / "new", tmp_path / "out")
    assert (tmp_path / "out" / "inner" / "file").read_text() == "new"
    assert list(tmp_path.iterdir()) == [tmp_path / "out"]
