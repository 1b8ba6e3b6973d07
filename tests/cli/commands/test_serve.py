"""`m2m serve`: what is refused at the door. The server itself: tests/serving/server."""

import pytest

from m2m_tf.cli import main
from m2m_tf.cli.commands import serve
from tests.extras import needs

needs("serve", "kserve")


def test_it_listens_at_the_loopback_interface_alone_by_default():
    args = main.parse(["m2m", "serve", "--export", "exports/digits"])
    assert (args.host, args.port, args.version) == ("127.0.0.1", serve.PORT, None)


def test_an_export_that_is_not_there_is_refused(refused, tmp_path):
    assert "exports/digits" in refused("serve", "--export", "exports/digits")
    (tmp_path / "empty").mkdir()
    assert "empty" in refused("serve", "--export", "empty")


@pytest.mark.parametrize(
    ("flag", "value"), [("--port", "65536"), ("--version", "0"), ("--most_megabytes", "0")]
)
def test_a_value_out_of_range_is_refused_while_parsing(refused, flag, value):
    message = refused("serve", "--export", "exports/digits", f"{flag}={value}")
    assert message.startswith(f"m2m serve: argument {flag}: ") and value in message
