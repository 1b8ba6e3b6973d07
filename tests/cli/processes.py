"""The `m2m` command in a process of its own, started or forked."""

import os
import subprocess
import sys
from pathlib import Path

from m2m_tf.cli import main
from tests.forks import Fork

ROOT = Path(__file__).parents[2]
# What the installed script does, from the tree.
SCRIPT = """
import sys
sys.argv[0] = "m2m"
from m2m_tf.cli.main import run
{before}
try:
    run()
finally:
    {after}
"""


def start_m2m(*arguments, before="", after="pass", configure=(), **options):
    """Starts `m2m` as the installed script does.

    `before` and `after` are statements to run around it, `configure` more variables of its
    environment.
    """
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
        **dict(configure),
    }
    environment.pop("TF_CPP_MIN_LOG_LEVEL", None)
    command = [
        sys.executable,
        "-c",
        SCRIPT.format(before=before, after=after),
        *map(str, arguments),
    ]
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, **options}
    return subprocess.Popen(command, env=environment, **options)


def fork_m2m(*arguments, **options):
    """Runs `m2m` in a process that has TensorFlow already; options as those of `Fork`."""
    return Fork(main.run, "m2m", *arguments, **options)


def wait_for(process, start):
    """Reads what the process prints until a line begins with `start`."""
    for line in process.stdout:
        if line.startswith(start):
            return
    raise AssertionError(f"{start!r} was never printed: {process.communicate()[1]}")
