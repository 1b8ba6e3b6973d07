"""A JSON file gives back what was written, and any reader takes it."""

import json
import math
from dataclasses import dataclass
from pathlib import PurePosixPath

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from m2m_tf.reports import write_json

PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def refuse(name):
    raise AssertionError(f"{name} is not JSON")


def read(path):
    return json.loads(path.read_text(encoding="utf-8"), parse_constant=refuse)


@settings(deadline=None, max_examples=60)
@given(st.dictionaries(st.text(), PLAIN, max_size=5))
def test_plain_values_come_back_as_they_were_in_their_order(tmp_path_factory, content):
    path = tmp_path_factory.getbasetemp() / "plain.json"
    write_json(path, content)
    back = read(path)
    assert back == content
    assert list(back) == list(content)


@dataclass
class Point:
    x: float
    y: np.ndarray


class Known:
    def to_json(self):
        return {"value": np.float64(2)}


def test_what_numpy_and_python_make_becomes_plain(tmp_path):
    content = {
        "scalars": [np.float32(0.5), np.int64(3), np.bool_(True), np.str_("a")],
        "array": np.arange(4, dtype="int8").reshape(2, 2),
        "tensor": tf.constant([1.5, math.nan]),
        "tuple": (1, (2, None)),
        "set": {3, 1, 2},
        "path": PurePosixPath("a/b"),
        "dataclass": Point(1.0, np.zeros(2)),
        "known": [Known()],
        "counts": {10: 0.5, np.int64(20): 1},
    }
    assert write_json(tmp_path / "new" / "a.json", content) == tmp_path / "new" / "a.json"
    assert read(tmp_path / "new" / "a.json") == {
        "scalars": [0.5, 3, True, "a"],
        "array": [[0, 1], [2, 3]],
        "tensor": [1.5, None],
        "tuple": [1, [2, None]],
        "set": [1, 2, 3],
        "path": "a/b",
        "dataclass": {"x": 1.0, "y": [0.0, 0.0]},
        "known": [{"value": 2.0}],
        "counts": {"10": 0.5, "20": 1},
    }


def test_what_is_not_finite_becomes_null(tmp_path):
    bad = [math.nan, math.inf, -math.inf, np.float32("nan"), np.array([1, np.inf])]
    write_json(tmp_path / "a.json", {"bad": bad})
    assert read(tmp_path / "a.json") == {"bad": [None, None, None, None, [1.0, None]]}


BAD = [
    ({"a": [1, object()]}, r"the dict\['a'\]\[1\] is a object"),
    ({"a": {1.5: 2}}, r"the dict\['a'\] has the key 1.5"),
    ({"a": {1: 2, "1": 3}}, r"the dict\['a'\] has a number and the same number as text"),
    ({"a": b"bytes"}, "is a bytes"),
    ({"a": np.array([object()])}, "is a ndarray"),
    ({"a": 1j}, "is a complex"),
    ({"a": Known}, "is a type"),
    ([1, 2], "expects a dict; got list"),
]


@pytest.mark.parametrize("content, message", BAD)
def test_what_json_cannot_hold_is_refused_with_its_place_and_leaves_the_old_file(
    tmp_path, content, message
):
    path = tmp_path / "a.json"
    path.write_text("{}")
    with pytest.raises(ValueError, match=message):
        write_json(path, content)
    assert path.read_text() == "{}"
    assert list(tmp_path.iterdir()) == [path]


def test_another_file_name_is_refused(tmp_path):
    with pytest.raises(ValueError, match="must end in .json"):
        write_json(tmp_path / "a.txt", {})
