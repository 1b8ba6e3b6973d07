"""What is too much is refused in a sentence, and the next request answered."""

import asyncio
import contextlib

import pytest
import requests

from m2m_tf.cli import main
from tests.extras import needs
from tests.serving.server.conftest import STRICT

needs("serve", "kserve")

from m2m_tf.serving.server.limits import Limits, RequestLimit  # noqa: E402 - an extra's


async def echo(scope, receive, send):
    """Answers with the body that it was given."""
    message = await receive()
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": message["body"]})


def post(parts, most=10, declared=None):
    """(status, body, how many parts were read) of a request in parts."""
    headers = [] if declared is None else [(b"content-length", str(declared).encode())]
    waiting, sent = list(parts), []

    async def receive():
        part = waiting.pop(0)
        return {"type": "http.request", "body": part, "more_body": bool(waiting)}

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "method": "POST", "headers": headers}
    asyncio.run(RequestLimit(echo, Limits(bytes=most))(scope, receive, send))
    return sent[0]["status"], sent[1]["body"], len(parts) - len(waiting)


@pytest.mark.parametrize("parts", [[b"1234567890"], [b"1234", b"567", b"890"], [b""]])
def test_a_body_up_to_the_limit_comes_whole(parts):
    assert post(parts) == (200, b"".join(parts), len(parts))


def test_a_length_above_the_limit_is_refused_before_anything_is_read():
    status, body, read = post([b"x"], declared=11)
    assert (status, read) == (413, 0) and b"Expected a body of at most 10 bytes." in body


def test_a_body_that_grows_above_the_limit_is_not_read_to_its_end():
    assert post([b"12345678", b"901", b"never read"])[::2] == (413, 2)


def test_large_bodies_are_held_up_to_so_many_bytes_in_all_and_little_ones_always():
    async def main():
        limit, gates = RequestLimit(echo, Limits(bytes=100_000)), asyncio.Event()

        async def ask(size, held):
            sent, messages = [], [{"type": "http.request", "body": b" " * size, "more_body": held}]

            async def receive():
                if messages:
                    return messages.pop()
                await gates.wait()
                return {"type": "http.request", "body": b"", "more_body": False}

            async def send(message):
                sent.append(message)

            await limit({"type": "http", "method": "POST", "headers": []}, receive, send)
            return sent[0]["status"]

        held = [asyncio.ensure_future(ask(100_000, True)) for _ in range(16)]
        await asyncio.sleep(0)
        found = [await ask(100_000, False), await ask(1000, False)]
        gates.set()
        return found, set(await asyncio.gather(*held)), await ask(100_000, False)

    assert asyncio.run(main()) == ([503, 200], {200}, 200)


def sample(server, num_images, **options):
    inputs = {"num_images": num_images, "seed": 0, "truncation": 1.0}
    body = {"signature_name": "sample", "inputs": inputs}
    return requests.post(f"{server}:predict", json=body, timeout=60, **options)


def test_the_flags_have_the_defaults_of_the_library():
    args = main.parse(["m2m", "serve", "--export", "exports/digits"])
    assert Limits() == Limits(
        int(args.most_megabytes * 1e6),
        args.most_images,
        args.most_requests,
        args.most_connections,
        args.most_seconds,
    )


@pytest.mark.slow
@pytest.mark.parametrize("declared", [True, False], ids=["with its length", "in chunks"])
def test_a_body_above_the_bound_is_refused(server, declared):
    size, part = 9_000_000, b" " * 100_000
    body = b" " * size if declared else (part for _ in range(size // len(part)))
    answer = requests.post(f"{server}:predict", data=body, timeout=60)
    assert answer.status_code == 413 and "8,000,000 bytes" in answer.json()["error"]
    assert sample(server, 1).status_code == 200


@pytest.mark.slow
def test_requests_beyond_those_in_work_are_told_to_come_again(strict_server):
    with contextlib.ExitStack() as stack:
        for _ in range(STRICT["most_requests"]):  # at work for as long as nobody takes them in
            answer = stack.enter_context(sample(strict_server, 4000, stream=True))
            assert answer.status_code == 200
        refused = sample(strict_server, 1)
        alive = requests.get(strict_server, timeout=60)
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "1")
    assert refused.json()["error"].endswith("as it may; ask again later.")
    assert alive.status_code == 200
    while sample(strict_server, 1).status_code == 503:
        pass  # until the server has seen that they are gone


@pytest.mark.slow
def test_a_bound_on_images_is_a_flag(strict_server):
    refused = sample(strict_server, STRICT["most_images"] + 1)
    assert refused.json() == {"error": "num_images must be 1 to 4000."}
    rows = requests.post(
        f"{strict_server}:predict", json={"inputs": [[0.0] * 8] * 4001}, timeout=60
    )
    assert "1 to 4,000 rows of 'latent'; got 4,001" in rows.json()["error"]
