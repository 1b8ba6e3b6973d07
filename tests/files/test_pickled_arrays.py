"""Arrays in pickle streams are read as numpy wrote them; what is none is refused."""

import io
import pickle

import numpy as np
import pytest

from m2m_tf.files import ARRAYS, safe_pickle


@pytest.mark.parametrize("protocol", [0, 1, 2, 3, 4])
@pytest.mark.parametrize("dtype", ["float32", ">f8", "uint8", "bool", "int64"])
def test_an_array_is_read_as_it_was_written(dtype, protocol):
    array = np.arange(12).reshape(3, 4).astype(dtype)
    for each in (array, np.asfortranarray(array), array[:0]):
        found = safe_pickle.read(pickle.dumps({"a": each}, protocol=protocol), ARRAYS)["a"]
        assert found.dtype == array.dtype
        np.testing.assert_array_equal(found, each)
        assert not found.flags.writeable


@pytest.mark.parametrize(
    "array",
    [np.array([None, 3], object), np.array(["text"]), np.zeros(2, [("a", "f4")])],
    ids=["objects", "text", "parts"],
)
def test_arrays_of_anything_but_numbers_are_refused(array):
    with pytest.raises(ValueError, match="Expected|refused"):
        safe_pickle.read(pickle.dumps(array, protocol=3), ARRAYS)


def test_an_array_that_claims_more_than_it_holds_is_refused():
    stream = io.BytesIO()
    pickle.Pickler(stream, protocol=3).dump(np.zeros(3, "float32"))
    short = stream.getvalue().replace(b"K\x03\x85", b"K\x04\x85")
    assert short != stream.getvalue()
    with pytest.raises(ValueError, match="to have 16 bytes; it has 12"):
        safe_pickle.read(short, ARRAYS)
