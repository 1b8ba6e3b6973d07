"""A temporary folder goes with its last user, and says nothing."""

import gc
from pathlib import Path

from m2m_tf.files.passing_folder import PassingFolder


def test_it_goes_with_its_last_user_and_all_that_is_in_it():
    folder = PassingFolder("m2m-codes-")
    user, path = [folder], Path(folder.name)
    (path / "deep").mkdir()
    (path / "deep" / "file").write_text("content")
    assert path.name.startswith("m2m-codes-")
    del folder
    assert (path / "deep" / "file").is_file()
    user.clear()
    gc.collect()  # a warning would be an error
    assert not path.exists()


def test_where_it_is_gone_already_nothing_is_said():
    folder = PassingFolder("m2m-codes-")
    Path(folder.name).rmdir()
    del folder
    gc.collect()
