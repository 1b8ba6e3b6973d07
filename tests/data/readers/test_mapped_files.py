"""Arrays that are mapped from a file leave nothing in memory."""

import sys

import numpy as np
import pytest

import m2m_tf as m2m
from m2m_tf.data.readers.mapped_files import let_go

MEGABYTES = 48


@pytest.fixture
def written(tmp_path):
    """A file of images whose values differ from page to page, and these."""
    pixels = np.random.default_rng(0).integers(0, 256, (MEGABYTES, 512, 683, 3), "uint8")
    np.save(tmp_path / "images.npy", pixels)
    return tmp_path / "images.npy", pixels


def of_files():
    """Memory of this process that is of mapped files, in bytes."""
    with open("/proc/self/status") as status:
        (line,) = (line for line in status if line.startswith("RssFile"))
    return 1024 * int(line.split()[1])


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux what a process holds")
def test_a_file_that_was_read_through_is_not_held(written):
    path, pixels = written
    before = of_files()
    mapped = np.load(path, mmap_mode="r")
    assert int(mapped.sum(dtype="int64")) == int(pixels.sum(dtype="int64"))
    assert of_files() - before > 0.9 * pixels.nbytes
    let_go(mapped[2:])
    assert of_files() - before < 0.1 * pixels.nbytes
    np.testing.assert_array_equal(mapped, pixels)
    let_go(mapped)
    images = m2m.data.load(path)
    for _ in images.batches(4):
        assert of_files() - before < 0.5 * pixels.nbytes


def test_what_was_written_into_a_copy_stays(tmp_path):
    np.save(tmp_path / "a.npy", np.zeros(10_000))
    copied = np.load(tmp_path / "a.npy", mmap_mode="c")
    copied[:] = 1
    let_go(copied)
    assert copied.sum() == 10_000


def test_other_arrays_are_left_alone():
    array = np.ones(10)
    let_go(array)
    assert array.sum() == 10
