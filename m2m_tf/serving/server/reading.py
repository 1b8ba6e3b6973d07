"""A request in JSON, of TensorFlow Serving's protocol or the open one, to arrays: by NumPy alone.

JSON holds Python's interpreter until it is read, some megabytes of brackets for seconds, and no
other thread answers meanwhile. So a large body is read in a process of its own, which runs this
file (`reader.py` starts it): it has neither TensorFlow nor this package, and is there at once.

Source: https://www.tensorflow.org/tfx/serving/api_rest, "Predict API" and "JSON mapping";
https://kserve.github.io/website/docs/concepts/architecture/data-plane/v2-protocol, "Inference".
"""

import gc
import itertools
import signal
import sys
from typing import NamedTuple

import numpy as np
import orjson

DEFAULT = "serving_default"
KEYS = ("signature_name", "instances", "inputs")
OPEN_KEYS = ("id", "parameters", "inputs", "outputs")
TENSOR_KEYS = ("name", "shape", "datatype", "parameters", "data")
DATATYPES = {"uint8": "UINT8", "int32": "INT32", "int64": "INT64", "float32": "FP32"}
LONGEST = 256  # characters of an id
LENGTH = 8  # bytes before each message between the processes: its length


class BadRequest(ValueError):
    """A request that cannot be answered, and why."""


class Asked(NamedTuple):
    """What a request asks for.

    Attributes:
        signature: A signature's name.
        by_row: Whether the answer is in rows.
        arrays: The inputs by name.
        answer: Of the open protocol: `{"id": .., "outputs": names or None}`; else None.
    """

    signature: str
    by_row: bool
    arrays: dict
    answer: dict | None = None


def read(specs, body, most_rows, is_open=False):
    """Reads a request, of TensorFlow Serving's protocol or of the open one.

    Args:
        specs: What the signatures take, `{signature: {input: {"dtype": .., "shape": .., "least":
            .., "most": ..}}}`; a side of any length is None, the last two are not always there.
        body: Bytes of JSON: an object with `instances`, a list with a row for each (`[[0.1, ..],
            ..]`, or `[{"latent": [..]}, ..]`), or `inputs`, whole tensors (`{"num_images": 4,
            ..}`, or the one tensor alone); and, but for `serving_default`, `signature_name`.
            Of the open protocol: `inputs`, a list of tensors (`{"name": .., "shape": ..,
            "datatype": .., "data": ..}`), and perhaps `id`, `outputs` and, in `parameters`, the
            `signature_name`.
        most_rows: Rows that a tensor may have.
        is_open: Whether it is of the open protocol, V2.

    Returns:
        An `Asked`.

    Raises:
        BadRequest: If it does not fit the signature.
    """
    try:
        request = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise BadRequest(f"Expected a body in JSON: {error}.") from None
    return (_read_open if is_open else _read_predict)(specs, request, most_rows)


def _read_predict(specs, request, most_rows):
    _check_object(request, KEYS, "an object with 'instances' or 'inputs'")
    if ("instances" in request) == ("inputs" in request):
        raise BadRequest("Expected either 'instances' or 'inputs'; got both or neither.")
    name = _signature(request.get("signature_name", DEFAULT), specs)
    by_row, takes = "instances" in request, specs[name]
    values = _columns(request["instances"], takes) if by_row else _named(request["inputs"], takes)
    _check_rows(values, takes, most_rows)
    arrays = {each: _array(each, values[each], spec) for each, spec in takes.items()}
    return Asked(name, by_row, arrays)


def _read_open(specs, request, most_rows):
    _check_object(request, OPEN_KEYS, "an object with 'inputs'")
    parameters = request.get("parameters", {})
    _check_object(parameters, None, "'parameters' to be an object")
    name = _signature(parameters.get("signature_name", DEFAULT), specs)
    takes, tensors = specs[name], _by_name(request.get("inputs"), "inputs")
    check_names(tensors, takes, "")
    arrays = {each: _tensor(each, tensors[each], spec) for each, spec in takes.items()}
    check_counts({each: len(array) for each, array in arrays.items() if array.ndim}, most_rows)
    id_ = request.get("id")
    if id_ is not None and not (isinstance(id_, str) and len(id_) <= LONGEST):
        raise BadRequest(f"Expected 'id' to be a text of at most {LONGEST} characters.")
    outputs = request.get("outputs")
    outputs = None if outputs is None else sorted(_by_name(outputs, "outputs"))
    return Asked(name, False, arrays, {"id": id_, "outputs": outputs})


def _check_object(value, keys, what):
    """Refuses what is no JSON object, or has other keys; None allows any."""
    if not isinstance(value, dict):
        raise BadRequest(f"Expected {what}, in JSON.")
    unknown = sorted(set(value) - set(keys)) if keys else ()
    if unknown:
        raise BadRequest(f"Expected the keys {', '.join(keys)}; got {_shown(unknown[0])} too.")


def _signature(name, specs):
    if not isinstance(name, str) or name not in specs:
        raise BadRequest(f"Expected a signature_name of {_listed(specs)}; got {_shown(name)}.")
    return name


def _by_name(tensors, what):
    """A list of objects with names, as a dictionary."""
    if not isinstance(tensors, list) or not tensors:
        raise BadRequest(f"Expected '{what}' to be a list of one tensor or more.")
    for tensor in tensors:
        _check_object(tensor, TENSOR_KEYS, f"each of '{what}' to be an object with a 'name'")
        if not isinstance(tensor.get("name"), str):
            raise BadRequest(f"Expected each of '{what}' to have a 'name', a text.")
    found = {tensor["name"]: tensor for tensor in tensors}
    if len(found) < len(tensors):
        raise BadRequest(f"Expected each name once in '{what}'; got {_listed(found)} and again.")
    return found


def _tensor(name, tensor, spec):
    """The array of a tensor of the open protocol; its data may be flat or lists of lists."""
    kind, shape, data = (tensor.get(key) for key in ("datatype", "shape", "data"))
    if kind != DATATYPES[spec["dtype"]]:
        raise BadRequest(
            f"Expected '{name}' with the datatype {DATATYPES[spec['dtype']]}; got {_shown(kind)}."
        )
    if not isinstance(shape, list) or not all(type(side) is int and side >= 0 for side in shape):
        raise BadRequest(f"Expected '{name}' with a shape, a list of whole numbers.")
    if not isinstance(data, list):
        raise BadRequest(f"Expected '{name}' with data, a list of its values.")
    sides, expected = spec["shape"], expected_of(name, spec)
    shape = [] if not sides and shape == [1] else shape  # a scalar is often written so
    fits = len(shape) == len(sides) and all(
        side in (None, got) for side, got in zip(sides, shape, strict=True)
    )
    if not fits:
        raise BadRequest(f"{expected}; got {shown_shape(shape)}.")
    is_nested = bool(data) and isinstance(data[0], list)
    numbers, found = _flat(data, len(shape) if is_nested else 1, _kinds(spec), expected)
    count = 1
    for side in shape:
        count *= side
    if len(numbers) != count or (is_nested and found != shape):
        raise BadRequest(f"{expected}; its data do not have the shape {shown_shape(shape)}.")
    return _values(name, numbers, shape, spec, expected)


def _columns(instances, specs):
    """Row format to whole tensors: `{name: list of rows}`."""
    if not isinstance(instances, list) or not instances:
        raise BadRequest("Expected 'instances' to be a list of one row or more.")
    kinds = set(map(type, instances))
    if dict not in kinds:
        return {_only(specs): instances}
    if kinds != {dict}:
        raise BadRequest("Expected rows that are all objects, or none.")
    for number, row in enumerate(instances):
        check_names(row, specs, f" in row {number}")
    return {name: [row[name] for row in instances] for name in specs}


def _named(inputs, specs):
    """Column format to whole tensors: `{name: value}`."""
    if not isinstance(inputs, dict):
        return {_only(specs): inputs}
    check_names(inputs, specs, "")
    return inputs


def _only(specs):
    if len(specs) > 1:
        raise BadRequest(f"Expected inputs by name: {_listed(specs)}; got values without names.")
    return next(iter(specs))


def check_names(values, specs, where):
    if set(values) != set(specs):
        got = _listed(values) or "none"
        raise BadRequest(f"Expected the inputs {_listed(specs)}{where}; got {got}.")


def _check_rows(values, specs, most_rows):
    """Refuses tensors without rows, with too many, or with other numbers of them."""
    lists = {name: values[name] for name, spec in specs.items() if spec["shape"]}
    counts = {name: len(value) for name, value in lists.items() if isinstance(value, list)}
    check_counts(counts, most_rows)


def check_counts(counts, most_rows):
    empty = [name for name, count in counts.items() if not count]
    if empty:
        raise BadRequest(f"Expected 1 to {most_rows:,} rows of {_listed(empty)}; got none.")
    for name, count in counts.items():
        if count > most_rows:
            raise BadRequest(f"Expected 1 to {most_rows:,} rows of '{name}'; got {count:,}.")
    if len(set(counts.values())) > 1:
        got = ", ".join(f"{count:,} of '{name}'" for name, count in counts.items())
        raise BadRequest(f"The inputs do not fit the model: expected as many rows; got {got}.")


def _array(name, value, spec):
    """An array of the input's type and shape, of values in its range."""
    sides, expected = spec["shape"], expected_of(name, spec)
    numbers, shape = _flat(value, len(sides), _kinds(spec), expected)
    if any(side not in (None, got) for side, got in zip(sides, shape, strict=True)):
        raise BadRequest(f"{expected}; got {shown_shape(shape)}.")
    return _values(name, numbers, shape, spec, expected)


def expected_of(name, spec):
    return f"Expected '{name}' as {spec['dtype']} of shape {shown_shape(spec['shape'])}"


def _kinds(spec):
    """The types of JSON's numbers that an input takes."""
    return {int} if np.issubdtype(np.dtype(spec["dtype"]), np.integer) else {int, float}


def _values(name, numbers, shape, spec, expected):
    """An array of numbers, once they are seen to be in range."""
    dtype = np.dtype(spec["dtype"])
    whole = np.issubdtype(dtype, np.integer)
    try:
        array = np.fromiter(numbers, np.int64 if whole else np.float64, len(numbers))
    except OverflowError:
        raise BadRequest(f"{expected}; got a value out of range.") from None
    check_range(name, array, spec)
    return array.astype(dtype).reshape(shape)


def check_range(name, array, spec):
    """Refuses values that the type of an input does not hold, NaN among them, or the model."""
    dtype = np.dtype(spec["dtype"])
    limits = np.iinfo(dtype) if np.issubdtype(dtype, np.integer) else np.finfo(dtype)
    if not ((array >= limits.min) & (array <= limits.max)).all():  # NaN is neither
        raise BadRequest(f"{expected_of(name, spec)}; got a value out of range.")
    least, most = spec.get("least"), spec.get("most")
    if least is not None and not ((array >= least) & (array <= most)).all():
        raise BadRequest(f"{name} must be {least} to {most}.")


def _flat(value, rank, kinds, expected):
    """The numbers in lists of lists, and their shape.

    Looked at before NumPy makes an array: it would make one of text, as wide as the longest.
    """
    level, shape = [value], []
    for _ in range(rank):
        found = set(map(type, level))
        if found - {list}:
            numbers = found <= {int, float}
            got = shown_shape(shape) if numbers else "values that are no such numbers"
            raise BadRequest(f"{expected}; got {got}.")
        lengths = set(map(len, level))
        if len(lengths) > 1:
            raise BadRequest(f"{expected}; got rows of different lengths.")
        shape.append(lengths.pop() if lengths else 0)
        level = list(itertools.chain.from_iterable(level))
    found = set(map(type, level))
    if list in found:
        raise BadRequest(f"{expected}; got more dimensions.")
    if found - kinds:
        raise BadRequest(f"{expected}; got values that are no such numbers.")
    return level, shape


def _listed(names):
    return ", ".join(_shown(name) for name in sorted(names)[:10])


def _shown(value):
    """A value of the request in a message, cut where it is long."""
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def shown_shape(shape):
    return f"({', '.join('n' if side is None else str(side) for side in shape)})"


def send(pipe, *parts):
    """Writes parts, bytes, as one message."""
    pipe.write(sum(map(len, parts)).to_bytes(LENGTH))
    for part in parts:
        pipe.write(part)
    pipe.flush()


def receive(pipe):
    """The next message.

    Raises:
        EOFError: If the other process is gone.
    """
    length = int.from_bytes(_exactly(pipe, LENGTH))
    return _exactly(pipe, length)


def _exactly(pipe, length):
    found = pipe.read(length)
    if len(found) < length:
        raise EOFError
    return found


def packed(asked):
    """An `Asked` as parts of a message: a line of JSON, and the arrays' bytes."""
    facts = {name: [array.dtype.name, array.shape] for name, array in asked.arrays.items()}
    line = orjson.dumps([asked.signature, asked.by_row, facts, asked.answer]) + b"\n"
    return line, *(array.tobytes() for array in asked.arrays.values())


def unpacked(message):
    """The `Asked` of a message.

    Raises:
        BadRequest: If the message is a refusal.
    """
    begin = message.index(b"\n") + 1
    found = orjson.loads(message[:begin])
    if isinstance(found, str):
        raise BadRequest(found)
    arrays = {}
    for name, (dtype, shape) in found[2].items():
        count = int(np.prod(shape, dtype=int))
        array = np.frombuffer(message, dtype, count, begin).reshape(shape)
        arrays[name], begin = array, begin + array.nbytes
    return Asked(found[0], found[1], arrays, found[3])


def read_all(given, made):
    """Reads bodies from one pipe and answers at the other, until the first is closed.

    The first message is `[specs, most_rows]`; a body begins with a byte, 1 for the open protocol.
    """
    specs, most_rows = orjson.loads(receive(given))
    while True:
        try:
            body = receive(given)
        except EOFError:
            return
        try:
            send(made, *packed(read(specs, body[1:], most_rows, bool(body[0]))))
        except BadRequest as error:
            send(made, orjson.dumps(str(error)) + b"\n")


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which closes the pipe
    gc.disable()  # lists of JSON hold no circles, and looking for some takes longer than reading
    read_all(sys.stdin.buffer, sys.stdout.buffer)
