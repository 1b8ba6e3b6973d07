"""TensorFlow Serving's gRPC `PredictionService`, answered beside the REST routes.

Source: github.com/tensorflow/serving, `tensorflow_serving/apis/prediction_service.proto`.
"""

import contextlib

import grpc
import tensorflow as tf
from google.protobuf.any_pb2 import Any
from google.protobuf.message import DecodeError
from tensorflow_serving.apis import get_model_metadata_pb2, predict_pb2

from m2m_tf.serving.server.reading import (
    DEFAULT,
    Asked,
    BadRequest,
    check_counts,
    check_names,
    check_range,
    expected_of,
    shown_shape,
)

SERVICE = "tensorflow.serving.PredictionService"
OTHERS = ("Classify", "Regress", "MultiInference")
SIGNATURES = "signature_def"  # the one field of metadata that there is
MESSAGES = {"grpc.max_send_message_length": -1, "grpc.so_reuseport": 0}


class NotServed(LookupError):
    """A model, version or signature that is not there."""


class PredictionService:
    """Answers `Predict` and `GetModelMetadata`; the other calls are for other kinds of models.

    Calls take bytes: what is no message is told so in a sentence, as all else that is wrong.

    Args:
        model: An `ExportedModel`, loaded.
    """

    def __init__(self, model):
        self._model = model

    def handler(self):
        """What a gRPC server calls."""
        calls = {"Predict": self.predict, "GetModelMetadata": self.metadata}
        calls |= dict.fromkeys(OTHERS, _not_answered)
        return grpc.method_handlers_generic_handler(
            SERVICE, {name: grpc.unary_unary_rpc_method_handler(calls[name]) for name in calls}
        )

    async def predict(self, content, context):
        """A `PredictRequest` to a `PredictResponse`."""
        async with _statuses(context):
            request = _message(predict_pb2.PredictRequest, content)
            name = self._checked(request.model_spec)
            asked = self._read(request, name)
            names = list(request.output_filter) or None
            outputs = await self._model.tensors(asked, names)
        answer = predict_pb2.PredictResponse(model_spec=self._spec(name))
        for each, array in outputs.items():
            answer.outputs[each].CopyFrom(tf.make_tensor_proto(array))
        return answer.SerializeToString()

    async def metadata(self, content, context):
        """A `GetModelMetadataRequest` to a `GetModelMetadataResponse`."""
        async with _statuses(context):
            request = _message(get_model_metadata_pb2.GetModelMetadataRequest, content)
            self._checked(request.model_spec)
            if set(request.metadata_field) != {SIGNATURES}:
                raise BadRequest(f"Expected the metadata_field '{SIGNATURES}' and no other.")
        answer = get_model_metadata_pb2.GetModelMetadataResponse(model_spec=self._spec(""))
        known = get_model_metadata_pb2.SignatureDefMap()
        for name, signature in self._model.exported.signature_defs().items():
            known.signature_def[name].CopyFrom(signature)
        packed = Any()
        packed.Pack(known)
        answer.metadata[SIGNATURES].CopyFrom(packed)
        return answer.SerializeToString()

    def _checked(self, spec):
        """The signature that a request names, once its model is seen to be this one."""
        exported = self._model.exported
        version = spec.version.value if spec.HasField("version") else exported.version
        if spec.HasField("version_label") or (spec.name, version) != (
            exported.name,
            exported.version,
        ):
            raise NotServed(
                f"Expected the model '{exported.name}', version {exported.version}; got "
                f"{spec.name[:60]!r}, version {spec.version_label[:60] or version}."
            )
        name = spec.signature_name or DEFAULT
        if name not in self._model.specs:
            raise NotServed(f"Expected a signature_name of {', '.join(self._model.specs)}.")
        return name

    def _read(self, request, name):
        """A request's tensors as `Asked`."""
        takes, most = self._model.specs[name], self._model.most_images
        check_names(request.inputs, takes, "")
        arrays = {each: _array(each, request.inputs[each], takes[each], most) for each in takes}
        check_counts({each: len(array) for each, array in arrays.items() if array.ndim}, most)
        return Asked(name, False, arrays)

    def _spec(self, signature):
        exported = self._model.exported
        spec = predict_pb2.PredictResponse().model_spec
        spec.name, spec.signature_name = exported.name, signature
        spec.version.value = exported.version
        return spec


def _message(kind, content):
    try:
        return kind.FromString(content)
    except DecodeError:
        raise BadRequest(f"Expected a {kind.__name__} of TensorFlow Serving's.") from None


async def _not_answered(_, context):
    said = (
        "Expected Predict or GetModelMetadata: the model makes images, and no classes or numbers."
    )
    await context.abort(grpc.StatusCode.UNIMPLEMENTED, said)


def _array(name, tensor, spec, most):
    """The array of a tensor, whose type and shape are looked at before one of it is made."""
    expected, sides = expected_of(name, spec), spec["shape"]
    if tensor.dtype != tf.as_dtype(spec["dtype"]).as_datatype_enum:
        raise BadRequest(f"{expected}; got another type.")
    shape = [side.size for side in tensor.tensor_shape.dim]
    shape = [] if not sides and shape == [1] else shape
    fits = len(shape) == len(sides) and all(
        got == side if side is not None else 0 <= got
        for side, got in zip(sides, shape, strict=True)
    )
    if tensor.tensor_shape.unknown_rank or not fits:
        raise BadRequest(f"{expected}; got {shown_shape(shape)}.")
    check_counts({name: shape[0]} if shape else {}, most)
    try:
        array = tf.make_ndarray(tensor).reshape(shape)
    except (ValueError, TypeError, OverflowError):
        raise BadRequest(f"{expected}; its values do not have that shape.") from None
    check_range(name, array, spec)
    return array


@contextlib.asynccontextmanager
async def _statuses(context):
    """Ends a call with the status of what is wrong with it, and a sentence."""
    try:
        yield
    except NotServed as error:
        await context.abort(grpc.StatusCode.NOT_FOUND, str(error))
    except BadRequest as error:
        await context.abort(grpc.StatusCode.INVALID_ARGUMENT, str(error))


@contextlib.asynccontextmanager
async def grpc_server(model, limits, host, port, grace):
    """Serves a model at a port while the block runs; yields the port.

    Args:
        model: An `ExportedModel`, loaded.
        limits: The `Limits`: bytes of a message, requests at once.
        host, port: Where to listen; port 0 takes one that is free.
        grace: Seconds that calls in work may take when the block ends.

    Raises:
        ValueError: If nothing can listen there.
    """
    options = {**MESSAGES, "grpc.max_receive_message_length": limits.bytes}
    server = grpc.aio.server(options=list(options.items()), maximum_concurrent_rpcs=limits.requests)
    server.add_generic_rpc_handlers((PredictionService(model).handler(),))
    address = f"[{host}]" if ":" in host else host
    try:
        found = server.add_insecure_port(f"{address}:{port}")
    except RuntimeError:
        found = 0
    if not found:
        raise ValueError(
            f"Cannot listen at {host}, port {port}. Give another --grpc_port, or 0 for one that is "
            "free."
        )
    await server.start()
    try:
        yield found
    finally:
        await server.stop(grace)
