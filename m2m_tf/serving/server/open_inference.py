"""The routes of the Open Inference Protocol, V2: what KServe, Triton and others answer, too.

Source: https://kserve.github.io/website/docs/concepts/architecture/data-plane/v2-protocol.
"""

from fastapi import Request
from fastapi.responses import Response, StreamingResponse
from kserve.errors import ModelNotFound, ModelNotReady

from m2m_tf.serving.server.reading import DATATYPES, DEFAULT
from m2m_tf.version import __version__

JSON = "application/json"


class OpenInference:
    """The routes below `/v2`.

    The protocol has one set of inputs a model. Another signature than `serving_default` is asked
    for by the parameter `signature_name`.

    Args:
        model: An `ExportedModel`, loaded.
    """

    def __init__(self, model):
        self._model, self._version = model, str(model.exported.version)

    def add_to(self, app):
        """Adds the routes to an application."""
        app.add_api_route("/v2", self.server)
        app.add_api_route("/v2/health/live", self.live)
        app.add_api_route("/v2/health/ready", self.ready)
        for path in ("/v2/models/{name}", "/v2/models/{name}/versions/{version}"):
            app.add_api_route(path, self.metadata)
            app.add_api_route(f"{path}/ready", self.model_ready)
            app.add_api_route(f"{path}/infer", self.infer, methods=["POST"])

    async def server(self):
        return {"name": "m2m serve", "version": __version__, "extensions": []}

    async def live(self):
        return {"live": True}

    async def ready(self):
        if not self._model.ready:
            raise ModelNotReady(self._model.name)
        return {"ready": True}

    async def model_ready(self, name: str, version: str | None = None):
        self._check(name, version)
        return {"name": name, "ready": self._model.ready}

    async def metadata(self, name: str, version: str | None = None):
        """The inputs and outputs of `serving_default`, and of each other signature by its name."""
        self._check(name, version)
        signatures = self._model.signatures
        facts = {each: _tensors_of(function) for each, function in signatures.items()}
        return {
            "name": name,
            "versions": [self._version],
            "platform": "tensorflow_savedmodel",
            **facts[DEFAULT],
            "signatures": facts,
        }

    async def infer(self, name: str, request: Request, version: str | None = None):
        self._check(name, version)
        answer = await self._model.infer(await request.body())
        kind = Response if isinstance(answer, bytes) else StreamingResponse
        return kind(answer, media_type=JSON)

    def _check(self, name, version):
        if (name, version or self._version) != (self._model.name, self._version):
            raise ModelNotFound(f"{name}, version {version or self._version},")


def _tensors_of(function):
    """The inputs and outputs of a signature, as the protocol tells them; -1 is any length."""
    takes, gives = function.structured_input_signature[1], function.structured_outputs
    return {
        kind: [_tensor(name, specs[name]) for name in sorted(specs)]
        for kind, specs in (("inputs", takes), ("outputs", gives))
    }


def _tensor(name, spec):
    datatype = "BYTES" if spec.dtype.name == "string" else DATATYPES[spec.dtype.name]
    shape = [-1 if side is None else side for side in spec.shape]
    return {"name": name, "datatype": datatype, "shape": shape or [1]}
