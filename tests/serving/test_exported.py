"""An export is found, and checked file by file, before anything in it is loaded."""

import shutil

import pytest

from m2m_tf.files.card import write_card
from m2m_tf.serving.exported import find_export

pytestmark = pytest.mark.slow


@pytest.fixture
def copied(exported, tmp_path):
    """A copy of the export to break; the folder of its versions."""
    shutil.copytree(exported[1], tmp_path / "digits" / "1")
    return tmp_path / "digits"


def test_the_highest_version_is_taken(copied):
    shutil.copytree(copied / "1", copied / "10")
    shutil.copytree(copied / "1", copied / "9")
    (copied / ".11-half").mkdir()
    (copied / "notes").write_text("mine")
    assert find_export(copied)[:2] == ("digits", 10)
    assert find_export(copied, 9).folder == copied / "9"
    assert find_export(copied / "1")[:2] == ("digits", 1)


@pytest.mark.parametrize(
    ("version", "held"), [(2, "version 2 of an export.*it has 1"), (10, "version 10")]
)
def test_a_version_that_is_not_there_is_refused(copied, version, held):
    with pytest.raises(ValueError, match=held):
        find_export(copied, version)


def test_what_is_no_export_is_refused(tmp_path):
    with pytest.raises(ValueError, match="is none. m2m export makes it"):
        find_export(tmp_path / "nothing")
    with pytest.raises(ValueError, match="to hold versions of an export.*it has none"):
        find_export(tmp_path)
    (tmp_path / "1").mkdir()
    with pytest.raises(ValueError, match="there is no card.json"):
        find_export(tmp_path)


@pytest.mark.parametrize(
    "name", ["saved_model.pb", "variables/variables.data-00000-of-00001", "README.md"]
)
def test_a_changed_file_is_refused(copied, name):
    path = copied / "1" / name
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(ValueError, match=f"'{name}' of the export.*sha256 differs"):
        find_export(copied)


def test_a_lost_file_is_refused(copied):
    (copied / "1" / "variables" / "variables.index").unlink()
    with pytest.raises(ValueError, match="has lost its file 'variables/variables.index'"):
        find_export(copied)


def test_the_card_of_something_else_is_refused(copied):
    write_card(copied / "1", {"name": "another"})
    with pytest.raises(ValueError, match="to be an export's; it is another's"):
        find_export(copied)
