"""An export as a model of KServe's Python server."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import kserve
import orjson
import tensorflow as tf

from m2m_tf.serving.served_model import most_images
from m2m_tf.serving.server.predict import BadRequest, answer

THREADS = 2  # that compute; TensorFlow has its own for each operation


class ExportedModel(kserve.Model):
    """Answers predict requests with the signatures of an export.

    Args:
        exported: An `Exported`.
    """

    def __init__(self, exported):
        super().__init__(exported.name, return_response_headers=True)
        self.exported = exported
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="predict")
        self._most_rows = most_images(exported.card["image_shape"])

    def load(self):
        """Loads the SavedModel and runs it once, so that the first request does not wait."""
        self._loaded = self.exported.load()
        self._signatures = dict(self._loaded.signatures)
        for function in self._signatures.values():
            specs = function.structured_input_signature[1].items()
            function(**{name: _one(spec) for name, spec in specs})
        self.ready = True
        return True

    def validate(self, payload):
        """Nothing: `predict` says more of what it expects."""
        return payload

    async def predict(self, payload, headers=None, response_headers=None):
        """A predict request, decoded or as it came, to its answer in JSON."""
        response_headers["content-type"] = "application/json"
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._threads, self._answer, payload)
        except BadRequest as error:
            raise kserve.errors.InvalidInput(str(error)) from error

    def _answer(self, payload):
        if isinstance(payload, bytes):  # of curl, which says that it sends a form
            try:
                payload = orjson.loads(payload)
            except orjson.JSONDecodeError as error:
                raise BadRequest(f"Expected a body in JSON: {error}.") from None
        made = answer(self._signatures, payload, self._most_rows)
        return orjson.dumps(made, option=orjson.OPT_SERIALIZE_NUMPY)  # here: a big one takes long

    def stop(self):
        """Waits for what is computed."""
        self._threads.shutdown()


def _one(spec):
    """An input that is in range: one row, one image."""
    return tf.ones([1 if side is None else side for side in spec.shape], spec.dtype)
