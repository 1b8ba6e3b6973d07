"""A zip of images is read in place, and never trusted."""

import zipfile

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from m2m_tf.data import load


@pytest.fixture
def zipped(folder, tmp_path):
    path = tmp_path / "digits.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.rglob("*.png")):
            archive.write(file, file.relative_to(folder.parent))
    return path


def _add(path, name, data=b"hello"):
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(name, data)


def test_a_zip_gives_what_its_folder_gives(zipped, folder):
    assert load(zipped).name == "digits.zip"
    np.testing.assert_array_equal(load(zipped).numpy(), load(folder).numpy())


def test_nothing_is_unpacked(zipped):
    before = sorted(zipped.parent.rglob("*"))
    load(zipped).numpy()
    assert sorted(zipped.parent.rglob("*")) == before


def test_hidden_members_and_those_of_the_mac_are_ignored(zipped):
    for name in ("digits/.x.png", "__MACOSX/digits/._000.png", "digits/notes.txt", ".git/x.png"):
        _add(zipped, name)
    assert load(zipped).count == 40


@pytest.mark.parametrize(
    "name", ["../x.png", "a/../../x.png", "/etc/x.png", "C:/x.png", "c:x.png", "..\\x.png", "a/.."]
)
def test_a_zip_with_a_name_that_leads_outside_it_is_refused(zipped, name):
    _add(zipped, name)
    with pytest.raises(ValueError, match="names stay inside it.*Nothing was read"):
        load(zipped)


def test_a_damaged_member_is_skipped_and_listed(zipped, folder):
    _add(zipped, "digits/bad.png", (folder / "000.png").read_bytes()[:100])
    images = load(zipped)
    assert len(images.numpy()) == 40
    assert images.skipped[0][0] == "digits/bad.png"


def test_a_member_whose_checksum_is_wrong_is_skipped(zipped):
    with zipfile.ZipFile(zipped) as archive:
        info = archive.getinfo("digits/004.png")
    data = bytearray(zipped.read_bytes())
    data[info.header_offset + 80] ^= 0xFF
    zipped.write_bytes(data)
    images = load(zipped)
    assert len(images.numpy()) == 39
    assert images.skipped[0][0] == "digits/004.png"


def test_a_file_that_is_no_zip_is_refused(tmp_path):
    (tmp_path / "x.zip").write_text("hello")
    with pytest.raises(ValueError, match="load expects a zip; 'x.zip'"):
        load(tmp_path / "x.zip")


def test_a_cut_zip_is_refused(zipped):
    zipped.write_bytes(zipped.read_bytes()[:-500])
    with pytest.raises(ValueError, match="load expects a zip"):
        load(zipped)


def test_a_zip_of_a_version_to_come_is_refused(zipped):
    data = bytearray(zipped.read_bytes())
    with zipfile.ZipFile(zipped) as archive:
        directory = archive.start_dir
    data[directory + 6] = 99  # the version needed to read the first member
    zipped.write_bytes(data)
    with pytest.raises(ValueError, match="load expects a zip.*version 9.9"):
        load(zipped)


def test_a_zip_without_images_is_refused(tmp_path):
    _add(tmp_path / "x.zip", "notes.txt")
    with pytest.raises(ValueError, match="got 1 other files"):
        load(tmp_path / "x.zip")
    with zipfile.ZipFile(tmp_path / "none.zip", "w"):
        pass
    with pytest.raises(ValueError, match="got an empty zip"):
        load(tmp_path / "none.zip")


def test_a_zip_with_a_password_is_refused(zipped):
    data = bytearray(zipped.read_bytes())
    with zipfile.ZipFile(zipped) as archive:
        directory = archive.start_dir
    data[directory + 8] |= 1  # the flag of the first member in the central directory
    zipped.write_bytes(data)
    with pytest.raises(ValueError, match="without a password"):
        load(zipped)


@pytest.mark.slow
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_damage_gives_images_or_a_sentence(zipped, tmp_path, data):
    damaged = bytearray(zipped.read_bytes())
    for _ in range(data.draw(st.integers(1, 8))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path / "damaged.zip"
    path.write_bytes(damaged)
    try:
        images = load(path, max_bad=0.5)
        assert len(images.numpy()) + len(images.skipped) == images.count
    except ValueError as error:
        assert str(error).startswith("load expects")
