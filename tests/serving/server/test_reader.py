"""Large bodies are read in a process of their own; it may end at any time."""

import asyncio
import json

import numpy as np
import pytest

from tests.extras import needs

needs("serve", "orjson")

from m2m_tf.serving.server.reader import RECYCLED, SMALL, Reader  # noqa: E402 - an extra's
from m2m_tf.serving.server.reading import BadRequest  # noqa: E402

pytestmark = pytest.mark.slow

SPECS = {"serving_default": {"latent": {"dtype": "float32", "shape": [None, 4]}}}


@pytest.fixture
def reader():
    made = Reader(SPECS, 100_000)
    yield made
    made.stop()


def body_of(rows):
    latent = np.arange(4.0 * rows).reshape(rows, 4)
    return latent, json.dumps({"inputs": latent.tolist()}).encode()


def test_a_body_of_any_size_is_read(reader):
    for rows in (1, 2000, 50_000):
        latent, body = body_of(rows)
        assert (len(body) > SMALL, len(body) > RECYCLED) == (rows > 1, rows > 2000)
        found = asyncio.run(reader.read(body)).arrays["latent"]
        np.testing.assert_array_equal(found, latent.astype("float32"))


def test_a_large_body_that_does_not_fit_is_refused_and_the_next_one_read(reader):
    with pytest.raises(BadRequest, match="more dimensions"):
        asyncio.run(reader.read(b'{"inputs": [[[],[],[],[]]%s]}' % (b",[[],[],[],[]]" * 9000)))
    latent, body = body_of(2000)
    np.testing.assert_array_equal(asyncio.run(reader.read(body)).arrays["latent"], latent)


def test_a_process_that_was_killed_is_replaced(reader):
    _, body = body_of(2000)
    asyncio.run(reader.read(body))
    reader._process.kill()
    with pytest.raises(RuntimeError, match="has ended"):
        asyncio.run(reader.read(body))
    assert len(asyncio.run(reader.read(body)).arrays["latent"]) == 2000
