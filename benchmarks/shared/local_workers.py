"""Starts workers: real processes of this machine that find each other over the loopback interface.

The tests of several workers start theirs here too.
"""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def cluster_of(count):
    """TF_CONFIG of each of so many workers, at ports that are free."""
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    addresses = [f"127.0.0.1:{each.getsockname()[1]}" for each in sockets]
    for each in sockets:
        each.close()
    tasks = [{"type": "worker", "index": number} for number in range(count)]
    return [json.dumps({"cluster": {"worker": addresses}, "task": task}) for task in tasks]


def start_workers(count, *command, **options):
    """Starts `python COMMAND` as so many workers; returns the processes, the chief's first."""
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
    return [
        subprocess.Popen(
            [sys.executable, *map(str, command)],
            env={**os.environ, "TF_CONFIG": config},
            text=True,
            cwd=ROOT,
            **options,
        )
        for config in cluster_of(count)
    ]
