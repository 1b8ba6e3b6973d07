"""The web application: the routes of TensorFlow Serving's protocol, and of the open one."""

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from google.protobuf import json_format
from kserve.errors import InvalidInput, ModelNotFound, ModelNotReady
from kserve.model_repository import ModelRepository
from kserve.protocol.dataplane import DataPlane
from kserve.protocol.rest.v1_endpoints import V1Endpoints, register_v1_endpoints
from starlette.exceptions import HTTPException

from m2m_tf.serving.server.hosts import HostCheck
from m2m_tf.serving.server.limits import RequestLimit
from m2m_tf.serving.server.open_inference import OpenInference

STATUSES = {InvalidInput: 400, ModelNotFound: 404, NotImplementedError: 400, ModelNotReady: 503}


def make_app(model, limits, host, allowed_hosts=(), lifespan=None):
    """The ASGI application that serves a model.

    Args:
        model: An `ExportedModel`, loaded.
        limits: The `Limits` on requests.
        host: The address at which it listens.
        allowed_hosts: Further names of the server, "*" for any.
        lifespan: A function of the application that gives an asynchronous context, within which it
            serves; or None.
    """
    repository = ModelRepository()
    repository.update(model)
    plane = _Plane(repository)
    app = FastAPI(
        title="m2m serve", docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan
    )
    app.add_middleware(RequestLimit, limits=limits)
    app.add_middleware(HostCheck, host=host, allowed=allowed_hosts)  # before the other
    for kind in (*STATUSES, Exception):
        app.add_exception_handler(kind, _tell)
    app.add_exception_handler(HTTPException, _tell_http)
    app.add_api_route("/", plane.live)
    OpenInference(model).add_to(app)
    _Versions(model, V1Endpoints(plane)).add_to(app)  # before KServe's, of the same paths
    register_v1_endpoints(app, plane, None)
    return app


class _Plane(DataPlane):
    """KServe's, but for its reading of JSON: the model does that, where it holds up nobody."""

    def decode(self, body, headers, *_):
        return body, {}

    def encode(self, model_name, response, headers, req_attributes):
        return response, {}


async def _tell(_, error):
    status = next((code for kind, code in STATUSES.items() if isinstance(error, kind)), 500)
    said = str(error) if status != 500 else "The server failed at this request."
    return JSONResponse({"error": said}, status)


async def _tell_http(_, error):
    return JSONResponse({"error": str(error.detail)}, error.status_code, error.headers)


class _Versions:
    """What TensorFlow Serving has and KServe has not: status, metadata, a version in the path."""

    def __init__(self, model, endpoints):
        self._model, self._endpoints = model, endpoints
        self._version = str(model.exported.version)
        self._metadata = _metadata(model.exported)

    def add_to(self, app):
        named = "/v1/models/{name}/versions/{version}"
        app.add_api_route("/v1/models/{name}/metadata", self.metadata)
        app.add_api_route(f"{named}/metadata", self.metadata_of)
        app.add_api_route("/v1/models/{name}:predict", self.predict, methods=["POST"])
        app.add_api_route(f"{named}:predict", self.predict_of, methods=["POST"])
        app.add_api_route("/v1/models/{name}", self.status)
        app.add_api_route(named, self.status_of)

    async def status(self, name: str):
        return await self.status_of(name, self._version)

    async def status_of(self, name: str, version: str):
        self._check(name, version)
        state = {"version": self._version, "state": "AVAILABLE"}
        state["status"] = {"error_code": "OK", "error_message": ""}
        return {"name": name, "ready": self._model.ready, "model_version_status": [state]}

    async def metadata(self, name: str):
        return await self.metadata_of(name, self._version)

    async def metadata_of(self, name: str, version: str):
        self._check(name, version)
        return self._metadata

    async def predict(self, name: str, request: Request):
        return await self.predict_of(name, self._version, request)

    async def predict_of(self, name: str, version: str, request: Request):
        self._check(name, version)
        answer = await self._endpoints.predict(name, request)
        answer.headers["content-type"] = "application/json"  # KServe's answer in pieces has none
        return answer

    def _check(self, name, version):
        if (name, version) != (self._model.name, self._version):
            raise ModelNotFound(f"{name}, version {version},")


def _metadata(exported):
    """The signatures, as TensorFlow Serving's GetModelMetadata tells them."""
    signatures = {
        name: json_format.MessageToDict(signature, preserving_proto_field_name=True)
        for name, signature in exported.signature_defs().items()
    }
    spec = {"name": exported.name, "signature_name": "", "version": str(exported.version)}
    return {
        "model_spec": spec,
        "metadata": {"signature_def": {"signature_def": signatures}},
    }
