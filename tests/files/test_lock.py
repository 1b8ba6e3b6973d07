"""Who is in a folder: of two open files of one process the system holds one off, too."""

import pytest

from m2m_tf.files.lock import SharedLock, exclusive_lock, is_locked


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
