"""The Open Inference Protocol, over a real port, read by KServe's own client classes."""

import base64
import io
import json

import numpy as np
import pytest
import requests
from PIL import Image

from tests.extras import module_of, needs

pytestmark = pytest.mark.slow

needs("serve", "kserve")
kserve = module_of("serve", "kserve")


@pytest.fixture(scope="module")
def address(server):
    """`http://127.0.0.1:PORT/v2/models/digits`."""
    return server.replace("/v1/", "/v2/")


def tensor(name, datatype, data, shape=None):
    data = np.asarray(data)
    shape = list(data.shape) if shape is None else shape
    return {"name": name, "datatype": datatype, "shape": shape, "data": data.ravel().tolist()}


def drawn(num_images=3, seed=7, truncation=1.0):
    return [
        tensor("num_images", "INT32", [num_images]),
        tensor("seed", "INT64", [seed]),
        tensor("truncation", "FP32", [truncation]),
    ]


def infer(address, inputs, signature=None, **more):
    body = {"inputs": inputs, **more}
    if signature:
        body["parameters"] = {"signature_name": signature}
    return requests.post(f"{address}/infer", json=body, timeout=60)


def found(answer):
    """`{name: array}`, as KServe reads the answer."""
    assert answer.status_code == 200, answer.text
    response = kserve.InferResponse.from_rest(answer.json())
    return {output.name: output.as_numpy() for output in response.outputs}


def test_images_of_latents_and_of_a_seed_are_those_of_the_other_protocol(exported, server, address):
    latent = exported[0].sample_latent(4, seed=1)
    images = found(infer(address, [tensor("latent", "FP32", latent)]))["images"]
    body = {"instances": latent.tolist()}
    expected = requests.post(f"{server}:predict", json=body, timeout=60).json()["predictions"]
    assert images.dtype == np.uint8
    np.testing.assert_array_equal(images, expected)
    inputs = {"num_images": 3, "seed": 7, "truncation": 1.0}
    body = {"signature_name": "sample", "inputs": inputs}
    expected = requests.post(f"{server}:predict", json=body, timeout=60).json()["outputs"]
    made = found(infer(address, drawn(), "sample"))
    np.testing.assert_array_equal(made["images"], expected["images"])
    np.testing.assert_allclose(made["latent"], expected["latent"], rtol=1e-6)


def test_an_answer_in_pieces_is_one_of_the_same_values(address):
    made = found(infer(address, drawn(200), "sample"))
    assert made["images"].shape == (200, 28, 28, 1) and made["latent"].shape == (200, 8)
    only = found(infer(address, drawn(200), "sample", outputs=[{"name": "latent"}]))
    assert list(only) == ["latent"]
    np.testing.assert_array_equal(only["latent"], made["latent"])


def test_a_large_body_is_read_like_a_small_one(exported, address, digits):
    pixels = np.rint((digits[:30] + 1) * 127.5).astype("uint8")
    codes = [
        found(infer(address, [tensor("images", "UINT8", some)], "encode"))["codes"]
        for some in (pixels, pixels[:3])
    ]
    np.testing.assert_allclose(codes[0][:3], codes[1], rtol=1e-5, atol=1e-6)
    nested = {**tensor("images", "UINT8", pixels[:3]), "data": pixels[:3].tolist()}
    np.testing.assert_array_equal(found(infer(address, [nested], "encode"))["codes"], codes[1])


def test_png_files_are_bytes_in_base64(address):
    inputs = [tensor("num_images", "INT32", 2, []), tensor("seed", "INT64", 3, [])]
    [output] = infer(address, inputs, "png").json()["outputs"]
    assert output["datatype"] == "BYTES" and output["shape"] == [2]
    assert output["parameters"] == {"content_type": "base64"}
    files = [np.array(Image.open(io.BytesIO(base64.b64decode(each)))) for each in output["data"]]
    images = found(infer(address, drawn(2, 3), "sample"))["images"]
    np.testing.assert_array_equal(np.array(files)[..., None], images)


def test_the_id_and_the_model_come_back(address):
    answer = infer(address, drawn(1), "sample", id="mine").json()
    assert (answer["id"], answer["model_name"], answer["model_version"]) == ("mine", "digits", "1")
    assert "id" not in infer(address, drawn(1), "sample").json()


def test_what_the_model_is_and_whether_it_is_ready(address):
    root = address.split("/models/")[0]
    assert requests.get(root, timeout=60).json()["name"] == "m2m serve"
    assert requests.get(f"{root}/health/live", timeout=60).json() == {"live": True}
    assert requests.get(f"{root}/health/ready", timeout=60).json() == {"ready": True}
    for path in (address, f"{address}/versions/1"):
        assert requests.get(f"{path}/ready", timeout=60).json()["ready"] is True
        facts = requests.get(path, timeout=60).json()
        assert facts["versions"] == ["1"] and facts["platform"] == "tensorflow_savedmodel"
        [latent] = facts["inputs"]
        assert latent == {"name": "latent", "datatype": "FP32", "shape": [-1, 8]}
        png = {"name": "png_bytes", "datatype": "BYTES", "shape": [-1]}
        assert facts["signatures"]["png"]["outputs"] == [png]


@pytest.mark.parametrize("path", ["other", "digits/versions/2"])
def test_another_model_or_version_is_not_found(address, path):
    at = address.replace("digits", path)
    for answer in (requests.get(at, timeout=60), infer(at, drawn(), "sample")):
        assert answer.status_code == 404 and "error" in answer.json()


LATENT = tensor("latent", "FP32", np.zeros((2, 8)))
SIDES = [
    [2, 7],
    [16],
    [2, 8, 1],
    [-2, 8],
    [2.0, 8],
    "2x8",
    None,
    [3, 8],
    [],
    [True, 8],
    [10**30, 8],
]
DATA = [None, 3, "data", {}, [[0.0] * 8], [[0.0] * 8, [0.0] * 7], ["a"] * 16, [None] * 16]
DATA += [[1e400] * 16, [True] * 16, [[[0.0] * 8] * 2], [0.0] * 15, [], [1e300] * 16]
MALFORMED = [
    *([], 3, None, "inputs", {}, {"inputs": None}, {"inputs": {}}, {"inputs": []}),
    *({"inputs": [each]} for each in (None, 3, "latent", [], {}, {"name": 3}, {"name": "latent"})),
    {"inputs": [LATENT], "instances": [[0.0] * 8]},
    {"inputs": [LATENT, LATENT]},
    {"inputs": [LATENT, {**LATENT, "name": "seed"}]},
    {"inputs": [{**LATENT, "name": "latents"}]},
    {"inputs": [{**LATENT, "colour": "red"}]},
    *(
        {"inputs": [{**LATENT, "datatype": each}]}
        for each in ("FP64", "float32", None, 3, ["FP32"])
    ),
    *({"inputs": [{**LATENT, "shape": each}]} for each in SIDES),
    *({"inputs": [{**LATENT, "data": each}]} for each in DATA),
    *({"inputs": [LATENT], "parameters": each} for each in (3, None, {"signature_name": "draw"})),
    {"inputs": [LATENT], "parameters": {"signature_name": ["sample"]}},
    *({"inputs": [LATENT], "id": each} for each in (3, ["a"], "a" * 300)),
    *({"inputs": [LATENT], "outputs": each} for each in (3, [], [{}], [{"name": "codes"}])),
    {"inputs": drawn(0), "parameters": {"signature_name": "sample"}},
    {"inputs": drawn(10**6), "parameters": {"signature_name": "sample"}},
    {"inputs": drawn(truncation=2.0), "parameters": {"signature_name": "sample"}},
]


def test_malformed_requests_get_a_sentence_each_and_do_no_harm(address):
    assert len(MALFORMED) >= 50
    before = found(infer(address, drawn(), "sample"))["images"]
    for body in (*MALFORMED, b"", b"{", b"\xff", b"[" * 5000, b'{"inputs": [NaN]}'):
        how = {"data": body} if isinstance(body, bytes) else {"data": _json(body)}
        answer = requests.post(f"{address}/infer", **how, timeout=60)
        assert answer.status_code == 400, (body, answer.status_code, answer.text)
        said = answer.json()["error"]
        assert said.endswith(".") and len(said) < 500, said
    np.testing.assert_array_equal(found(infer(address, drawn(), "sample"))["images"], before)


def _json(body):
    """JSON, which has no infinity: 1e400 is written as that."""
    return json.dumps(body).replace("Infinity", "1e400").encode()
