"""The web application: KServe's routes of its first protocol, which is TensorFlow Serving's."""

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from google.protobuf import json_format
from kserve.errors import InvalidInput, ModelNotFound, ModelNotReady
from kserve.model_repository import ModelRepository
from kserve.protocol.dataplane import DataPlane
from kserve.protocol.rest.v1_endpoints import V1Endpoints, register_v1_endpoints
from starlette.exceptions import HTTPException
from tensorflow.core.protobuf import saved_model_pb2

from m2m_tf.serving.exported import SAVED_MODEL
from m2m_tf.serving.server.limits import BodyLimit

STATUSES = {InvalidInput: 400, ModelNotFound: 404, NotImplementedError: 400, ModelNotReady: 503}


def make_app(model, most_bytes):
    """The ASGI application that serves a model.

    Args:
        model: An `ExportedModel`, loaded.
        most_bytes: Bytes that a request's body may have.
    """
    repository = ModelRepository()
    repository.update(model)
    plane = DataPlane(repository)
    app = FastAPI(title="m2m serve", docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(BodyLimit, most=most_bytes)
    for kind in (*STATUSES, Exception):
        app.add_exception_handler(kind, _tell)
    app.add_exception_handler(HTTPException, _tell_http)
    app.add_api_route("/", plane.live)
    app.add_api_route("/v2/health/live", plane.live)
    app.add_api_route("/v2/health/ready", _ready(model))
    _Versions(model, V1Endpoints(plane)).add_to(app)  # before KServe's, of the same paths
    register_v1_endpoints(app, plane, None)
    return app


async def _tell(_, error):
    status = next((code for kind, code in STATUSES.items() if isinstance(error, kind)), 500)
    said = str(error) if status != 500 else "The server failed at this request."
    return JSONResponse({"error": said}, status)


async def _tell_http(_, error):
    return JSONResponse({"error": str(error.detail)}, error.status_code, error.headers)


def _ready(model):
    async def ready():
        if not model.ready:
            raise ModelNotReady(model.name)
        return {"ready": True}

    return ready


class _Versions:
    """What TensorFlow Serving has and KServe has not: status, metadata, a version in the path."""

    def __init__(self, model, endpoints):
        self._model, self._endpoints = model, endpoints
        self._version = str(model.exported.version)
        self._metadata = _metadata(model.exported)

    def add_to(self, app):
        app.add_api_route("/v1/models/{name}/metadata", self.metadata)
        app.add_api_route("/v1/models/{name}", self.status)
        path = "/v1/models/{name}/versions/{version}:predict"
        app.add_api_route(path, self.predict, methods=["POST"])

    async def status(self, name: str):
        self._check(name, self._version)
        state = {"version": self._version, "state": "AVAILABLE"}
        state["status"] = {"error_code": "OK", "error_message": ""}
        return {"name": name, "ready": self._model.ready, "model_version_status": [state]}

    async def metadata(self, name: str):
        self._check(name, self._version)
        return self._metadata

    async def predict(self, name: str, version: str, request: Request):
        self._check(name, version)
        return await self._endpoints.predict(name, request)

    def _check(self, name, version):
        if (name, version) != (self._model.name, self._version):
            raise ModelNotFound(f"{name}, version {version},")


def _metadata(exported):
    """The signatures, as TensorFlow Serving's GetModelMetadata tells them."""
    stored = saved_model_pb2.SavedModel.FromString((exported.folder / SAVED_MODEL).read_bytes())
    signatures = {
        name: json_format.MessageToDict(signature, preserving_proto_field_name=True)
        for name, signature in stored.meta_graphs[0].signature_def.items()
        if not name.startswith("__")
    }
    spec = {"name": exported.name, "signature_name": "", "version": str(exported.version)}
    return {
        "model_spec": spec,
        "metadata": {"signature_def": {"signature_def": signatures}},
    }
