"""Long work has a folder of its own, which stays for as long as it is of use."""

import pytest

from m2m_tf.files.work_folder import work_folder


def test_it_goes_when_the_work_is_done_and_what_is_beside_it_stays(tmp_path):
    with work_folder(tmp_path / "mine" / "training") as folder:
        (folder / "half").write_text("a")
        (folder.parent / "card.json").write_text("{}")
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["card.json"]


@pytest.mark.parametrize("fault", [OSError, KeyboardInterrupt])
def test_it_stays_when_the_work_was_cut_off(tmp_path, fault):
    with pytest.raises(fault), work_folder(tmp_path / "training") as folder:
        (folder / "half").write_text("a")
        raise fault
    assert (tmp_path / "training" / "half").exists()


def test_of_input_that_is_refused_at_the_first_try_nothing_stays(tmp_path):
    with pytest.raises(ValueError, match="no"), work_folder(tmp_path / "a" / "b" / "training"):
        raise ValueError("no")
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(OSError), work_folder(tmp_path / "a" / "training"):
        raise OSError
    with pytest.raises(ValueError, match="no"), work_folder(tmp_path / "a" / "training"):
        raise ValueError("no")
    assert (tmp_path / "a" / "training").is_dir()


def test_a_second_one_is_refused_and_leaves_it_alone(tmp_path):
    with work_folder(tmp_path / "training") as folder:
        with pytest.raises(ValueError, match="Another process is at work on this run"):
            with work_folder(folder):
                pass
        assert folder.is_dir()
