"""An output is there whole or not at all, and replaces nothing unasked."""

import numpy as np
import pytest

from m2m_tf.runs.output import check_file, check_folder, new_file, new_folder, paths_among


def fill(folder, text="new"):
    (folder / "a.txt").write_text(text)


@pytest.fixture
def here(tmp_path, monkeypatch):
    """An empty working folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def old(here):
    """A folder that holds something."""
    (here / "out").mkdir()
    fill(here / "out", "old")
    return here / "out"


def test_a_folder_appears_when_it_is_whole(here):
    with new_folder("runs/out") as folder:
        fill(folder)
        assert not (here / "runs" / "out").exists()
    assert (here / "runs" / "out" / "a.txt").read_text() == "new"
    assert [path.name for path in (here / "runs").iterdir()] == ["out"]


def test_a_failure_leaves_nothing_not_even_the_parents(here):
    with pytest.raises(RuntimeError), new_folder("runs/deep/out") as folder:
        fill(folder)
        raise RuntimeError
    assert list(here.iterdir()) == []


def test_an_interruption_leaves_nothing(here):
    with pytest.raises(KeyboardInterrupt), new_folder("out") as folder:
        fill(folder)
        raise KeyboardInterrupt
    assert list(here.iterdir()) == []


def test_an_empty_folder_may_be_filled(here):
    (here / "out").mkdir()
    with new_folder("out") as folder:
        fill(folder)
    assert (here / "out" / "a.txt").read_text() == "new"


def test_a_folder_that_holds_something_is_refused_before_any_work(old):
    with pytest.raises(ValueError, match="already holds a.txt.*--overwrite"), new_folder("out"):
        raise AssertionError("the work began")
    assert (old / "a.txt").read_text() == "old"


def test_overwrite_replaces_all_at_the_end(old):
    (old / "b.txt").write_text("old")
    with new_folder("out", overwrite=True) as folder:
        fill(folder)
        assert (old / "a.txt").read_text() == "old"
    assert [path.name for path in old.iterdir()] == ["a.txt"]
    assert (old / "a.txt").read_text() == "new"
    assert [path.name for path in old.parent.iterdir()] == ["out"]


def test_a_failure_under_overwrite_leaves_the_old_folder(old):
    with pytest.raises(RuntimeError), new_folder("out", overwrite=True) as folder:
        fill(folder)
        raise RuntimeError
    assert (old / "a.txt").read_text() == "old"
    assert [path.name for path in old.parent.iterdir()] == ["out"]


def test_a_link_to_a_folder_stays_a_link(old, here):
    (here / "link").symlink_to(old)
    with new_folder("link", overwrite=True) as folder:
        fill(folder)
    assert (here / "link").is_symlink() and (old / "a.txt").read_text() == "new"


@pytest.mark.parametrize("out", [".", ".."])
def test_the_working_folder_is_never_replaced(old, monkeypatch, out):
    monkeypatch.chdir(old)
    with pytest.raises(ValueError, match="in use"):
        check_folder(out, overwrite=True)


def test_an_empty_text_is_no_path_of_an_input():
    assert paths_among("", "photos", None, np.zeros(3)) == ["photos"]


def test_an_input_is_never_replaced(old):
    with pytest.raises(ValueError, match="would delete 'out/a.txt'"):
        check_folder("out", overwrite=True, inputs=["out/a.txt"])


def test_a_file_is_no_output_folder(old):
    with pytest.raises(ValueError, match="is a file"):
        check_folder(old / "a.txt", overwrite=True)


@pytest.mark.parametrize("out", ["a.txt/run", "a.txt/deep/run"])
def test_a_folder_below_a_file_is_refused_by_the_file_s_name(old, out):
    with pytest.raises(ValueError, match="a.txt' is a file"):
        check_folder(old / out)


def test_a_folder_in_an_input_is_refused_since_it_would_be_read_as_part_of_it(old):
    for out in ("out/run", "out/deep/run"):
        with pytest.raises(ValueError, match="lies in 'out'.*beside it"):
            check_folder(out, inputs=["out"])
    check_folder("outside", inputs=["out"])


def test_a_folder_without_a_name_or_of_a_very_long_one_is_refused(here):
    with pytest.raises(ValueError, match="got '/'. Name one"):
        check_folder("/")
    with pytest.raises(ValueError, match="200 bytes at most.*has 300. Give a shorter one"):
        check_folder("x" * 300)
    check_folder("x" * 200)


def test_a_file_that_is_there_needs_overwrite(old):
    with pytest.raises(ValueError, match="already there.*--overwrite"):
        check_file(old / "a.txt")
    check_file(old / "a.txt", overwrite=True)
    check_file(old / "new.txt")


def test_a_folder_is_no_output_file(old):
    with pytest.raises(ValueError, match="is a folder"):
        check_file(old, overwrite=True)


def test_a_file_that_another_process_makes_is_left_to_it(here):
    with new_file("a.png"):
        with pytest.raises(ValueError, match="Another process is at work on this output"):
            with new_file("a.png", overwrite=True):
                pytest.fail("it was not refused")
        (here / "a.png").write_text("new")
    with pytest.raises(ValueError, match="already there.*--overwrite"):  # what came meanwhile
        with new_file("a.png"):
            pytest.fail("it was not refused")
    assert [path.name for path in here.iterdir()] == ["a.png"]
