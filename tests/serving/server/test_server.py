"""`m2m serve` answers as TensorFlow Serving's REST API says, over a real port."""

import base64
import io
import json
import re
import signal
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import requests
import tensorflow as tf
from google.protobuf import json_format
from PIL import Image

from m2m_tf.serving.formats import onnx_file
from m2m_tf.serving.formats.write import write_format
from tests.cli.processes import fork_m2m
from tests.extras import module_of, needs
from tests.serving.server.conftest import address_of, answer_of, connect

pytestmark = pytest.mark.slow

needs("serve", "kserve")
get_model_metadata_pb2 = module_of("dev", "tensorflow_serving.apis.get_model_metadata_pb2")
get_model_status_pb2 = module_of("dev", "tensorflow_serving.apis.get_model_status_pb2")


@pytest.fixture(scope="module")
def signatures(exported):
    return tf.saved_model.load(exported[1]).signatures


def predict(server, **body):
    return requests.post(f"{server}:predict", json=body, timeout=60)


def outputs(server, **body):
    answer = predict(server, **body)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/json"
    return answer.json()


def drawn(num_images=3, seed=7, truncation=1.0):
    return {"num_images": num_images, "seed": seed, "truncation": truncation}


def test_sample_in_column_format(exported, server, signatures):
    found = outputs(server, signature_name="sample", inputs=drawn())["outputs"]
    assert set(found) == {"images", "latent"}
    inputs = {"num_images": tf.constant(3), "seed": tf.constant(7, tf.int64)}
    expected = signatures["sample"](**inputs, truncation=tf.constant(1.0))
    images = np.array(found["images"])
    assert images.shape == (3, 28, 28, 1)
    assert np.abs(images - expected["images"].numpy().astype(int)).max() <= 1
    np.testing.assert_allclose(found["latent"], expected["latent"], rtol=1e-6)


def test_the_default_signature_in_all_formats_that_are_documented(exported, server):
    model, _ = exported
    latent = model.sample_latent(4, seed=1)
    expected = np.rint((model.generate_from(latent) + 1) * 127.5)
    rows = latent.tolist()
    found = [
        outputs(server, instances=rows)["predictions"],
        outputs(server, instances=[{"latent": row} for row in rows])["predictions"],
        outputs(server, inputs=rows)["outputs"],
        outputs(server, inputs={"latent": rows})["outputs"],
        outputs(server, signature_name="serving_default", inputs=rows)["outputs"],
    ]
    for images in found:
        assert np.abs(np.array(images) - expected).max() <= 1


def test_tensorflow_the_server_and_onnx_give_the_same_images(
    exported, server, signatures, tmp_path
):
    model, _ = exported
    write_format("onnx", model, tmp_path)
    latent = model.sample_latent(20, seed=9)
    made = {
        "plain TensorFlow": signatures["serving_default"](latent=tf.constant(latent))["images"],
        "the server": outputs(server, instances=latent.tolist())["predictions"],
        "ONNX": onnx_file.runner(tmp_path)({"latent": latent})["images"],
    }
    expected = np.rint((model.generate_from(latent) + 1) * 127.5)
    for images in made.values():
        assert np.abs(np.array(images, int) - expected).max() <= 1


def test_encode_and_reconstruct_by_row_and_by_column(exported, server, digits):
    autoencoder = exported[0].autoencoder
    pixels = np.rint((digits[:3] + 1) * 127.5).astype("uint8")
    codes = autoencoder.encode(pixels)
    by_row = outputs(server, signature_name="encode", instances=pixels.tolist())["predictions"]
    by_column = outputs(server, signature_name="encode", inputs=pixels.tolist())["outputs"]
    np.testing.assert_allclose(by_row, codes, rtol=1e-3, atol=1e-4)
    np.testing.assert_array_equal(by_row, by_column)
    body = {
        "signature_name": "reconstruct",
        "instances": [{"images": each} for each in pixels.tolist()],
    }
    images = np.array(outputs(server, **body)["predictions"])
    assert np.abs(images - np.rint((autoencoder.decode(codes) + 1) * 127.5)).max() <= 1


def test_png_files_come_in_base64(server):
    body = {"num_images": 2, "seed": 3}
    files = outputs(server, signature_name="png", inputs=body)["outputs"]
    made = [np.array(Image.open(io.BytesIO(base64.b64decode(file["b64"])))) for file in files]
    sampled = outputs(server, signature_name="sample", inputs=drawn(2, 3))["outputs"]["images"]
    np.testing.assert_array_equal(np.array(made)[..., None], sampled)


def test_the_same_seed_gives_the_same_images(server):
    first, again, other = (
        predict(server, signature_name="sample", inputs=drawn(seed=seed)).content
        for seed in (1, 1, 2)
    )
    assert first == again != other


def test_a_body_that_says_it_is_a_form_is_read_as_json(server):
    """As curl sends it."""
    body = json.dumps({"signature_name": "sample", "inputs": drawn(1)})
    answer = requests.post(
        f"{server}:predict",
        data=body,
        headers={"content-type": "application/x-www-form-urlencoded"},
        timeout=60,
    )
    assert answer.status_code == 200


def test_a_version_may_be_named(server):
    body = {"signature_name": "sample", "inputs": drawn(1)}
    found = requests.post(f"{server}/versions/1:predict", json=body, timeout=60)
    assert found.json() == outputs(server, **body)
    missing = requests.post(f"{server}/versions/2:predict", json=body, timeout=60)
    assert missing.status_code == 404 and "version 2" in missing.json()["error"]


@pytest.mark.parametrize("path", ["", "/metadata"])
def test_status_and_metadata_of_a_version_are_those_of_the_model(server, path):
    found = requests.get(f"{server}/versions/1{path}", timeout=60)
    assert found.json() == requests.get(f"{server}{path}", timeout=60).json()
    missing = requests.get(f"{server}/versions/2{path}", timeout=60)
    assert missing.status_code == 404 and "version 2" in missing.json()["error"]


def test_status_and_metadata_are_tensorflow_servings_messages(server, exported):
    status = json_format.ParseDict(
        requests.get(server, timeout=60).json(),
        get_model_status_pb2.GetModelStatusResponse(),
        ignore_unknown_fields=True,  # KServe's "name" and "ready"
    )
    (version,) = status.model_version_status
    assert version.version == 1
    assert version.state == get_model_status_pb2.ModelVersionStatus.State.AVAILABLE
    told = requests.get(f"{server}/metadata", timeout=60).json()
    spec = json_format.ParseDict(
        told["model_spec"], get_model_metadata_pb2.GetModelMetadataResponse().model_spec
    )
    assert spec.name == "digits"
    signatures = json_format.ParseDict(
        told["metadata"]["signature_def"], get_model_metadata_pb2.SignatureDefMap()
    ).signature_def
    assert set(signatures) == {"serving_default", "sample", "png", "encode", "reconstruct"}
    latent = signatures["serving_default"].inputs["latent"]
    assert latent.dtype == tf.float32.as_datatype_enum
    assert [side.size for side in latent.tensor_shape.dim] == [-1, 8]


@pytest.mark.parametrize("path", ["/", "/v2/health/live", "/v2/health/ready", "/v1/models"])
def test_health(server, path):
    root = server.split("/v1/")[0]
    assert requests.get(f"{root}{path}", timeout=60).status_code == 200


ROW = [0.0] * 8
DEEP = "[" * 1000 + "]" * 1000
MALFORMED = {
    "empty": b"",
    "not JSON": b"latent=1",
    "half of it": b'{"inputs": [[1, 2',
    "not UTF-8": b'{"inputs": "\xff\xfe"}',
    "NaN": b'{"inputs": [[NaN, 0, 0, 0, 0, 0, 0, 0]]}',
    "infinity": b'{"inputs": [[Infinity, 0, 0, 0, 0, 0, 0, 0]]}',
    "beyond any float": b'{"inputs": [[1e999, 0, 0, 0, 0, 0, 0, 0]]}',
    "deep": b'{"inputs": ' + DEEP.encode() + b"}",
    "deeper": b'{"inputs": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "a deep object": b'{"inputs": ' * 500 + b"1" + b"}" * 500,
    "a list": [],
    "a number": 1,
    "a string": "sample",
    "null": None,
    "nothing asked": {},
    "both formats": {"instances": [ROW], "inputs": [ROW]},
    "an unknown key": {"inputs": [ROW], "input": 1},
    "an unknown signature": {"signature_name": "train", "inputs": [ROW]},
    "a private signature": {"signature_name": "__saved_model_init_op", "inputs": [ROW]},
    "a signature that is a number": {"signature_name": 1, "inputs": [ROW]},
    "a signature that is a list": {"signature_name": [], "inputs": [ROW]},
    "no signature": {"signature_name": None, "inputs": [ROW]},
    "no rows": {"instances": []},
    "rows that are an object": {"instances": {"latent": [ROW]}},
    "rows that are a number": {"instances": 3},
    "rows of two kinds": {"instances": [ROW, {"latent": ROW}]},
    "a latent too narrow": {"instances": [ROW[1:]]},
    "a latent too wide": {"inputs": [ROW + [0.0]]},
    "rows of two lengths": {"instances": [ROW, ROW[1:]]},
    "a latent without a batch": {"inputs": ROW},
    "a latent of two batches": {"inputs": [[ROW]]},
    "no latents": {"inputs": []},
    "too many latents": {"inputs": [ROW] * 4097},
    "text": {"inputs": [["a"] * 8]},
    "true": {"inputs": [[True] * 8]},
    "nulls": {"inputs": [[None] * 8]},
    "text of many widths": {"inputs": [["a" * 9999] * 8, *[[""] * 8] * 99]},
    "objects": {"inputs": [[{}] * 8]},
    "bytes": {"inputs": [[{"b64": "AAAA"}] * 8]},
    "a float too large": {"inputs": [[1e39] * 8]},
    "an unknown input": {"inputs": {"noise": [ROW]}},
    "one input too many": {"inputs": {"latent": [ROW], "seed": 1}},
    "one input too few": {"signature_name": "sample", "inputs": {"num_images": 1, "seed": 1}},
    "inputs without names": {"signature_name": "sample", "inputs": 3},
    "scalars by row": {"signature_name": "sample", "instances": [drawn()]},
    "no images": {"signature_name": "sample", "inputs": drawn(0)},
    "fewer than none": {"signature_name": "sample", "inputs": drawn(-1)},
    "too many images": {"signature_name": "sample", "inputs": drawn(4097)},
    "far too many images": {"signature_name": "sample", "inputs": drawn(2**31 - 1)},
    "more than an int32": {"signature_name": "sample", "inputs": drawn(2**31)},
    "half an image": {"signature_name": "sample", "inputs": drawn(1.5)},
    "images as text": {"signature_name": "sample", "inputs": drawn("3")},
    "a seed beyond int64": {"signature_name": "sample", "inputs": drawn(1, 2**63)},
    "a seed beyond anything": {"signature_name": "sample", "inputs": drawn(1, 2**200)},
    "a seed that is a float": {"signature_name": "sample", "inputs": drawn(1, 0.5)},
    "a truncation below 0": {"signature_name": "sample", "inputs": drawn(truncation=-1)},
    "a truncation above 1": {"signature_name": "sample", "inputs": drawn(truncation=1.01)},
    "far too many PNG files": {"signature_name": "png", "inputs": {"num_images": 9999, "seed": 0}},
    "a pixel below 0": {"signature_name": "encode", "inputs": [[[[-1]] * 28] * 28]},
    "a pixel above 255": {"signature_name": "encode", "inputs": [[[[256]] * 28] * 28]},
    "half a pixel": {"signature_name": "encode", "inputs": [[[[0.5]] * 28] * 28]},
    "an image of another size": {"signature_name": "reconstruct", "inputs": [[[[0]] * 27] * 28]},
    "an image of colours": {"signature_name": "reconstruct", "inputs": [[[[0, 0, 0]] * 28] * 28]},
}


@pytest.mark.parametrize("name", MALFORMED)
def test_a_malformed_request_is_refused_and_does_no_harm(server, name):
    body = MALFORMED[name]
    body = body if isinstance(body, bytes) else json.dumps(body)
    headers = {"content-type": "application/json"}
    answer = requests.post(f"{server}:predict", data=body, headers=headers, timeout=60)
    assert answer.status_code == 400, answer.text
    assert list(answer.json()) == ["error"]
    assert 10 < len(answer.json()["error"]) < 400
    assert not any(word in answer.text for word in ("Traceback", "File ", ".py", "site-packages"))
    assert predict(server, signature_name="sample", inputs=drawn(1)).status_code == 200


def test_there_are_fifty_of_them():
    assert len(MALFORMED) >= 50


@pytest.mark.parametrize("verb", ["get", "put", "delete", "patch"])
def test_another_verb_is_refused(server, verb):
    answer = requests.request(verb, f"{server}:predict", timeout=60)
    assert answer.status_code in (404, 405) and "error" in answer.json()


@pytest.mark.parametrize("path", ["/v1/models/cats", "/v1/models/digits/metadata/x", "/x", "/v2/x"])
def test_another_path_is_not_found(server, path):
    answer = requests.get(server.split("/v1/")[0] + path, timeout=60)
    assert answer.status_code == 404 and list(answer.json()) == ["error"]


@pytest.mark.parametrize("verb", ["post", "get"])
@pytest.mark.parametrize("path", ["models/digits/unload", "models/digits/load", "index"])
def test_no_request_can_unload_the_model(server, verb, path):
    root = server.split("/v1/")[0]
    answer = requests.request(verb, f"{root}/v2/repository/{path}", timeout=60)
    assert answer.status_code == 404
    assert requests.get(server, timeout=60).json()["ready"]


def test_a_small_request_is_answered_while_large_ones_are_at_work(server):
    with ThreadPoolExecutor(4) as threads:
        body = {"signature_name": "sample", "inputs": drawn(4096)}
        large = [threads.submit(predict, server, **body) for _ in range(4)]
        time.sleep(0.2)
        assert predict(server, signature_name="png", inputs={"num_images": 1, "seed": 0}).ok
        assert not any(each.done() for each in large)
    assert all(each.result().ok for each in large)


def test_large_answers_are_those_of_small_ones(exported, server):
    """In slices, and in one."""
    found = outputs(server, signature_name="sample", inputs=drawn(200))["outputs"]
    images, latent = np.array(found["images"]), np.array(found["latent"], "float32")
    assert images.shape == (200, 28, 28, 1) and latent.shape == (200, 8)
    expected = np.rint((exported[0].generate(200, seed=7) + 1) * 127.5)
    assert np.abs(images - expected).max() <= 1
    rows = outputs(server, instances=latent.tolist())["predictions"]
    np.testing.assert_array_equal(rows, images)
    files = outputs(server, signature_name="png", inputs={"num_images": 200, "seed": 7})["outputs"]
    made = [np.array(Image.open(io.BytesIO(base64.b64decode(file["b64"])))) for file in files]
    np.testing.assert_array_equal(np.array(made)[..., None], images)


HOSTILE = b'{"inputs": [' + b"[]," * 2_500_000 + b"1]}"


def test_liveness_is_told_while_large_json_is_read(server):
    """Relative: each time that it waits is short beside the reading."""
    root, waits = server.split("/v1/")[0], []

    def read():
        began = time.perf_counter()
        answer = requests.post(f"{server}:predict", data=HOSTILE, timeout=60)
        return answer.status_code, time.perf_counter() - began

    with ThreadPoolExecutor(1) as threads:
        asked = threads.submit(read)
        while not asked.done():
            began = time.perf_counter()
            assert requests.get(root, timeout=60).json() == {"status": "alive"}
            waits.append(time.perf_counter() - began)
    status, seconds = asked.result()
    assert status == 400 and max(waits) < seconds / 2


def test_memory_comes_back_after_large_requests(server_process):
    process, server = server_process
    assert predict(server, signature_name="sample", inputs=drawn(100)).ok
    before = megabytes(process.pid)
    with ThreadPoolExecutor(4) as threads:
        bodies = [{"signature_name": "sample", "inputs": drawn(4096)}] * 4
        assert all(threads.map(lambda body: predict(server, **body).ok, bodies))
        hostile = [threads.submit(requests.post, f"{server}:predict", HOSTILE) for _ in range(4)]
        assert {each.result().status_code for each in hostile} == {400}
    assert megabytes(process.pid) < 1.3 * before


def megabytes(pid):
    """Memory that a process holds."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1e3


def test_many_clients_are_answered_each_with_its_own_images(exported, server):
    def ask(seed):
        found = outputs(server, signature_name="sample", inputs=drawn(2, seed))["outputs"]
        return np.array(found["images"])

    with ThreadPoolExecutor(16) as threads:
        made = list(threads.map(ask, range(48)))
    for seed, images in enumerate(made):
        expected = np.rint((exported[0].generate(2, seed=seed) + 1) * 127.5)
        assert np.abs(images - expected).max() <= 1


def test_it_answers_what_is_in_work_before_it_stops(exported):
    process = fork_m2m("serve", "--export", exported[1], "--port", 0)
    address = address_of(process)
    body = {"signature_name": "sample", "inputs": drawn(4096)}
    with ThreadPoolExecutor(1) as threads, connect(address) as half_sent:
        asked = threads.submit(predict, address, **body)
        half_sent.sendall(b"POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 9\r\n\r\n")
        time.sleep(0.2)
        process.send_signal(signal.SIGTERM)
        assert answer_of(half_sent)[::2] == (503, {"error": "The server stops."})
        out, err = process.communicate(timeout=60)
        assert asked.result().status_code == 200
    assert process.returncode == 0 and "Stopped" in out, err


def test_a_port_in_use_is_refused(exported):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        process = fork_m2m("serve", "--export", exported[1], "--port", port)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 2
    assert f"m2m serve: Cannot listen at 127.0.0.1, port {port}: Address already in use." in err
