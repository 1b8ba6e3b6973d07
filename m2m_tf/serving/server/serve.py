"""Runs the server until it is told to stop."""

import contextlib
import functools
import gc
import signal

import uvicorn

from m2m_tf.serving.address import free_port, listen
from m2m_tf.serving.server.app import make_app
from m2m_tf.serving.server.connection import Connection
from m2m_tf.serving.server.limits import Limits
from m2m_tf.serving.server.model import ExportedModel

STOPPING = (signal.SIGINT, signal.SIGTERM)
GRACE = 30  # seconds that requests in work may take when the server stops
DEFAULTS = Limits()


def serve(exported, host, port, limits=DEFAULTS, allowed_hosts=(), say=print, grpc_port=None):
    """Serves an export; returns when SIGINT or SIGTERM came and what was in work is answered.

    Args:
        exported: An `Exported`.
        host: The address to listen at: "127.0.0.1" for this machine alone, "0.0.0.0" for all.
        port: The port; 0 takes one that is free.
        limits: `Limits` on what clients may ask.
        allowed_hosts: Further names that requests may call the server by, "*" for any.
        say: Called with the address once the server listens.
        grpc_port: The port of TensorFlow Serving's gRPC service; 0 takes one that is free, None
            leaves it out.

    Raises:
        ValueError: If the port is in use, or the address is none of this machine's.
    """
    grpc_port = None if grpc_port is None else free_port(host, grpc_port, "--grpc_port")
    with listen(host, port) as listening:
        model = ExportedModel(exported, limits)
        model.load()
        lifespan = None if grpc_port is None else _with_grpc(model, limits, host, grpc_port, say)
        config = uvicorn.Config(
            make_app(model, limits, host, allowed_hosts, lifespan),
            http=functools.partial(Connection, limits),
            ws="none",
            log_level="error",  # what clients do wrong is told to them
            timeout_graceful_shutdown=GRACE,
        )
        gc.freeze()  # TensorFlow's millions of objects stay: looking through them takes long
        say(f"http://{host}:{listening.getsockname()[1]}/v1/models/{exported.name}")
        with _signals_raised_again(lambda *_: None):
            uvicorn.Server(config).run(sockets=[listening])
        model.stop()


def _with_grpc(model, limits, host, port, say):
    """A function that gives the context in which an application serves, gRPC beside it."""
    from m2m_tf.serving.server.prediction_service import grpc_server

    @contextlib.asynccontextmanager
    async def lifespan(_):
        async with grpc_server(model, limits, host, port, GRACE) as found:
            say(f"grpc://{host}:{found}")
            yield

    return lifespan


@contextlib.contextmanager
def _signals_raised_again(handler):
    """Handles the signals that uvicorn raises again when it has stopped for them."""
    before = {number: signal.signal(number, handler) for number in STOPPING}
    try:
        yield
    finally:
        for number, earlier in before.items():
            signal.signal(number, earlier)
