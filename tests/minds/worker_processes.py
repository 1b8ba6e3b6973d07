"""Starts workers: real processes that find each other over the loopback interface."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path


def cluster_of(count):
    """TF_CONFIG of each of so many workers, at ports that are free."""
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    addresses = [f"127.0.0.1:{each.getsockname()[1]}" for each in sockets]
    for each in sockets:
        each.close()
    return [
        json.dumps({"cluster": {"worker": addresses}, "task": {"type": "worker", "index": number}})
        for number in range(count)
    ]


def start_workers(count, *command):
    """Starts `python COMMAND` as so many workers; returns the processes, the chief's first."""
    return [
        subprocess.Popen(
            [sys.executable, *map(str, command)],
            env={**os.environ, "TF_CONFIG": config},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        )
        for config in cluster_of(count)
    ]
