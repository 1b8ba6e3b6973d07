"""An export as a model of KServe's Python server."""

import functools
import math

import kserve
import numpy as np
import tensorflow as tf

from m2m_tf.serving.served_model import most_images
from m2m_tf.serving.server.predict import Predictor, specs_of, wanted
from m2m_tf.serving.server.reader import Reader
from m2m_tf.serving.server.reading import BadRequest
from m2m_tf.serving.server.turns import Turns

THREADS = 2  # that compute; TensorFlow has its own for each operation
SLICE_IMAGES, SLICE_VALUES = 64, 1 << 16  # computed at once: some hundredths of a second


class ExportedModel(kserve.Model):
    """Answers predict requests with the signatures of an export.

    Args:
        exported: An `Exported`.
        limits: `Limits` on a request.
    """

    def __init__(self, exported, limits):
        super().__init__(exported.name, return_response_headers=True)
        self.exported = exported
        self._turns = Turns(THREADS)
        shape = exported.card["image_shape"]
        self.most_images = min(most_images(shape), limits.images or math.inf)
        self._slice = max(1, min(SLICE_IMAGES, SLICE_VALUES // math.prod(shape)))

    def load(self):
        """Loads the SavedModel and runs it once, so that the first request does not wait."""
        self._loaded = self.exported.load()
        self.signatures = signatures = dict(self._loaded.signatures)
        for function in signatures.values():
            takes = function.structured_input_signature[1].items()
            function(**{name: _one(spec) for name, spec in takes})
        classes = self.exported.card.get("classes") or 0
        classes = classes if isinstance(classes, int) else len(classes)
        self._predictor = Predictor(signatures, self._slice)
        self.specs = specs_of(signatures, self.most_images, classes)
        self._reader = Reader(self.specs, self.most_images)
        self.ready = True
        return True

    def validate(self, payload):
        """Nothing: `predict` says more of what it expects."""
        return payload

    async def predict(self, payload, headers=None, response_headers=None):
        """A predict request's body to its answer in JSON: bytes, or an iterator of them."""
        try:
            asked = await self._reader.read(payload)
            pieces = self._predictor.pieces(asked)
            first = await self._turns.run(functools.partial(next, pieces))
        except BadRequest as error:
            raise kserve.errors.InvalidInput(str(error)) from error
        response_headers["content-type"] = "application/json"
        return first if self._predictor.is_one_slice(asked) else self._all(first, pieces)

    async def infer(self, body):
        """A request of the open protocol to its answer in JSON: bytes, or an iterator of them.

        Raises:
            kserve.errors.InvalidInput: If it does not fit the signature.
        """
        about = {"model_name": self.name, "model_version": str(self.exported.version)}
        try:
            asked = await self._reader.read(body, is_open=True)
            pieces = self._predictor.open_pieces(asked, about)
            first = await self._turns.run(functools.partial(next, pieces))
        except BadRequest as error:
            raise kserve.errors.InvalidInput(str(error)) from error
        if self._predictor.is_one_slice(asked):
            return first + b"".join(pieces)
        return self._all(first, pieces)

    async def tensors(self, asked, names=None):
        """All outputs of what is `Asked`, arrays by their names; `names` are those that are wanted.

        Raises:
            BadRequest: If the inputs do not fit the model, or an output is none of the signature's.
        """
        slices, parts, later = self._predictor.slices(asked), [], False
        while (outputs := await self._turns.run(lambda: next(slices, None), later)) is not None:
            parts.append(wanted(outputs, names))
            later = True
        return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}

    async def _all(self, first, pieces):
        """All pieces; the next one is computed when the client has taken in those before."""
        piece = first
        while piece is not None:
            yield piece
            piece = await self._turns.run(functools.partial(next, pieces, None), later=True)

    def stop(self):
        """Waits for what is computed."""
        self._turns.stop()
        self._reader.stop()


def _one(spec):
    """An input that is in range: one row, one image."""
    return tf.ones([1 if side is None else side for side in spec.shape], spec.dtype)
