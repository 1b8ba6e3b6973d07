"""Codes in several files read as one array does."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from m2m_tf.codes import shards
from m2m_tf.codes.shards import RowsOf, ShardedCodes


def written(folder, codes, counts):
    """The codes in files of those counts."""
    for number, part in enumerate(np.split(codes, np.cumsum(counts)[:-1])):
        (folder / f"{number}.f32").write_bytes(part.astype("<f4").tobytes())
    paths = [folder / f"{number}.f32" for number in range(len(counts))]
    return ShardedCodes(paths, counts, codes.shape[1:])


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    """An array, and the same in files of 7, 0, 1 and 12 codes."""
    codes = np.random.default_rng(0).normal(size=(20, 3, 2)).astype("float32")
    return codes, written(tmp_path_factory.mktemp("shards"), codes, [7, 0, 1, 12])


rows = st.one_of(
    st.slices(20),
    st.integers(-20, 19),
    st.lists(st.integers(-20, 19), max_size=30).map(lambda each: np.array(each, int)),
    st.lists(st.booleans(), min_size=20, max_size=20).map(np.array),
)


@settings(deadline=None)
@given(rows=rows)
def test_any_rows_are_those_of_the_array(both, rows):
    codes, sharded = both
    np.testing.assert_array_equal(sharded[rows], codes[rows])
    assert sharded[rows].dtype == "float32"


@settings(deadline=None)
@given(chosen=st.lists(st.integers(0, 19), min_size=1, max_size=30), data=st.data())
def test_rows_of_rows_are_those_of_the_array(both, chosen, data):
    codes, sharded = both
    some = RowsOf(sharded, np.array(chosen))
    assert (len(some), some.shape, some.nbytes) == (
        len(chosen),
        (len(chosen), 3, 2),
        24 * len(some),
    )
    np.testing.assert_array_equal(some, codes[chosen])
    rows = data.draw(st.slices(len(chosen)))
    np.testing.assert_array_equal(some[rows], codes[chosen][rows])


def test_it_has_an_arrays_shape(both):
    codes, sharded = both
    assert (sharded.shape, sharded.ndim, sharded.nbytes, len(sharded)) == (
        codes.shape,
        codes.ndim,
        codes.nbytes,
        len(codes),
    )
    np.testing.assert_array_equal(np.asarray(sharded), codes)
    assert np.asarray(sharded, "float64").dtype == "float64"


@pytest.mark.parametrize("rows", [20, [-21], [0, 99]])
def test_a_row_that_is_not_there_is_refused(both, rows):
    with pytest.raises(IndexError, match="There are 20 codes"):
        both[1][rows]


def test_more_files_than_may_be_open_are_read(tmp_path, monkeypatch):
    monkeypatch.setattr(shards, "OPEN_FILES", 3)
    codes = np.arange(50, dtype="float32").reshape(25, 2)
    sharded = written(tmp_path, codes, [1] * 25)
    order = np.random.default_rng(0).permutation(25)
    for _ in range(3):
        np.testing.assert_array_equal(sharded[order], codes[order])
    assert len(sharded._open) == 3


def test_a_file_that_was_cut_says_so(tmp_path):
    codes = np.ones((9, 2), "float32")
    sharded = written(tmp_path, codes, [4, 5])
    (tmp_path / "1.f32").write_bytes(b"\0" * 12)
    np.testing.assert_array_equal(sharded[:4], codes[:4])
    with pytest.raises(OSError, match=r"1\.f32' was cut while it was in use"):
        sharded[6:]


def test_codes_of_float16_are_read_as_float32(tmp_path):
    codes = np.random.default_rng(0).normal(size=(9, 5)).astype("float16")
    for number, part in enumerate((codes[:4], codes[4:])):
        (tmp_path / f"{number}.f16").write_bytes(part.astype("<f2").tobytes())
    stored = ShardedCodes([tmp_path / "0.f16", tmp_path / "1.f16"], [4, 5], (5,), float16=True)
    assert stored.dtype == "float32" and stored.nbytes == 9 * 5 * 4
    for wanted in (slice(None), slice(2, 7), [8, 0, 4], 3):
        assert stored[wanted].dtype == "float32"
        np.testing.assert_array_equal(stored[wanted], codes[wanted].astype("float32"))
