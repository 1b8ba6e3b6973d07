"""JSON to arrays, in this process or by a message of another one."""

import io
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis.extra import numpy as hnp

from tests.extras import needs

needs("serve", "orjson")

from m2m_tf.serving.server import reading  # noqa: E402 - an extra's
from m2m_tf.serving.server.reading import BadRequest, read  # noqa: E402

SPECS = {
    "serving_default": {
        "latent": {"dtype": "float32", "shape": [None, 2]},
        "label": {"dtype": "int32", "shape": [None], "least": 0, "most": 9},
    },
    "sample": {"num_images": {"dtype": "int32", "shape": [], "least": 1, "most": 16}},
}


def asked(most_rows=16, **request):
    return read(SPECS, json.dumps(request).encode(), most_rows)


def test_arrays_have_the_types_and_shapes_of_the_signature():
    found = asked(inputs={"latent": [[1, 2.5], [0, -1]], "label": [3, 4]})
    assert (found.signature, found.by_row) == ("serving_default", False)
    assert {name: array.dtype.name for name, array in found.arrays.items()} == {
        "latent": "float32",
        "label": "int32",
    }
    np.testing.assert_array_equal(found.arrays["latent"], [[1, 2.5], [0, -1]])
    assert asked(signature_name="sample", inputs=3).arrays["num_images"].shape == ()


@pytest.mark.parametrize(
    ("latent", "said"),
    [
        ([["a" * 50_000, 0], *[["", 0]] * 9], "no such numbers"),  # as NumPy's text: 4 MB
        ([[True, 0]], "no such numbers"),
        ([[None, 0]], "no such numbers"),
        ([[[0], 0]], "more dimensions"),
        ([0, 0], r"got \(2\)"),
        ([[0, 0], [0]], "different lengths"),
        ([[0, 0, 0]], r"got \(1, 3\)"),
        ([[1e39, 0]], "out of range"),
        ([], "1 to 16 rows of 'latent'; got none"),
        ([[0, 0]] * 17, "1 to 16 rows of 'latent'; got 17"),
    ],
)
def test_what_does_not_fit_is_told(latent, said):
    with pytest.raises(BadRequest, match=said):
        asked(inputs={"latent": latent, "label": [1] * max(1, len(latent))})


def test_inputs_of_other_numbers_of_rows_are_told():
    with pytest.raises(BadRequest, match="as many rows; got 2 of 'latent', 1 of 'label'"):
        asked(inputs={"latent": [[0, 0]] * 2, "label": [1]})


@pytest.mark.parametrize("label", [-1, 10])
def test_a_value_out_of_its_range_is_told_with_the_range(label):
    with pytest.raises(BadRequest, match=r"^label must be 0 to 9\.$"):
        asked(inputs={"latent": [[0, 0]], "label": [label]})


def test_another_process_gives_the_same():
    body = json.dumps({"inputs": {"latent": [[1, 2.5]], "label": [3]}}).encode()
    sent, made = io.BytesIO(), io.BytesIO()
    for message in (json.dumps([SPECS, 16]).encode(), b"\0" + body, b"\0[1", b"\0" + body):
        reading.send(sent, message)
    sent.seek(0)
    reading.read_all(sent, made)
    made.seek(0)
    expected = read(SPECS, body, 16)
    for number in range(3):
        message = reading.receive(made)
        if number == 1:
            with pytest.raises(BadRequest, match="Expected a body in JSON"):
                reading.unpacked(message)
            continue
        found = reading.unpacked(message)
        assert found[:2] == expected[:2]
        for name, array in expected.arrays.items():
            assert found.arrays[name].dtype == array.dtype
            np.testing.assert_array_equal(found.arrays[name], array)
    with pytest.raises(EOFError):
        reading.receive(made)


def test_another_process_gives_the_same_of_the_open_protocol():
    tensors = [
        {"name": "latent", "datatype": "FP32", "shape": [1, 2], "data": [1, 2.5]},
        {"name": "label", "datatype": "INT32", "shape": [1], "data": [3]},
    ]
    request = {"id": "a", "inputs": tensors, "outputs": [{"name": "images"}]}
    body = json.dumps(request).encode()
    sent, made = io.BytesIO(), io.BytesIO()
    for message in (json.dumps([SPECS, 16]).encode(), b"\1" + body):
        reading.send(sent, message)
    sent.seek(0)
    reading.read_all(sent, made)
    made.seek(0)
    found, expected = reading.unpacked(reading.receive(made)), read(SPECS, body, 16, is_open=True)
    assert found.answer == expected.answer == {"id": "a", "outputs": ["images"]}
    for name, array in expected.arrays.items():
        np.testing.assert_array_equal(found.arrays[name], array)


@given(hnp.arrays("float32", hnp.array_shapes(min_dims=2, max_dims=2, max_side=5)))
def test_data_of_the_open_protocol_may_be_flat_or_nested(array):
    array = np.nan_to_num(array)
    specs = {"serving_default": {"x": {"dtype": "float32", "shape": [None, array.shape[1]]}}}
    for data in (array.ravel().tolist(), array.tolist()):
        tensor = {"name": "x", "datatype": "FP32", "shape": list(array.shape), "data": data}
        body = json.dumps({"inputs": [tensor]}).encode()
        np.testing.assert_array_equal(read(specs, body, 9, is_open=True).arrays["x"], array)
