"""A request that is meant for another host is not answered."""

import pytest
import requests

from tests.extras import needs

needs("serve", "kserve")

from m2m_tf.serving.server.hosts import HostCheck  # noqa: E402

OWN = ["localhost", "LOCALHOST", "localhost:8501", "127.0.0.1:8501", "[::1]:8501", "localhost."]
FOREIGN = [
    "evil.example",
    "evil.example:8501",
    "localhost.evil.example",
    "127.0.0.1.evil.example",
    "evil.example@localhost",
    "localhost:8501:1",
    "10.0.0.5",
    "",
]


def takes(host, name, allowed=(), version="1.1"):
    headers = [] if name is None else [(b"host", name.encode("latin-1"))]
    return HostCheck(None, host, allowed).takes({"headers": headers, "http_version": version})


@pytest.mark.parametrize("name", OWN)
@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0", "::"])  # noqa: S104 - said, not bound
def test_names_of_this_machine_are_taken(host, name):
    assert takes(host, name)


@pytest.mark.parametrize("name", FOREIGN)
def test_names_of_others_are_not(name):
    assert not takes("127.0.0.1", name)


def test_where_all_addresses_listen_each_in_numbers_is_taken_and_no_name():
    for host in ("0.0.0.0", "::"):  # noqa: S104 - said, not bound
        assert takes(host, "10.0.0.5:8501") and takes(host, "[fe80::1]")
        assert not takes(host, "evil.example") and not takes(host, "10.0.0.5.evil.example")


def test_more_names_can_be_allowed():
    assert takes("127.0.0.1", "proxy.example:80", ["Proxy.example"])
    assert takes("models.example", "models.example")
    assert takes("127.0.0.1", "evil.example", ["*"])


def test_a_host_must_be_named_once():
    assert not takes("127.0.0.1", None) and takes("127.0.0.1", None, version="1.0")
    twice = {"headers": [(b"host", b"localhost")] * 2, "http_version": "1.1"}
    assert not HostCheck(None, "127.0.0.1").takes(twice)


@pytest.mark.slow
@pytest.mark.parametrize("verb", ["get", "post"])
def test_a_request_to_another_name_is_refused_over_a_real_port(strict_server, verb):
    path = {"get": "", "post": ":predict"}[verb]
    body = {"signature_name": "sample", "inputs": {"num_images": 1, "seed": 0, "truncation": 1.0}}
    for name, expected in (("evil.example", 421), ("proxy.example", 200)):
        url, headers = f"{strict_server}{path}", {"host": name}
        answer = requests.request(verb, url, json=body, headers=headers, timeout=60)
        assert answer.status_code == expected
        assert ("--allow_host" in answer.text) == (expected == 421)
        assert answer.headers["content-type"] == "application/json"
