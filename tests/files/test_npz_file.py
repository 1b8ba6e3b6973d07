"""What an .npz file unpacks to is known before it is unpacked."""

import io
import math
import zipfile

import numpy as np
import pytest

from m2m_tf.files.npz_file import check_unpacked, free_memory, read_npz


def test_arrays_come_back_as_they_were(tmp_path):
    arrays = {"a": np.arange(6.0).reshape(2, 3), "b/c": np.array(3, "uint8"), "d": np.zeros(0)}
    for save in (np.savez, np.savez_compressed):
        save(tmp_path / "a.npz", **arrays)
        read = read_npz(tmp_path / "a.npz")
        assert read.keys() == arrays.keys()
        for name in arrays:
            np.testing.assert_array_equal(read[name], arrays[name], name)
            assert read[name].dtype == arrays[name].dtype


def header(shape, kind="|u1"):
    """The bytes of a .npy file before its numbers."""
    file = io.BytesIO()
    facts = {"descr": kind, "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(file, facts)
    return file.getvalue()


def write(path, content, announced=None):
    """An archive of one file, whose directory may announce more bytes than there are."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("images.npy", content)
        archive.infolist()[0].file_size = announced or len(content)


def test_an_array_that_is_only_announced_is_refused(tmp_path):
    write(tmp_path / "a.npz", header((10**6, 10**6)) + bytes(100))
    with pytest.raises(ValueError, match="announces 1,000,000,000,000 bytes and at most"):
        read_npz(tmp_path / "a.npz")


def test_what_would_fill_the_memory_is_refused_before_it_is_unpacked(tmp_path):
    write(tmp_path / "a.npz", header((2350, 1000, 1000)) + bytes(1 << 20), 2_350_000_128)
    size = (tmp_path / "a.npz").stat().st_size
    with pytest.raises(ValueError, match=f"{size:,} bytes of it would become 2,350,000,128"):
        read_npz(tmp_path / "a.npz")


@pytest.mark.parametrize("size, packed", [(1 << 40, 1 << 33), (1 << 28, 1), (1 << 29, 1 << 22)])
def test_what_honest_images_shrink_to_is_let_pass_where_memory_is(size, packed):
    check_unpacked(size, packed, free=1 << 41)


@pytest.mark.parametrize(
    "size, packed, free, reason",
    [
        (2_350_000_000, 2_300_000, math.inf, "which no images do that are not of one colour"),
        (1 << 30, 1 << 29, 1 << 29, "of memory and 536,870,912 are there; with numpy.save"),
        (1 << 60, 1 << 59, None, "of memory"),
    ],
)
def test_what_is_larger_is_refused_with_what_to_do(size, packed, free, reason):
    with pytest.raises(ValueError, match=reason):
        check_unpacked(size, packed, free)


def test_the_system_says_how_much_memory_there_is():
    assert 1 << 20 < free_memory() < 1 << 60


@pytest.mark.parametrize("content", [b"", b"PK", b"no archive"])
def test_what_is_no_archive_is_refused(content, tmp_path):
    (tmp_path / "a.npz").write_bytes(content)
    with pytest.raises(ValueError, match="a.npz' does not load"):
        read_npz(tmp_path / "a.npz")


def test_pickled_objects_are_refused(tmp_path):
    np.savez(tmp_path / "a.npz", a=np.array([{}], object))
    with pytest.raises(ValueError, match="Python objects"):
        read_npz(tmp_path / "a.npz")
