"""A predict request of TensorFlow Serving's: JSON to arrays, by NumPy alone.

JSON holds Python's interpreter until it is read, some megabytes of brackets for seconds, and no
other thread answers meanwhile. So a large body is read in a process of its own, which runs this
file (`reader.py` starts it): it has neither TensorFlow nor this package, and is there at once.

Source: https://www.tensorflow.org/tfx/serving/api_rest, "Predict API" and "JSON mapping".
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
LENGTH = 8  # bytes before each message between the processes: its length


class BadRequest(ValueError):
    """A request that cannot be answered, and why."""


class Asked(NamedTuple):
    """What a request asks for: a signature, whether in rows, and its inputs by name."""

    signature: str
    by_row: bool
    arrays: dict


def read(specs, body, most_rows):
    """Reads a predict request.

    Args:
        specs: What the signatures take, `{signature: {input: {"dtype": .., "shape": .., "least":
            .., "most": ..}}}`; a side of any length is None, the last two are not always there.
        body: Bytes of JSON: an object with `instances`, a list with a row for each (`[[0.1, ..],
            ..]`, or `[{"latent": [..]}, ..]`), or `inputs`, whole tensors (`{"num_images": 4,
            ..}`, or the one tensor alone); and, but for `serving_default`, `signature_name`.
        most_rows: Rows that a tensor may have.

    Returns:
        An `Asked`.

    Raises:
        BadRequest: If it does not fit the signature.
    """
    try:
        request = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise BadRequest(f"Expected a body in JSON: {error}.") from None
    if not isinstance(request, dict):
        raise BadRequest("Expected a JSON object with 'instances' or 'inputs'.")
    unknown = sorted(set(request) - set(KEYS))
    if unknown:
        raise BadRequest(f"Expected the keys {', '.join(KEYS)}; got {_shown(unknown[0])} too.")
    if ("instances" in request) == ("inputs" in request):
        raise BadRequest("Expected either 'instances' or 'inputs'; got both or neither.")
    name = request.get("signature_name", DEFAULT)
    if not isinstance(name, str) or name not in specs:
        raise BadRequest(f"Expected a signature_name of {_listed(specs)}; got {_shown(name)}.")
    by_row, takes = "instances" in request, specs[name]
    values = _columns(request["instances"], takes) if by_row else _named(request["inputs"], takes)
    _check_rows(values, takes, most_rows)
    arrays = {each: _array(each, values[each], spec) for each, spec in takes.items()}
    return Asked(name, by_row, arrays)


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


def _check_rows(values, specs, most_rows):
    """Refuses tensors without rows, with too many, or with other numbers of them."""
    lists = {name: values[name] for name, spec in specs.items() if spec["shape"]}
    counts = {name: len(value) for name, value in lists.items() if isinstance(value, list)}
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
    dtype, sides = np.dtype(spec["dtype"]), spec["shape"]
    expected = f"Expected '{name}' as {dtype.name} of shape {_shape(sides)}"
    whole = np.issubdtype(dtype, np.integer)
    numbers, shape = _flat(value, len(sides), {int} if whole else {int, float}, expected)
    if any(side not in (None, got) for side, got in zip(sides, shape, strict=True)):
        raise BadRequest(f"{expected}; got {_shape(shape)}.")
    limits = np.iinfo(dtype) if whole else np.finfo(dtype)
    try:
        array = np.fromiter(numbers, np.int64 if whole else np.float64, len(numbers))
    except OverflowError:
        raise BadRequest(f"{expected}; got a value out of range.") from None
    if not ((array >= limits.min) & (array <= limits.max)).all():  # NaN is neither
        raise BadRequest(f"{expected}; got a value out of range.")
    least, most = spec.get("least"), spec.get("most")
    if least is not None and not ((array >= least) & (array <= most)).all():
        raise BadRequest(f"{name} must be {least} to {most}.")
    return array.astype(dtype).reshape(shape)


def _flat(value, rank, kinds, expected):
    """The numbers in lists of lists, and their shape.

    Looked at before NumPy makes an array: it would make one of text, as wide as the longest.
    """
    level, shape = [value], []
    for _ in range(rank):
        found = set(map(type, level))
        if found - {list}:
            numbers = found <= {int, float}
            got = _shape(shape) if numbers else "values that are no such numbers"
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


def _shape(shape):
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
    line = orjson.dumps([asked.signature, asked.by_row, facts]) + b"\n"
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
    return Asked(found[0], found[1], arrays)


def read_all(given, made):
    """Reads bodies from one pipe and answers at the other, until the first is closed.

    The first message is `[specs, most_rows]`.
    """
    specs, most_rows = orjson.loads(receive(given))
    while True:
        try:
            body = receive(given)
        except EOFError:
            return
        try:
            send(made, *packed(read(specs, body, most_rows)))
        except BadRequest as error:
            send(made, orjson.dumps(str(error)) + b"\n")


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which closes the pipe
    gc.disable()  # lists of JSON hold no circles, and looking for some takes longer than reading
    read_all(sys.stdin.buffer, sys.stdout.buffer)
