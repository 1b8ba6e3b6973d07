"""A server in a process of its own, on a real port of the loopback interface."""

import re

import pytest

from tests.cli.processes import fork_m2m


@pytest.fixture(scope="session")
def server(exported):
    """The address of a served model: `http://127.0.0.1:PORT/v1/models/digits`."""
    process = fork_m2m("serve", "--export", exported[1].parent, "--port", 0)
    yield address_of(process)
    process.terminate()
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0 and "Stopped" in out, err
    assert "Traceback" not in err, err


def address_of(process):
    """The address that a server prints once it listens."""
    for line in process.stdout:
        if found := re.search(r"http://\S+", line):
            return found[0]
    raise AssertionError(process.communicate()[1])
