"""A file is there whole or not at all."""

import errno
import resource
import threading

import pytest

from m2m_tf.files.durable import (
    UNFINISHED,
    make_parents,
    remove_empty,
    remove_unfinished,
    replace_folder,
    replacing,
    write_durably,
)


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


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_where_the_disk_refuses_the_file_is_as_it_was_and_the_error_names_it(tmp_path):
    write_durably(tmp_path / "a", b"old")
    bound = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, bound[1]))
    try:
        with pytest.raises(OSError) as raised:
            write_durably(tmp_path / "a", b"new" * 1000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, bound)
    assert (raised.value.errno, raised.value.filename) == (errno.EFBIG, str(tmp_path / "a"))
    assert (tmp_path / "a").read_bytes() == b"old" and names(tmp_path) == ["a"]


def test_the_folders_that_were_missing_are_removed_where_they_stayed_empty(tmp_path):
    made = make_parents(tmp_path / "a" / "b" / "c")
    assert made == [tmp_path / "a" / "b" / "c", tmp_path / "a" / "b", tmp_path / "a"]
    (tmp_path / "a" / "kept").write_text("kept")
    remove_empty(made)
    assert names(tmp_path / "a") == ["kept"]
