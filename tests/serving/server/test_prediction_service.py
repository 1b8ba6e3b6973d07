"""TensorFlow Serving's gRPC service, over a real port, asked by its own stub."""

import socket

import numpy as np
import pytest
import requests
import tensorflow as tf
from tensorflow.core.framework.tensor_pb2 import TensorProto

from tests.cli.processes import fork_m2m
from tests.extras import module_of, needs

pytestmark = pytest.mark.slow

needs("serve", "kserve")
grpc = module_of("grpc", "grpc")
predict_pb2 = module_of("grpc", "tensorflow_serving.apis.predict_pb2")
metadata_pb2 = module_of("grpc", "tensorflow_serving.apis.get_model_metadata_pb2")
stubs = module_of("grpc", "tensorflow_serving.apis.prediction_service_pb2_grpc")

LARGE = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]


@pytest.fixture(scope="module")
def stub(grpc_address):
    with grpc.insecure_channel(grpc_address, options=LARGE) as channel:
        yield stubs.PredictionServiceStub(channel)


def request(signature="serving_default", name="digits", version=None, outputs=(), **inputs):
    made = predict_pb2.PredictRequest(output_filter=outputs)
    made.model_spec.name, made.model_spec.signature_name = name, signature
    if version is not None:
        made.model_spec.version.value = version
    for each, value in inputs.items():
        is_proto = isinstance(value, TensorProto)
        made.inputs[each].CopyFrom(value if is_proto else tf.make_tensor_proto(value))
    return made


def drawn(num_images=3, seed=7, truncation=1.0):
    return {
        "num_images": np.int32(num_images),
        "seed": np.int64(seed),
        "truncation": np.float32(truncation),
    }


def predict(stub, *arguments, **inputs):
    answer = stub.Predict(request(*arguments, **inputs), timeout=60)
    return {name: tf.make_ndarray(tensor) for name, tensor in answer.outputs.items()}


def test_images_of_latents_and_of_a_seed_are_those_over_http(exported, server, stub):
    latent = exported[0].sample_latent(4, seed=1)
    images = predict(stub, latent=latent)["images"]
    body = {"instances": latent.tolist()}
    answer = requests.post(f"{server}:predict", json=body, timeout=60).json()
    assert images.dtype == np.uint8
    np.testing.assert_array_equal(images, answer["predictions"])
    inputs = {"num_images": 3, "seed": 7, "truncation": 1.0}
    body = {"signature_name": "sample", "inputs": inputs}
    answer = requests.post(f"{server}:predict", json=body, timeout=60).json()["outputs"]
    made = predict(stub, "sample", **drawn())
    np.testing.assert_array_equal(made["images"], answer["images"])
    np.testing.assert_allclose(made["latent"], answer["latent"], rtol=1e-6)


def test_many_images_and_some_outputs(stub):
    made = predict(stub, "sample", **drawn(2000))
    assert made["images"].shape == (2000, 28, 28, 1)
    only = predict(stub, "sample", outputs=["latent"], **drawn(2000))
    assert list(only) == ["latent"]
    np.testing.assert_array_equal(only["latent"], made["latent"])


def test_png_files_come_as_bytes_and_codes_of_pixels(stub, exported, digits):
    inputs = drawn(2, 3)
    files = predict(stub, "png", num_images=inputs["num_images"], seed=inputs["seed"])
    images = np.stack([tf.io.decode_png(file) for file in files["png_bytes"]])
    np.testing.assert_array_equal(images, predict(stub, "sample", **inputs)["images"])
    pixels = np.rint((digits[:3] + 1) * 127.5).astype("uint8")
    codes = predict(stub, "encode", images=pixels)["codes"]
    expected = exported[0].autoencoder.encode(pixels)
    np.testing.assert_allclose(codes, expected, rtol=1e-3, atol=1e-4)


def test_the_answer_says_of_which_model_and_version_it_is(stub):
    answer = stub.Predict(request("sample", version=1, **drawn(1)), timeout=60)
    spec = answer.model_spec
    assert (spec.name, spec.version.value, spec.signature_name) == ("digits", 1, "sample")


def test_metadata_are_those_of_the_saved_model(stub, exported):
    asked = metadata_pb2.GetModelMetadataRequest(metadata_field=["signature_def"])
    asked.model_spec.name = "digits"
    answer = stub.GetModelMetadata(asked, timeout=60)
    found = metadata_pb2.SignatureDefMap()
    assert answer.metadata["signature_def"].Unpack(found)
    loaded = tf.saved_model.load(exported[1]).signatures
    assert set(found.signature_def) == set(loaded)
    [latent] = found.signature_def["serving_default"].inputs.values()
    assert [side.size for side in latent.tensor_shape.dim] == [-1, 8]
    asked.metadata_field[:] = ["other"]
    with pytest.raises(grpc.RpcError) as refusal:
        stub.GetModelMetadata(asked, timeout=60)
    assert refusal.value.code() == grpc.StatusCode.INVALID_ARGUMENT


@pytest.mark.parametrize(
    "asked",
    [
        {"name": "cats"},
        {"name": ""},
        {"version": 2},
        {"version": 0},
        {"signature": "draw"},
    ],
    ids=str,
)
def test_another_model_version_or_signature_is_not_found(stub, asked):
    with pytest.raises(grpc.RpcError) as refusal:
        stub.Predict(request(**asked, latent=np.zeros((1, 8), "float32")), timeout=60)
    assert refusal.value.code() == grpc.StatusCode.NOT_FOUND
    assert refusal.value.details().endswith(".")


@pytest.mark.parametrize("call", ["Classify", "Regress", "MultiInference"])
def test_calls_for_other_kinds_of_models_are_told_so(stub, call):
    kinds = {
        "Classify": module_of("grpc", "tensorflow_serving.apis.classification_pb2"),
        "Regress": module_of("grpc", "tensorflow_serving.apis.regression_pb2"),
        "MultiInference": module_of("grpc", "tensorflow_serving.apis.inference_pb2"),
    }
    names = {"Classify": "ClassificationRequest", "Regress": "RegressionRequest"}
    made = getattr(kinds[call], names.get(call, "MultiInferenceRequest"))()
    with pytest.raises(grpc.RpcError) as refusal:
        getattr(stub, call)(made, timeout=60)
    assert refusal.value.code() == grpc.StatusCode.UNIMPLEMENTED


def proto(values, sides, dtype="float32", unknown=False, field="float_val", content=None):
    """A tensor as no honest client writes it."""
    made = TensorProto(dtype=tf.as_dtype(dtype).as_datatype_enum)
    made.tensor_shape.unknown_rank = unknown
    for side in sides:
        made.tensor_shape.dim.add(size=side)
    if content is not None:
        made.tensor_content = content
    else:
        getattr(made, field).extend(values)
    return made


LATENT = np.zeros((2, 8), "float32")
SHAPES = [(2, 7), (16,), (2, 8, 1), (8,), (), (0, 8), (5000, 8), (2, 0)]
PROTOS = [
    *(proto([0.0], sides) for sides in ((-1, 8), (2, -8), (10**9, 8), (2**62, 2**62), (2, 2**40))),
    *(proto([0.0], sides) for sides in ((1 << 20, 8), (-(2**63), 8), (4097, 8), (8,), ())),
    proto([0.0], (2, 8), unknown=True),
    proto([0.0] * 17, (2, 8)),
    proto([0.0] * 16, (2, 8), content=b"\0" * 63),
    proto([0.0] * 16, (2, 8), content=b"\0" * 65),
    proto([0.0] * 16, (2, 8), content=b"\0"),
    *(proto([1], (2, 8), kind) for kind in ("float64", "int32", "uint8", "bool", "complex64")),
    proto([b"a"], (2, 8), "string", field="string_val"),
    proto([1] * 16, (2, 8), "bfloat16", field="half_val"),
    proto([float("nan")], (2, 8)),
    proto([float("inf")], (2, 8)),
    proto([-float("inf")] * 16, (2, 8)),
    proto([], (), "variant", field="int_val"),
    proto([], (2, 8), "resource", field="int_val"),
    TensorProto(),
    TensorProto(dtype=9999),
    TensorProto(version_number=99),
]
MALFORMED = [
    request(),
    request(latents=LATENT),
    request(latent=LATENT, seed=np.int64(3)),
    request(latent=LATENT, outputs=["codes"]),
    request(latent=LATENT, outputs=["images", "images/../x"]),
    *(request(latent=np.zeros(shape, "float32")) for shape in SHAPES),
    *(request(latent=each) for each in PROTOS),
    *(request("sample", **drawn(number)) for number in (0, -1, 10**6, 2**31 - 1)),
    *(request("sample", **drawn(truncation=each)) for each in (-1.0, 2.0, float("nan"))),
    request("sample", **{**drawn(), "num_images": np.int64(3)}),
    request("sample", **{**drawn(), "num_images": np.int32([1, 2])}),
    request("sample", **{**drawn(), "seed": "7"}),
    request("encode", images=np.zeros((1, 28, 28, 1), "float32")),
    request("encode", images=np.zeros((1, 28, 28, 3), "uint8")),
    request("encode", images=np.zeros((28, 28, 1), "uint8")),
]


def test_malformed_requests_get_a_sentence_each_and_do_no_harm(stub):
    assert len(MALFORMED) >= 50
    before = predict(stub, "sample", **drawn())["images"]
    for asked in MALFORMED:
        with pytest.raises(grpc.RpcError) as refusal:
            stub.Predict(asked, timeout=60)
        said = refusal.value.details()
        assert refusal.value.code() == grpc.StatusCode.INVALID_ARGUMENT, (asked, said)
        assert said.endswith(".") and len(said) < 500, said
    np.testing.assert_array_equal(predict(stub, "sample", **drawn())["images"], before)


def test_what_is_larger_than_allowed_or_no_message_is_refused(stub, grpc_address):
    with pytest.raises(grpc.RpcError) as refusal:
        stub.Predict(request("encode", images=np.zeros((9 << 20,), "uint8")), timeout=60)
    assert refusal.value.code() == grpc.StatusCode.RESOURCE_EXHAUSTED
    host, port = grpc_address.split(":")
    with socket.create_connection((host, int(port)), timeout=60) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\n\r\n")
        connection.recv(1024)
    with grpc.insecure_channel(grpc_address) as channel:
        call = channel.unary_unary("/tensorflow.serving.PredictionService/Predict")
        with pytest.raises(grpc.RpcError) as refusal:
            call(b"\xff" * 100, timeout=60)
    assert refusal.value.code() == grpc.StatusCode.INVALID_ARGUMENT
    assert refusal.value.details() == "Expected a PredictRequest of TensorFlow Serving's."
    assert len(predict(stub, "sample", **drawn())["images"]) == 3


def test_a_port_that_is_taken_is_refused_in_a_sentence(exported):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        flags = ("--export", exported[1].parent, "--port", 0, "--grpc_port", port)
        process = fork_m2m("serve", *flags)
        _, err = process.communicate(timeout=120)
    assert (
        process.returncode == 2
        and f"port {port}" in err
        and "--grpc_port" in err
        and "Traceback" not in err
    )
