"""Who is in a folder: of two open files of one process the system holds one off, too."""

import os

import pytest

from m2m_tf.files.lock import SharedLock, exclusive_lock, is_held, is_locked, locked_file


def test_a_second_writer_is_refused_until_the_first_has_ended(tmp_path):
    with exclusive_lock(tmp_path):
        with (
            pytest.raises(BlockingIOError, match="Another process writes into"),
            exclusive_lock(tmp_path, wait=False),
        ):
            raise AssertionError("both write")
        assert is_locked(tmp_path)
    with exclusive_lock(tmp_path, wait=False):
        pass


def test_an_error_lets_go_of_the_folder(tmp_path):
    with pytest.raises(KeyError), exclusive_lock(tmp_path):
        raise KeyError
    assert not is_locked(tmp_path)


def test_any_number_read_and_the_last_that_ends_lets_go(tmp_path):
    first, second = SharedLock(tmp_path), SharedLock(tmp_path)
    del first
    assert is_locked(tmp_path)
    del second
    assert not is_locked(tmp_path)


def test_a_locked_file_is_one_process_s_and_gone_at_the_end(tmp_path):
    path = tmp_path / "a.lock"
    path.touch()  # a killed process left it
    with locked_file(path):
        with pytest.raises(BlockingIOError), locked_file(path):
            raise AssertionError("both have it")
        assert is_held(path)
    assert not path.exists()


def test_a_locked_file_that_was_removed_meanwhile_is_made_anew(tmp_path):
    path = tmp_path / "a.lock"
    with locked_file(path):
        path.unlink()
        with locked_file(path):
            assert is_held(path)


def test_a_pipe_is_asked_and_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    assert not is_held(tmp_path / "pipe")
