"""`m2m` itself: its help, its commands, and how it ends."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from m2m_tf.cli import main

M2M = "import sys; sys.argv[0] = 'm2m'; from m2m_tf.cli.main import run; run()"
ROOT = Path(__file__).parents[2]


def start(*arguments, **options):
    """The command in a process of its own, as the installed script starts it."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    environment.pop("TF_CPP_MIN_LOG_LEVEL", None)
    command = [sys.executable, "-c", M2M, *arguments]
    pipe = subprocess.PIPE
    return subprocess.Popen(
        command, stdout=pipe, stderr=pipe, text=True, env=environment, **options
    )


@pytest.mark.parametrize("arguments", [[], ["--help"], ["-h"]])
def test_the_help_lists_every_command_with_a_line(m2m, arguments):
    result = m2m(*arguments)
    assert result.status == 0
    for command in main.COMMANDS:
        lines = [line for line in result.out.splitlines() if line.split()[:1] == [command]]
        assert len(lines) == 1 and len(lines[0].split()) > 3


@pytest.mark.parametrize("command", main.COMMANDS)
def test_the_help_of_a_command_has_an_example_that_parses(m2m, command):
    result = m2m(command, "--help")
    assert result.status == 0
    example = result.out.split("example:")[1].split()
    assert example[:2] == ["m2m", command]
    assert main.parse(example).command == command


def test_the_help_does_not_load_tensorflow():
    code = M2M.replace("run()", "") + (
        "\ntry: run(['m2m', '--help'])\nfinally: print('tensorflow' in sys.modules)"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    assert done.stdout.splitlines()[-1] == "False"


def test_a_command_shows_nothing_of_tensorflows_start():
    out, err = start("presets").communicate()
    assert out.startswith("name") and err == ""


def test_an_unknown_command_is_refused_and_near_ones_are_offered(refused):
    message = refused("trasnfer", "--out", "x")
    assert "no command 'trasnfer'" in message and "Did you mean transfer?" in message


def test_an_unknown_flag_is_refused_by_name(refused):
    message = refused("generate", "--model", "m", "--out", "x.png", "--nmu", "3")
    assert message.startswith("m2m generate:") and "--nmu" in message


def test_a_missing_flag_is_refused_by_name(refused):
    assert "--autoencoder, --target, --out" in refused("transfer")


@pytest.mark.parametrize(
    ("flag", "value", "expected"),
    [
        ("--epochs", "0", "1 or more"),
        ("--batch_size", "many", "1 or more"),
        ("--seed", "-1", "from 0"),
        ("--image_size", "28x", "28 or 48x64"),
        ("--image_size", "1x2x3", "28 or 48x64"),
        ("--prior", "cauchy", "uniform"),
        ("--resize", "cubic", "lanczos"),
    ],
)
def test_a_value_out_of_range_is_refused_while_parsing(refused, flag, value, expected):
    message = refused(
        "transfer", "--autoencoder", "a", "--target", "t", "--out", "o", f"{flag}={value}"
    )
    assert message.startswith(f"m2m transfer: argument {flag}: ")
    assert expected in message and value in message


def test_debug_shows_where_an_error_came_from(m2m):
    arguments = ("transfer", "--autoencoder", "no_such", "--target", "demo:digits", "--out", "o")
    result = m2m(*arguments, "--debug")
    assert result.status == 2 and "Traceback" in result.err


def test_an_interruption_ends_with_130_and_leaves_nothing(tmp_path):
    reader, writer = os.pipe()  # a target that never ends: the command waits for it
    process = start(
        *("transfer", "--autoencoder", f"/dev/fd/{reader}", "--target", "x", "--out", "out"),
        cwd=tmp_path,
        pass_fds=[reader],
    )
    assert process.stdout.readline().startswith("Loading")
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    os.close(writer)
    assert process.returncode == 130
    assert err.strip() == "m2m transfer: interrupted."
    assert list(tmp_path.iterdir()) == []
