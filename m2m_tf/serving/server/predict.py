"""What a predict request gets: tensors, computed a slice of rows at a time, as JSON in pieces."""

import base64
import re

import numpy as np
import orjson
import tensorflow as tf

from m2m_tf.serving.server.reading import DATATYPES, DEFAULT, BadRequest

DRAWN = ("sample", "png")  # the signatures whose images come of latents that they draw
ANY_CLASS = -1


def specs_of(signatures, most_images, classes=0):
    """What signatures take, as `reading.read` wants it.

    Args:
        signatures: `{name: function}`, of a SavedModel.
        most_images: Images that may be drawn.
        classes: How many classes the model has.
    """
    return {
        name: {
            each: _spec(each, spec, most_images, classes)
            for each, spec in function.structured_input_signature[1].items()
        }
        for name, function in signatures.items()
    }


def _spec(name, spec, most_images, classes):
    facts = {"dtype": spec.dtype.name, "shape": spec.shape.as_list()}
    if name == "num_images":
        facts |= {"least": 1, "most": most_images}
    if name == "label":
        facts |= {"least": 0 if facts["shape"] else ANY_CLASS, "most": classes - 1}
    return facts


class Predictor:
    """Computes what requests ask for, some rows at a time.

    Args:
        signatures: The signatures of a SavedModel, `{name: function}`.
        rows: Rows of a slice.
    """

    def __init__(self, signatures, rows):
        self._signatures, self._rows = signatures, rows
        self._draw = _without_images(signatures["sample"]) if "sample" in signatures else None

    def is_one_slice(self, asked):
        """Whether a request is answered by one slice, and so in one piece."""
        return _count(asked) <= self._rows

    def open_pieces(self, asked, about):
        """The answer of the open protocol, in pieces as `pieces` gives them.

        Args:
            asked: An `Asked`.
            about: What else the answer says, a dictionary.

        Raises:
            BadRequest: At the first piece, if the inputs do not fit the model, or an output that
                is asked for is none of the signature's.
        """
        slices = (wanted(outputs, asked.answer["outputs"]) for outputs in self.slices(asked))
        yield from _tensors_in_pieces(slices, _count(asked), asked.answer["id"], about)

    def slices(self, asked):
        """The outputs of a request, arrays by their names, a slice of rows at a time.

        Raises:
            BadRequest: At the first slice, if the inputs do not fit the model.
        """
        if self.is_one_slice(asked):
            return iter([_call(self._signatures[asked.signature], asked.arrays)])
        return self._drawn(asked) if asked.signature in DRAWN else self._sliced(asked)

    def pieces(self, asked):
        """The answer's JSON; each piece is computed when it is asked for.

        Args:
            asked: An `Asked`.

        Returns:
            A generator of bytes: together `{"predictions": rows}` for `instances`, `{"outputs":
            tensors}` for `inputs`, with the names of the outputs where there are several.

        Raises:
            BadRequest: At the first piece, if the inputs do not fit the model.
        """
        slices = map(_plain_each, self.slices(asked))
        if not self.is_one_slice(asked):
            yield from (_rows_in_pieces if asked.by_row else _columns_in_pieces)(slices)
            return
        outputs = next(slices)
        if asked.by_row:
            yield _json({"predictions": _rows(outputs)})
        else:
            yield _json({"outputs": outputs if len(outputs) > 1 else next(iter(outputs.values()))})

    def _sliced(self, asked):
        """The outputs of some rows after the other."""
        function = self._signatures[asked.signature]
        for begin in range(0, _count(asked), self._rows):
            yield _call(function, _some(asked.arrays, begin, self._rows))

    def _drawn(self, asked):
        """Images of some latents after the other, of all that were drawn at once."""
        truncation = np.float32(1.0)  # png has none of its own
        drawn = _call(self._draw, {"truncation": truncation, **asked.arrays})
        for begin in range(0, _count(asked), self._rows):
            part = _some(drawn, begin, self._rows)
            images = _call(self._signatures[DEFAULT], part)["images"]
            if asked.signature == "png":
                files = [tf.io.encode_png(image).numpy() for image in images]
                yield {"png_bytes": np.array(files, object)}
            else:
                yield {"images": images, **part}


def _without_images(sample):
    """`sample` without its images: TensorFlow computes only what is asked for."""

    @tf.function(autograph=False)
    def draw(**inputs):
        return {name: made for name, made in sample(**inputs).items() if name != "images"}

    return draw


def _count(asked):
    """The rows that a request has, or the images that it draws."""
    if asked.signature in DRAWN:
        return int(asked.arrays["num_images"])
    return max((len(array) for array in asked.arrays.values() if array.ndim), default=1)


def _some(arrays, begin, count):
    return {name: array[begin : begin + count] for name, array in arrays.items()}


def _call(function, arrays):
    """The outputs of a signature, as arrays."""
    try:
        made = function(**{name: tf.constant(array) for name, array in arrays.items()})
    except tf.errors.InvalidArgumentError as error:
        raise BadRequest(_sentence(error.message)) from None
    return {name: tensor.numpy() for name, tensor in made.items()}


def _sentence(message):
    """What an assertion in the graph says."""
    said = re.search(r"assertion failed: \[(.+?)\]", message)
    return f"{said[1].rstrip(' .')}." if said else "The inputs do not fit the model."


def _plain_each(outputs):
    return {name: _plain(array) for name, array in outputs.items()}


def _plain(array):
    """An array that JSON can hold; bytes in base64."""
    if isinstance(array, bytes):
        return {"b64": base64.b64encode(array).decode("ascii")}
    if array.dtype.kind in "OS":
        return [_plain(each) for each in array]
    return np.ascontiguousarray(array) if array.ndim else array


def _json(value):
    return orjson.dumps(value, option=orjson.OPT_SERIALIZE_NUMPY)


def _rows(outputs):
    """The outputs row by row: values, or objects where there are several outputs."""
    if len(outputs) == 1:
        return next(iter(outputs.values()))
    return [dict(zip(outputs, row, strict=True)) for row in zip(*outputs.values(), strict=True)]


def _rows_in_pieces(slices):
    before = b'{"predictions":['
    for outputs in slices:
        yield before + _json(_rows(outputs))[1:-1]
        before = b","
    yield b"]}"


def _columns_in_pieces(slices):
    """The first output, the images, as it comes; the others, which are small, after it."""
    kept = []
    for outputs in slices:
        (name, rows), *others = outputs.items()
        begin = b'{"outputs":' + (b"{%b:" % _json(name) if others else b"") + b"["
        yield (b"," if kept else begin) + _json(rows)[1:-1]
        kept.append(others)
    end = b"]"
    for parts in zip(*kept, strict=True):
        rows = [row for _, part in parts for row in part]
        end += b",%b:%b" % (_json(parts[0][0]), _json(rows))
    yield end + (b"}}" if kept[0] else b"}")


def _tensors_in_pieces(slices, count, id_, about):
    """Tensors of the open protocol: the first, the images, as it comes; the others after it."""
    kept, named = {}, {**about, **({} if id_ is None else {"id": id_})}
    begin = _json(named)[:-1] + (b"," if named else b"") + b'"outputs":['
    first = None
    for outputs in slices:
        first = first or next(iter(outputs))
        rows = outputs.pop(first)
        if begin:
            yield begin + _head(first, rows, count) + _flat_json(rows)
        else:
            yield b"," + _flat_json(rows)
        begin = b""
        for name, values in outputs.items():
            kept.setdefault(name, []).append(values)
    end = b"]}"
    for name, parts in kept.items():
        end += b"," + _head(name, parts[0], count) + b",".join(map(_flat_json, parts)) + b"]}"
    yield end + b"]}"


def wanted(outputs, names):
    """The outputs of some names, in the signature's order; None asks for all.

    Raises:
        BadRequest: If one is no output.
    """
    unknown = [] if names is None else [name for name in names if name not in outputs]
    if unknown:
        got = repr(unknown[0][:60])
        raise BadRequest(f"Expected outputs among {', '.join(outputs)}; got {got}.")
    return {name: value for name, value in outputs.items() if names is None or name in names}


def _head(name, rows, count):
    """What stands before a tensor's data; that of bytes is base64."""
    is_bytes = rows.dtype.kind == "O"
    facts = {"name": name, "shape": [count, *rows.shape[1:]]}
    facts["datatype"] = "BYTES" if is_bytes else DATATYPES[rows.dtype.name]
    if is_bytes:
        facts["parameters"] = {"content_type": "base64"}
    return _json(facts)[:-1] + b',"data":['


def _flat_json(rows):
    """The values of some rows one after the other, without the brackets around them."""
    flat = np.ascontiguousarray(rows).reshape(-1)
    if flat.dtype.kind == "O":
        flat = [base64.b64encode(each).decode("ascii") for each in flat]
    return _json(flat)[1:-1]
