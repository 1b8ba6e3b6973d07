"""TensorFlow Serving's JSON, for any request: an answer, or a sentence; whole or in slices."""

import json

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.extras import needs

needs("serve", "orjson")

from m2m_tf.serving.server.predict import Predictor, specs_of  # noqa: E402 - an extra's
from m2m_tf.serving.server.reading import BadRequest, read  # noqa: E402

MOST = 16


def answer(signatures, request, most=MOST, rows=MOST):
    """The answer to a request that has been sent as JSON."""
    asked = read(specs_of(signatures, most), json.dumps(request).encode(), most)
    pieces = list(Predictor(signatures, rows).pieces(asked))
    return json.loads(b"".join(pieces))


def _signature(method, *specs):
    """A signature as `tf.saved_model.load` gives it back."""
    module = tf.Module()
    module.method = tf.function(method, input_signature=specs)
    return module.method.get_concrete_function()


def _below_3(n):
    allowed = tf.debugging.assert_less(n, tf.constant(3, tf.int64), "n must be 0 to 2")
    with tf.control_dependencies([allowed]):
        return {"n": tf.identity(n)}


@pytest.fixture(scope="module")
def signatures(tmp_path_factory):
    """Signatures: of two inputs and two outputs, of a scalar, of rows, and one that asserts."""
    module = tf.Module()
    stored = {
        "serving_default": _signature(
            lambda x, y: {"sum": x + tf.cast(y, tf.float32)[:, None], "y": y},
            tf.TensorSpec((None, 2), tf.float32, "x"),
            tf.TensorSpec((None,), tf.int32, "y"),
        ),
        "one": _signature(
            lambda n: {"twice": 2 * n},
            tf.TensorSpec((), tf.int64, "n"),
        ),
        "rows": _signature(
            lambda n: {"twice": 2 * n},
            tf.TensorSpec((None, 1), tf.int64, "n"),
        ),
        "below_3": _signature(_below_3, tf.TensorSpec((), tf.int64, "n")),
    }
    folder = tmp_path_factory.mktemp("signatures")
    tf.saved_model.save(module, str(folder), stored)
    loaded = tf.saved_model.load(str(folder))
    return loaded, dict(loaded.signatures)


def test_rows_in_rows_out(signatures):
    rows = [{"x": [1, 2.5], "y": 3}, {"x": [0, 0], "y": -1}]
    found = answer(signatures[1], {"instances": rows}, MOST)
    assert [sorted(row) for row in found["predictions"]] == [["sum", "y"]] * 2
    np.testing.assert_allclose(found["predictions"][0]["sum"], [4, 5.5])
    assert found["predictions"][1]["y"] == -1


def test_columns_in_columns_out(signatures):
    found = answer(signatures[1], {"inputs": {"x": [[1, 2]], "y": [3]}}, MOST)
    np.testing.assert_allclose(found["outputs"]["sum"], [[4, 5]])
    np.testing.assert_allclose(found["outputs"]["y"], [3])


def test_one_output_has_no_name(signatures):
    assert answer(signatures[1], {"signature_name": "one", "inputs": 21}, MOST) == {"outputs": 42}
    found = answer(signatures[1], {"signature_name": "one", "inputs": {"n": 21}}, MOST)
    assert found == {"outputs": 42}


@pytest.mark.parametrize("rows", [1, 3, 7, 8])
@pytest.mark.parametrize("format", ["instances", "inputs"])
def test_slices_of_any_size_give_what_one_gives(signatures, rows, format):
    x, y = np.arange(16.0).reshape(8, 2), np.arange(8)
    by_row = [{"x": x[k].tolist(), "y": k} for k in range(8)]
    request = {format: by_row if format == "instances" else {"x": x.tolist(), "y": y.tolist()}}
    expected = answer(signatures[1], request)
    assert answer(signatures[1], request, rows=rows) == expected
    sums = expected.get("outputs", {}).get("sum") or [row["sum"] for row in expected["predictions"]]
    np.testing.assert_array_equal(sums, x + y[:, None])


def test_one_output_in_slices_has_no_name(signatures):
    request = {"signature_name": "rows", "inputs": [[k] for k in range(5)]}
    found = answer(signatures[1], request, rows=2)
    assert found == {"outputs": [[0], [2], [4], [6], [8]]}


def test_a_slice_is_computed_when_its_piece_is_asked_for(signatures):
    calls = []

    def counted(**inputs):
        calls.append(len(inputs["n"]))
        return signatures[1]["rows"](**inputs)

    body = json.dumps({"signature_name": "rows", "inputs": [[k] for k in range(5)]}).encode()
    asked = read(specs_of(signatures[1], MOST), body, MOST)
    pieces = Predictor({"rows": counted}, 2).pieces(asked)
    assert calls == []
    next(pieces)
    assert calls == [2]
    assert len(list(pieces)) == 3 and calls == [2, 2, 1]  # the last piece closes the brackets


def test_inputs_that_do_not_fit_each_other_are_refused(signatures):
    with pytest.raises(BadRequest, match="do not fit the model"):
        answer(signatures[1], {"inputs": {"x": [[1, 2]] * 2, "y": [1] * 3}}, MOST)


def test_more_rows_than_the_bound_are_refused(signatures):
    body = {"inputs": {"x": [[1, 2]] * 17, "y": [1] * 17}}
    with pytest.raises(BadRequest, match="1 to 16 rows of '.'; got 17"):
        answer(signatures[1], body, MOST)


def test_an_empty_list_is_called_empty(signatures):
    with pytest.raises(BadRequest, match="Expected 1 to 16 rows of 'x', 'y'; got none"):
        answer(signatures[1], {"inputs": {"x": [], "y": []}})


def test_what_the_graph_asserts_is_one_sentence(signatures):
    with pytest.raises(BadRequest, match=r"^n must be 0 to 2\.$"):
        answer(signatures[1], {"signature_name": "below_3", "inputs": 5})


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=True)
    | st.text(max_size=8)
    | st.sampled_from(["serving_default", "one", "x", "y", "n"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["signature_name", "instances", "inputs", "x", "y", "n", "b64"]), inner
        )
    ),
    max_leaves=12,
)
REQUESTS = JSON | st.fixed_dictionaries(
    {},
    optional={
        "signature_name": st.sampled_from(["serving_default", "one"]) | JSON,
        "inputs": JSON | st.fixed_dictionaries({"x": JSON, "y": JSON}),
        "instances": JSON | st.lists(st.fixed_dictionaries({"x": JSON, "y": JSON}), max_size=3),
    },
)


@pytest.mark.slow
@settings(max_examples=400, deadline=None)
@given(request=REQUESTS)
def test_any_request_gives_an_answer_or_a_sentence(signatures, request):
    try:
        found = answer(signatures[1], request, MOST)
    except BadRequest as error:
        assert 10 < len(str(error)) < 500 and str(error).endswith(".")
    else:
        assert list(found) in (["predictions"], ["outputs"])
