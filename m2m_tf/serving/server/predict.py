"""What a predict request gets: tensors, computed a slice of rows at a time, as JSON in pieces."""

import base64
import re

import numpy as np
import orjson
import tensorflow as tf

from m2m_tf.serving.server.reading import DEFAULT, BadRequest

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
        if not self.is_one_slice(asked):
            slices = self._drawn(asked) if asked.signature in DRAWN else self._sliced(asked)
            yield from (_rows_in_pieces if asked.by_row else _columns_in_pieces)(slices)
            return
        outputs = _call(self._signatures[asked.signature], asked.arrays)
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
                yield {"png_bytes": [_plain(tf.io.encode_png(image).numpy()) for image in images]}
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
    """The outputs of a signature, as arrays that JSON can hold."""
    try:
        made = function(**{name: tf.constant(array) for name, array in arrays.items()})
    except tf.errors.InvalidArgumentError as error:
        raise BadRequest(_sentence(error.message)) from None
    return {name: _plain(tensor.numpy()) for name, tensor in made.items()}


def _sentence(message):
    """What an assertion in the graph says."""
    said = re.search(r"assertion failed: \[(.+?)\]", message)
    return f"{said[1].rstrip(' .')}." if said else "The inputs do not fit the model."


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
