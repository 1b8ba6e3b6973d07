"""TensorFlow Serving's JSON, for any request: an answer, or a sentence."""

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from m2m_tf.serving.server.predict import BadRequest, answer

MOST = 16


def _signature(method, *specs):
    """A signature as `tf.saved_model.load` gives it back."""
    module = tf.Module()
    module.method = tf.function(method, input_signature=specs)
    return module.method.get_concrete_function()


@pytest.fixture(scope="module")
def signatures(tmp_path_factory):
    """Two signatures: one of two inputs and two outputs, one of a scalar."""
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


def test_inputs_that_do_not_fit_each_other_are_refused(signatures):
    with pytest.raises(BadRequest, match="do not fit the model"):
        answer(signatures[1], {"inputs": {"x": [[1, 2]] * 2, "y": [1] * 3}}, MOST)


def test_more_rows_than_the_bound_are_refused(signatures):
    body = {"inputs": {"x": [[1, 2]] * 17, "y": [1] * 17}}
    with pytest.raises(BadRequest, match="1 to 16 rows of '.'; got 17"):
        answer(signatures[1], body, MOST)


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


@settings(max_examples=400, deadline=None)
@given(request=REQUESTS)
def test_any_request_gives_an_answer_or_a_sentence(signatures, request):
    try:
        found = answer(signatures[1], request, MOST)
    except BadRequest as error:
        assert 10 < len(str(error)) < 500 and str(error).endswith(".")
    else:
        assert list(found) in (["predictions"], ["outputs"])
