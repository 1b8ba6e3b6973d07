"""Stores of objects: one in memory, a real S3 server, and ways to it that fail or are slow."""

import contextlib
import socket
import threading
import time

import pytest

from tests.extras import module_of

BUCKET, CHUNK = "s3://pictures", 1 << 14


@pytest.fixture
def memory():
    """A store in memory, `memory://`, which is empty."""
    store = _fsspec().filesystem("memory")
    store.store.clear()
    yield store
    store.store.clear()


@pytest.fixture(scope="session")
def s3_port():
    """The port of a real S3 server of this machine."""
    server = module_of("dev", "moto.server").ThreadedMotoServer(port=0)
    server.start()
    yield server.get_host_and_port()[1]
    server.stop()


@pytest.fixture
def s3(s3_port, monkeypatch):
    """A function that leads `s3://` to a port, by default to that of a server with a bucket."""
    for name, value in (("ACCESS_KEY_ID", "a"), ("SECRET_ACCESS_KEY", "b"), ("REGION", "eu")):
        monkeypatch.setenv(f"AWS_{name}", value)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")

    def lead(port=s3_port):
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{port}")
        _fsspec().filesystem("s3").clear_instance_cache()
        return _fsspec().filesystem("s3", use_listings_cache=False)

    with_bucket = lead()
    if not with_bucket.exists("pictures"):
        with_bucket.mkdir("pictures")
    yield lead
    _fsspec().filesystem("s3").clear_instance_cache()


def _fsspec():
    return module_of("remote", "fsspec")


@contextlib.contextmanager
def broken_way(port, cuts, after):
    """A port that leads to another one; of its first connections so many are cut.

    Args:
        port: Where it leads.
        cuts: A list of one number, how many connections are still to be cut.
        after: Bytes that a connection is let answer before it is cut.
    """
    with _way(port, cuts=cuts, after=after) as there:
        yield there


@contextlib.contextmanager
def slow_way(port, pause, passed):
    """A port that leads to another one, whose answers come in parts of 16 KB, some time apart.

    Args:
        port: Where it leads.
        pause: Seconds before each part.
        passed: A list, to which the bytes of each part are added.
    """
    with _way(port, pause=pause, passed=passed) as there:
        yield there


@contextlib.contextmanager
def _way(port, **how):
    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=_accept, args=(listening, port, how), daemon=True).start()
        yield listening.getsockname()[1]


def _accept(listening, port, how):
    while True:
        try:
            client, _ = listening.accept()
        except OSError:
            return
        server = socket.create_connection(("127.0.0.1", port))
        threading.Thread(target=_copy, args=(client, server), daemon=True).start()
        answers = threading.Thread(target=_copy, args=(server, client), kwargs=how, daemon=True)
        answers.start()


def _copy(source, target, cuts=None, after=None, pause=0.0, passed=None):
    done = 0
    with contextlib.suppress(OSError):
        while content := source.recv(CHUNK):
            done += len(content)
            if cuts and cuts[0] > 0 and done > after:
                cuts[0] -= 1
                break
            time.sleep(pause)
            if passed is not None:
                passed.append(len(content))
            target.sendall(content)
    for each in (source, target):
        with contextlib.suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)
        each.close()
