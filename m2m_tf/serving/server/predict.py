"""TensorFlow Serving's predict request and answer: JSON to tensors and back.

Source: https://www.tensorflow.org/tfx/serving/api_rest, "Predict API" and "JSON mapping".
"""

import base64
import re

import numpy as np
import tensorflow as tf

DEFAULT = "serving_default"
KEYS = ("signature_name", "instances", "inputs")


class BadRequest(ValueError):
    """A request that cannot be answered, and why."""


def answer(signatures, request, most_rows):
    """Answers a predict request.

    Args:
        signatures: The signatures of a SavedModel: `{name: function}`.
        request: What the body said in JSON: an object with `instances`, a list with a row for
            each (`[[0.1, ..], ..]`, or `[{"latent": [..]}, ..]`), or `inputs`, whole tensors
            (`{"num_images": 4, ..}`, or the one tensor alone); and, but for `serving_default`,
            `signature_name`.
        most_rows: Rows that a tensor may have.

    Returns:
        `{"predictions": rows}` for `instances`, `{"outputs": tensors}` for `inputs`; with the
        names of the outputs where there are several. Arrays are NumPy's.

    Raises:
        BadRequest: If it does not fit the signature.
    """
    if not isinstance(request, dict):
        raise BadRequest("Expected a JSON object with 'instances' or 'inputs'.")
    unknown = sorted(set(request) - set(KEYS))
    if unknown:
        raise BadRequest(f"Expected the keys {', '.join(KEYS)}; got {_shown(unknown[0])} too.")
    if ("instances" in request) == ("inputs" in request):
        raise BadRequest("Expected either 'instances' or 'inputs'; got both or neither.")
    function = _signature(signatures, request.get("signature_name", DEFAULT))
    specs = function.structured_input_signature[1]
    by_row = "instances" in request
    values = _columns(request["instances"], specs) if by_row else _named(request["inputs"], specs)
    tensors = {name: _tensor(name, values[name], spec, most_rows) for name, spec in specs.items()}
    outputs = {name: _plain(made) for name, made in _call(function, tensors).items()}
    return {"predictions": _rows(outputs)} if by_row else {"outputs": _one_or_all(outputs)}


def _signature(signatures, name):
    if not isinstance(name, str) or name not in signatures:
        raise BadRequest(f"Expected a signature_name of {_listed(signatures)}; got {_shown(name)}.")
    return signatures[name]


def _columns(instances, specs):
    """Row format to whole tensors: `{name: list of rows}`."""
    if not isinstance(instances, list) or not instances:
        raise BadRequest("Expected 'instances' to be a list of one row or more.")
    named = [isinstance(row, dict) for row in instances]
    if any(named) and not all(named):
        raise BadRequest("Expected rows that are all objects, or none.")
    if not named[0]:
        return {_only(specs): instances}
    for number, row in enumerate(instances):
        _check_names(row, specs, f" in row {number}")
    return {name: [row[name] for row in instances] for name in specs}


def _named(inputs, specs):
    """Column format to whole tensors: `{name: value}`."""
    if not isinstance(inputs, dict):
        return {_only(specs): inputs}
    _check_names(inputs, specs, "")
    return inputs


def _only(specs):
    if len(specs) > 1:
        raise BadRequest(f"Expected inputs by name: {_listed(specs)}; got values without names.")
    return next(iter(specs))


def _check_names(values, specs, where):
    if set(values) != set(specs):
        got = _listed(values) or "none"
        raise BadRequest(f"Expected the inputs {_listed(specs)}{where}; got {got}.")


def _tensor(name, value, spec, most_rows):
    """An array of the input's type and shape."""
    dtype = spec.dtype.as_numpy_dtype
    expected = f"Expected '{name}' as {spec.dtype.name} of shape {_shape(spec.shape)}"
    try:
        array = np.asarray(value)
    except (ValueError, OverflowError):
        raise BadRequest(f"{expected}; got rows of different lengths.") from None
    kinds = "iu" if np.issubdtype(dtype, np.integer) else "iuf"
    if array.dtype.kind not in kinds:
        raise BadRequest(f"{expected}; got values that are no such numbers.")
    if not spec.shape.is_compatible_with(array.shape):
        raise BadRequest(f"{expected}; got {_shape(array.shape)}.")
    if array.ndim and not 1 <= len(array) <= most_rows:
        raise BadRequest(f"Expected 1 to {most_rows:,} rows of '{name}'; got {len(array):,}.")
    limits = np.iinfo(dtype) if kinds == "iu" else np.finfo(dtype)
    if not ((array >= limits.min) & (array <= limits.max)).all():  # NaN is neither
        raise BadRequest(f"{expected}; got a value out of range.")
    return array.astype(dtype)


def _call(function, tensors):
    try:
        return function(**{name: tf.constant(array) for name, array in tensors.items()})
    except tf.errors.InvalidArgumentError as error:
        said = re.search(r"assertion failed: \[(.+?)\]", error.message)
        raise BadRequest(f"{said[1]}." if said else "The inputs do not fit the model.") from None


def _plain(tensor):
    """An array that JSON can hold; bytes in base64."""
    array = tensor.numpy()
    if array.dtype.kind not in "OS":
        return np.ascontiguousarray(array)
    return [{"b64": base64.b64encode(each).decode("ascii")} for each in array]


def _rows(outputs):
    """The outputs row by row: values, or objects where there are several outputs."""
    if len(outputs) == 1:
        return next(iter(outputs.values()))
    return [dict(zip(outputs, row, strict=True)) for row in zip(*outputs.values(), strict=True)]


def _one_or_all(outputs):
    return next(iter(outputs.values())) if len(outputs) == 1 else outputs


def _listed(names):
    return ", ".join(_shown(name) for name in sorted(names)[:10])


def _shown(value):
    """A value of the request in a message, cut where it is long."""
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _shape(shape):
    return f"({', '.join('n' if side is None else str(side) for side in shape)})"
