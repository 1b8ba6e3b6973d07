"""Servers in processes of their own, on real ports of the loopback interface."""

import importlib.util
import json
import re
import socket
from urllib.parse import urlsplit

import pytest

from tests.cli.processes import fork_m2m

STRICT = {
    "most_megabytes": 1,
    "most_images": 4000,
    "most_requests": 2,
    "most_connections": 6,
    "most_seconds": 1,
    "allow_host": "proxy.example",
}


@pytest.fixture(scope="session")
def server_process(exported):
    """(the process of a served model, its address)."""
    has_grpc = importlib.util.find_spec("tensorflow_serving") is not None
    grpc = ("--grpc_port", 0) if has_grpc else ()
    process = fork_m2m("serve", "--export", exported[1].parent, "--port", 0, *grpc)
    address = address_of(process)
    process.grpc = address_of(process, "grpc") if has_grpc else None
    yield process, address
    stop(process)


@pytest.fixture(scope="session")
def grpc_address(server_process):
    """The same server's gRPC address: `127.0.0.1:PORT`."""
    return server_process[0].grpc.removeprefix("grpc://")


@pytest.fixture(scope="session")
def server(server_process):
    """The address of a served model: `http://127.0.0.1:PORT/v1/models/digits`."""
    return server_process[1]


@pytest.fixture(scope="session")
def strict_server(exported):
    """The address of one that allows little, by flags."""
    flags = [word for name, value in STRICT.items() for word in (f"--{name}", value)]
    process = fork_m2m("serve", "--export", exported[1], "--port", 0, *flags)
    yield address_of(process)
    stop(process)


def address_of(process, scheme="http"):
    """The address that a server prints once it listens."""
    for line in process.stdout:
        if found := re.search(rf"{scheme}://\S+", line):
            return found[0]
    raise AssertionError(process.communicate()[1])


def stop(process):
    process.terminate()
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0 and "Stopped" in out, err
    assert "Traceback" not in err, err


def connect(server):
    """A connection to a server, without a client's library."""
    at = urlsplit(server)
    return socket.create_connection((at.hostname, at.port), timeout=60)


def answer_of(connection):
    """(status, headers, what a server says in JSON) on a connection that it then closes."""
    text = b""
    while part := connection.recv(65536):
        text += part
    head, body = text.split(b"\r\n\r\n", 1)
    first, *lines = head.decode().split("\r\n")
    headers = dict(line.lower().split(": ", 1) for line in lines)
    assert headers["content-type"] == "application/json"
    return int(first.split()[1]), headers, json.loads(body)
