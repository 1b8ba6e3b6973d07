"""Where a server listens."""

import socket

import pytest

from m2m_tf.serving.address import free_port, listen


def test_a_free_port_is_taken_and_answers():
    with listen("127.0.0.1", 0) as listening:
        port = listening.getsockname()[1]
        socket.create_connection(("127.0.0.1", port), timeout=10).close()
        with pytest.raises(ValueError, match=f"Cannot listen at 127.0.0.1, port {port}: .*--port"):
            listen("127.0.0.1", port)
    assert free_port("127.0.0.1", port) == port


def test_zero_gives_a_port_that_is_free_and_left_free():
    port = free_port("127.0.0.1", 0)
    assert port > 0
    listen("127.0.0.1", port).close()


def test_an_address_of_another_machine_is_refused():
    with pytest.raises(ValueError, match="Cannot listen at 192.0.2.1"):  # of no machine: RFC 5737
        listen("192.0.2.1", 0)
