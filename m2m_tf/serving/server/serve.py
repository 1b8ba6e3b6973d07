"""Runs the server until it is told to stop."""

import socket

import uvicorn

from m2m_tf.serving.server.app import make_app
from m2m_tf.serving.server.model import ExportedModel

GRACE = 30  # seconds that requests in work may take when the server stops


def serve(exported, host, port, most_bytes, say=print):
    """Serves an export; returns when SIGINT or SIGTERM came and what was in work is answered.

    Args:
        exported: An `Exported`.
        host: The address to listen at: "127.0.0.1" for this machine alone, "0.0.0.0" for all.
        port: The port; 0 takes one that is free.
        most_bytes: Bytes that a request's body may have.
        say: Called with the address once the server listens.

    Raises:
        ValueError: If the port is in use, or the address is none of this machine's.
    """
    with _listen(host, port) as listening:
        model = ExportedModel(exported)
        model.load()
        config = uvicorn.Config(
            make_app(model, most_bytes),
            log_level="warning",
            timeout_graceful_shutdown=GRACE,
        )
        say(f"http://{host}:{listening.getsockname()[1]}/v1/models/{exported.name}")
        uvicorn.Server(config).run(sockets=[listening])
        model.stop()


def _listen(host, port):
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen()
    except OSError as error:
        listening.close()
        raise ValueError(
            f"Cannot listen at {host}, port {port}: {error.strerror}. Give another --port, or 0 for"
            " one that is free."
        ) from error
    return listening
