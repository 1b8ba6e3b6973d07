"""Pickles read without pickle: plain data and arrays come back, all else is refused."""

import collections
import io
import os
import pickle
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from m2m_tf.files import ARRAYS, safe_pickle

PROTOCOLS = range(5)
PLAIN = {
    "numbers": [0, 1, -1, 255, 65_536, -(2**31), 2**80, -(2**3000), 0.5, -1e300, True, False],
    "texts": ["", "a", "é\n\\", "\u6f22" * 300, None],
    "nested": ((), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4), [[], {}], {1: {2.5: {None: []}}}),
}

plain_data = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner) | st.lists(inner).map(tuple),
    max_leaves=20,
)


class Call:
    """Pickles as a call of a function."""

    def __init__(self, function, *arguments):
        self.call = function, arguments

    def __reduce__(self):
        return self.call


class Point:
    def __init__(self, x):
        self.x = x


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_plain_data_comes_back(protocol):
    assert safe_pickle.read(pickle.dumps(PLAIN, protocol), {}) == PLAIN


@given(plain_data, st.sampled_from(PROTOCOLS))
def test_any_plain_data_comes_back(data, protocol):
    found = safe_pickle.read(pickle.dumps(data, protocol), {})
    assert found == data and repr(found) == repr(data)


def test_bytes_come_back():
    data = [b"", b"\0\xff" * 400]
    assert safe_pickle.read(pickle.dumps(data, 3), {}) == data
    assert safe_pickle.read(pickle.dumps(data, 4), {}) == data


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize(
    "array",
    [
        np.arange(24, dtype="float32").reshape(2, 3, 4),
        np.asfortranarray(np.arange(6, dtype="int64").reshape(2, 3)),
        np.arange(6, dtype=">i2"),
        np.array(True),
        np.zeros((0, 3), "uint8"),
    ],
    ids=["floats", "columns first", "big-endian", "a scalar", "empty"],
)
def test_arrays_come_back(array, protocol):
    data = pickle.dumps({"first": [array, array], "second": array.copy()}, protocol)
    found = safe_pickle.read(data, ARRAYS)
    assert found["first"][0] is found["first"][1]
    for ours, theirs in ((found["first"][0], array), (found["second"], array)):
        assert ours.dtype == theirs.dtype and ours.shape == theirs.shape
        np.testing.assert_array_equal(ours, theirs)


def test_what_is_shared_stays_shared():
    inner = [1]
    found = safe_pickle.read(pickle.dumps([inner, inner], 4), {})
    assert found == [[1], [1]] and found[0] is found[1]


def test_a_name_that_the_table_has_is_called():
    data = pickle.dumps(collections.OrderedDict(a=1, b=[2]), 2)
    found = safe_pickle.read(data, {("collections", "OrderedDict"): dict})
    assert found == {"a": 1, "b": [2]} and type(found) is dict


def test_an_object_is_made_and_given_its_state_by_the_table_alone():
    data = pickle.dumps([Point(3)], 2)
    name = (Point.__module__, "Point")
    with pytest.raises(ValueError, match="opcode BUILD, which is refused"):
        safe_pickle.read(data, {name: dict})
    table = {name: dict, safe_pickle.BUILD: lambda made, state: made | state}
    assert safe_pickle.read(data, table) == [{"x": 3}]


def test_what_a_build_returns_takes_the_objects_place_in_the_memo():
    point = Point(3)
    table = {(Point.__module__, "Point"): dict, safe_pickle.BUILD: lambda made, state: (state,)}
    found = safe_pickle.read(pickle.dumps([point, point], 2), table)
    assert found == [({"x": 3},)] * 2


def test_persistent_ids_go_to_the_callers_function():
    class Pickler(pickle.Pickler):
        def persistent_id(self, item):
            return ("storage", item.x) if isinstance(item, Point) else None

    stream = io.BytesIO()
    Pickler(stream, 2).dump([Point(1), Point(2)])
    assert safe_pickle.read(stream.getvalue(), {}, lambda pid: pid[1] * 10) == [10, 20]
    with pytest.raises(ValueError, match="opcode BINPERSID, which is refused"):
        safe_pickle.read(stream.getvalue(), {})


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_command_is_refused_and_not_run(protocol, tmp_path):
    trace = tmp_path / "ran"
    data = pickle.dumps({"weights": Call(os.system, f"touch {trace}")}, protocol)
    with pytest.raises(ValueError, match=r"names '(posix|nt)\.system', which is refused"):
        safe_pickle.read(data, ARRAYS)
    assert not trace.exists()


@pytest.mark.parametrize("function", [eval, getattr, np.load, np.zeros, pickle.loads])
def test_other_names_are_refused(function):
    with pytest.raises(ValueError, match="which is refused"):
        safe_pickle.read(pickle.dumps(Call(function, "1"), 4), ARRAYS)


@pytest.mark.parametrize(
    "stream, said",
    [
        (b"I1\nI1\n\x85R.", "calls what is no name"),
        (b"(ios\nsystem\n.", "opcode INST"),
        (b"\x82\x01.", "opcode EXT1"),
        (b"]2.", "opcode DUP"),
        (b"\x80\x05N.", "protocol 5, and 4 is the last"),
        (b"N.N.", "2 bytes follow"),
        (b"NN.", "leaves 2 objects"),
        (b"(.", "leaves 0 objects"),
        (b".", "leaves 0 objects"),
        (b"N(\x85.", "takes more from its stack"),
        (b"t.", "no mark"),
        (b"g7\n.", "nothing under 7"),
        (b"NNa.", "takes a NoneType for a list"),
        (b"}(Nu.", "dictionary of other keys"),
        (b"}))s.", "dictionary of other keys"),
        (b"]q\0q\1.", "memo again"),
        (b"]q\0h\0a.", "changes an object that another holds"),
        (b"]q\0h\0\x85a.", "changes an object that another holds"),
        (b"]Nb.", "opcode BUILD"),
        (b"NN\x93.", "a name that is no text"),
        (b"", "cut short"),
    ],
)
def test_what_no_data_needs_is_refused(stream, said):
    with pytest.raises(ValueError, match=said):
        safe_pickle.read(stream, {})


def test_a_constant_of_the_table_is_passed_on_and_never_called():
    table = {("numpy", "ndarray"): np.ndarray, ("torch", "FloatStorage"): "float32"}
    assert safe_pickle.read(b"ctorch\nFloatStorage\n.", table) == "float32"
    with pytest.raises(ValueError, match="calls what is no name that may be called"):
        safe_pickle.read(b"ctorch\nFloatStorage\n)R.", table)


def test_a_call_that_fails_is_a_refusal():
    with pytest.raises(ValueError, match="call of numpy.dtype fails"):
        safe_pickle.read(b"cnumpy\ndtype\n)R.", ARRAYS)


def test_every_stream_cut_short_is_refused():
    data = pickle.dumps({"a": np.arange(3, dtype="float32"), "b": [1, "two"]}, 4)
    for length in range(len(data)):
        with pytest.raises(ValueError):
            safe_pickle.read(data[:length], ARRAYS)


@given(st.binary(max_size=200))
def test_garbage_is_refused_or_plain(data):
    try:
        safe_pickle.read(data, ARRAYS)
    except ValueError:
        pass


def test_a_text_with_an_escape_that_is_none_is_refused():
    with pytest.raises(ValueError, match="damaged or cut short"):
        safe_pickle.read(b"S'\\u'\n.", ARRAYS)


@given(st.data(), st.sampled_from(PROTOCOLS))
def test_a_damaged_stream_is_refused_or_plain(data, protocol):
    array = np.arange(4, dtype="float32")
    stream = bytearray(pickle.dumps({"a": [array, array], "b": (1, "two", None)}, protocol))
    places = st.lists(st.tuples(st.integers(0, len(stream) - 1), st.integers(0, 255)), max_size=4)
    for place, value in data.draw(places):
        stream[place] = value
    try:
        safe_pickle.read(bytes(stream), ARRAYS)
    except ValueError:
        pass


@pytest.mark.parametrize(
    "name, shape, size",
    [("O", (1,), 8), ("V8", (1,), 8), ("f4", (2**40,), 4), ("f4", (-1,), 4), ("f4", (3,), 8)],
)
def test_arrays_of_something_else_or_another_size_are_refused(name, shape, size):
    class Array:
        def __reduce__(self):
            state = (1, shape, np.dtype(name) if name == "f4" else Call(np.dtype, name), False)
            reconstruct = np.zeros(1).__reduce__()[0]
            return reconstruct, (np.ndarray, (0,), b"b"), (*state, b"\0" * size)

    with pytest.raises(ValueError, match="Expected (arrays of numbers|an array of shape)"):
        safe_pickle.read(pickle.dumps(Array(), 4), ARRAYS)


def test_nesting_has_an_end():
    nested = []
    for _ in range(safe_pickle.DEEPEST):
        nested = [nested]
    with pytest.raises(ValueError, match="nests deeper than 100"):
        safe_pickle.read(pickle.dumps(nested, 4), {})


def test_sharing_that_unfolds_to_the_sky_is_refused():
    shared = ("ha",) * 10
    for _ in range(40):
        shared = (shared, shared)
    with pytest.raises(ValueError, match="without its sharing"):
        safe_pickle.read(pickle.dumps(shared, 4), {})


def test_one_buffer_given_to_many_calls_is_refused():
    text = b"X" + (1_000_000).to_bytes(4, "little") + b"x" * 1_000_000 + b"q\0"
    calls = b"ca\nb\nh\0\x85R"
    table = {("a", "b"): lambda text: bytearray(text, "ascii")}
    assert len(safe_pickle.read(b"(" + text + calls * 10 + b"t.", table)) == 11
    with pytest.raises(ValueError, match="without its sharing"):
        safe_pickle.read(b"(" + text + calls * 100 + b"t.", table)


def test_streams_have_a_largest_size_and_number_of_opcodes(monkeypatch):
    data = pickle.dumps(list(range(100)), 4)
    monkeypatch.setattr(safe_pickle, "MOST_OPCODES", 100)
    with pytest.raises(ValueError, match="more than 100 opcodes"):
        safe_pickle.read(data, {})
    monkeypatch.setattr(safe_pickle, "LARGEST", 100)
    with pytest.raises(ValueError, match="at most 100 bytes"):
        safe_pickle.read(data, {})


def test_nothing_is_imported_for_a_stream():
    """To import `this` prints a poem."""
    with pytest.raises(ValueError, match="names 'this.s', which is refused"):
        safe_pickle.read(b"cthis\ns\n.", {})
    assert "this" not in sys.modules
