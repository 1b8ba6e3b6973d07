"""What a client may do with a connection, over a real port."""

import contextlib
import time

import pytest
import requests

from tests.extras import needs
from tests.serving.server.conftest import STRICT, answer_of, connect

pytestmark = pytest.mark.slow

needs("serve", "kserve")

HEAD = b"POST /v1/models/digits:predict HTTP/1.1\r\nhost: localhost\r\n"
HALF_SENT = {
    "nothing": b"",
    "half of the head": HEAD,
    "blank lines": b"\r\n" * 9,
    "no body": HEAD + b"content-length: 99\r\n\r\n",
    "half of the body": HEAD + b'content-length: 99\r\n\r\n{"inputs": [',
    "a chunk of the body": HEAD + b"transfer-encoding: chunked\r\n\r\n3\r\n[[[\r\n",
}


@pytest.mark.parametrize("what", HALF_SENT)
def test_a_request_that_is_not_sent_in_time_is_told_so_and_let_go(strict_server, what):
    with connect(strict_server) as connection:
        connection.sendall(HALF_SENT[what])
        status, headers, said = answer_of(connection)
    assert status == 408 and headers["connection"] == "close"
    assert said == {"error": "Expected a request to be sent within 1 seconds."}


def test_a_request_that_is_sent_drop_by_drop_is_let_go(strict_server):
    with connect(strict_server) as connection:
        with contextlib.suppress(ConnectionError):
            for byte in HEAD * 1000:
                connection.sendall(bytes([byte]))
                time.sleep(0.05)
            raise AssertionError("it took all")
        assert requests.get(strict_server, timeout=60).status_code == 200


def test_one_connection_too_many_is_told_to_come_again(strict_server):
    with contextlib.ExitStack() as stack:
        for _ in range(STRICT["most_connections"]):
            stack.enter_context(connect(strict_server))
        status, headers, said = answer_of(stack.enter_context(connect(strict_server)))
    assert (status, headers["retry-after"]) == (503, "1")
    assert said["error"].startswith("The server has as many connections as it may")


def test_an_answer_that_is_not_taken_in_is_given_up(strict_server):
    body = {"signature_name": "sample", "inputs": {"num_images": 4000, "seed": 0, "truncation": 1}}
    answer = requests.post(f"{strict_server}:predict", json=body, stream=True, timeout=60)
    time.sleep(1.5 * STRICT["most_seconds"])
    with answer, pytest.raises(requests.RequestException):
        for _ in answer.iter_content(1 << 20):
            pass


@pytest.mark.parametrize(
    ("sent", "expected", "said"),
    [
        (b"latent=1\r\n\r\n", 400, "HTTP/1.1"),
        (HEAD + b"content-length: many\r\n\r\n", 400, "HTTP/1.1"),
        (HEAD + b"x: y\r\n" * 50_000, 431, "65,536 bytes"),
    ],
    ids=["no HTTP", "no length", "a head too large"],
)
def test_what_is_no_request_is_told_so_in_json(server, sent, expected, said):
    with connect(server) as connection:
        connection.sendall(sent)
        status, _, found = answer_of(connection)
    assert status == expected and said in found["error"]


def test_a_request_for_a_web_socket_is_told_in_json(server):
    upgrade = {"connection": "Upgrade", "upgrade": "websocket", "sec-websocket-key": "x"}
    answer = requests.get(f"{server}:predict", headers=upgrade, timeout=60)
    assert answer.status_code in (404, 405) and "error" in answer.json()


def test_a_connection_is_used_again_after_a_refusal(server):
    with requests.Session() as session:
        for size, expected in ((9_000_000, 413), (2, 400), (9_000_000, 413)):
            answer = session.post(f"{server}:predict", data=b" " * size, timeout=60)
            assert answer.status_code == expected
