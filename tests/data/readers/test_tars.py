"""Tars of images, as WebDataset packs them, are read in place."""

import io
import tarfile

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from m2m_tf.data import load, load_labels, look


def pack(path, files):
    """Writes a tar of `{name: bytes}`."""
    with tarfile.open(path, "w") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return path


@pytest.fixture
def samples(folder):
    """40 samples of a WebDataset: images and their classes, 0 to 2."""
    files = {}
    for number, path in enumerate(sorted(folder.rglob("*.png"))):
        files[f"{number:06}.png"] = path.read_bytes()
        files[f"{number:06}.cls"] = f"{number % 3}\n".encode()
    return files


@pytest.fixture
def packed(samples, tmp_path):
    return pack(tmp_path / "digits.tar", samples)


def test_a_tar_gives_what_its_folder_gives_and_the_classes(packed, folder):
    images = load(packed)
    assert images.name == "digits.tar" and images.count == 40 and not images.notes
    np.testing.assert_array_equal(images.numpy(), load(folder).numpy())
    assert load_labels(packed).tolist() == [number % 3 for number in range(40)]
    assert look(packed, verbose=0).count == 40


def test_a_folder_of_tars_is_one_target(samples, folder, tmp_path):
    shards = tmp_path / "shards"
    shards.mkdir()
    names = sorted(samples)
    for number, some in enumerate((names[:30], names[30:])):
        pack(shards / f"{number}.tar", {name: samples[name] for name in some})
    np.testing.assert_array_equal(load(shards).numpy(), load(folder).numpy())
    assert load_labels(shards).tolist() == [number % 3 for number in range(40)]
    (shards / "1.tar").write_bytes(pack(tmp_path / "x.tar", {"a.png": b"no"}).read_bytes())
    with pytest.raises(ValueError, match=r"1.tar/a.png"):
        load(shards, max_bad=0).numpy()


def test_sub_folders_are_classes_where_there_are_no_numbers(folder, tmp_path):
    files = sorted(folder.rglob("*.png"))
    named = {f"./set/{'ab'[i % 2]}/{i:03}.png": each.read_bytes() for i, each in enumerate(files)}
    assert load_labels(pack(tmp_path / "classes.tar", named)).tolist() == 20 * ["a", "b"]


@pytest.mark.parametrize("content", [None, b"cat", b"", b"1" * 100])
def test_a_class_that_is_no_number_is_refused_with_the_image_named(samples, tmp_path, content):
    samples["000007.cls"] = content
    left = {name: each for name, each in samples.items() if each is not None}
    path = pack(tmp_path / "digits.tar", left)
    assert load(path).count == 40
    with pytest.raises(ValueError, match=r"a whole number in a .cls file.*000007.png"):
        load_labels(path)


def test_hidden_members_links_and_folders_are_ignored(packed):
    with tarfile.open(packed, "a") as archive:
        for name, kind in (("x.png", tarfile.SYMTYPE), ("y.png", tarfile.DIRTYPE)):
            member = tarfile.TarInfo(name)
            member.type, member.linkname = kind, "/etc/passwd"
            archive.addfile(member)
        archive.addfile(tarfile.TarInfo("._000001.png"))
    assert load(packed).count == 40


def test_another_tar_has_another_fingerprint(packed, samples, tmp_path):
    other = pack(tmp_path / "other.tar", {**samples, "000041.png": samples["000000.png"]})
    assert load(packed).fingerprint != load(other).fingerprint
    assert load(packed).fingerprint == load(packed).fingerprint


def test_what_is_no_tar_and_an_empty_one_are_refused(tmp_path):
    (tmp_path / "none.tar").write_bytes(b"none" * 1000)
    with pytest.raises(ValueError, match="a tar that is not compressed; 'none.tar' is none"):
        load(tmp_path / "none.tar")
    with pytest.raises(ValueError, match="load expects images in 'empty.tar'.*an empty tar"):
        load(pack(tmp_path / "empty.tar", {}))
    with pytest.raises(ValueError, match="got 1 other files"):
        load(pack(tmp_path / "text.tar", {"a.txt": b"a"}))


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(place=st.integers(0, 60_000), change=st.binary(min_size=1, max_size=600))
def test_a_tar_that_was_changed_anywhere_is_read_or_refused_in_a_sentence(packed, place, change):
    whole = packed.read_bytes()
    try:
        packed.write_bytes(whole[:place] + change + whole[place + len(change) :])
        load(packed, max_bad=1, at_least=0).numpy()
    except ValueError as error:
        assert "\n" not in str(error)[:80]
    finally:
        packed.write_bytes(whole)
