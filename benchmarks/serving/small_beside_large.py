"""How long a small request waits at a server that others ask for thousands of images.

Starts `m2m serve` on the loopback interface and asks for one image again and again: alone, then
while four others ask for 4,096 each, as soon as they have their last answer, and then alone again.
Measures each wait, and the memory of the server.

    python benchmarks/serving/small_beside_large.py            # 3 times 20 s: 2 minutes
    python benchmarks/serving/small_beside_large.py --out benchmarks/results/small_beside_large.json

Linux only: memory is read from /proc.

Expect, beside the large ones, waits of some hundredths of a second on 2 cores, and afterwards
memory within a fifth of what it was.
"""

import sys
import tempfile
import threading
import time
from pathlib import Path

import numpy as np
import requests
from absl import app, flags

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.serving.serving import export_model, megabytes, start_server
from m2m_tf.reports import write_json

LARGE = flags.DEFINE_integer("large", 4, "clients that ask for many images", 1)
MANY = flags.DEFINE_integer("many", 4096, "images that each of them asks for", 1)
LAST = flags.DEFINE_float("last", 20.0, "seconds of each of the three parts", 1.0)
OUT = flags.DEFINE_string("out", None, "JSON file to write")


def main(_):
    with tempfile.TemporaryDirectory() as folder:
        _, export = export_model(Path(folder, "digits", "1"))
        server, address = start_server(export.parent)
        try:
            found = measure(server.pid, address)
        finally:
            server.terminate()
            server.wait()
    for name, part in found["parts"].items():
        print(name, part)
    if OUT.value:
        write_json(OUT.value, found)


def measure(pid, address):
    """The three parts."""
    parts = {"alone": ask_small(pid, address)}
    end = time.monotonic() + LAST.value
    answered = []
    clients = [
        threading.Thread(target=ask_large, args=(address, number, end, answered))
        for number in range(LARGE.value)
    ]
    for client in clients:
        client.start()
    parts["beside"] = ask_small(pid, address)
    for client in clients:
        client.join()
    parts["afterwards"] = ask_small(pid, address)
    many = {"clients": LARGE.value, "images": MANY.value, "answered": len(answered)}
    return {"large": many, "parts": parts}


def ask_small(pid, address):
    """Waits for one image, asked for again and again."""
    waits, memory, end = [], [], time.monotonic() + LAST.value
    session = requests.Session()
    while time.monotonic() < end:
        body = {"signature_name": "png", "inputs": {"num_images": 1, "seed": len(waits)}}
        began = time.perf_counter()
        session.post(f"{address}:predict", json=body, timeout=600).raise_for_status()
        waits.append(1e3 * (time.perf_counter() - began))
        memory.append(megabytes(pid))
    median, late = np.quantile(waits, [0.5, 0.99])
    milliseconds = {"median": median, "p99": late, "most": max(waits)}
    return {
        "requests": len(waits),
        "milliseconds": {name: round(float(value), 1) for name, value in milliseconds.items()},
        "megabytes": {"most": round(max(memory)), "end": round(memory[-1])},
    }


def ask_large(address, seed, end, answered):
    """Asks for many images until the time is over."""
    while time.monotonic() < end:
        inputs = {"num_images": MANY.value, "seed": seed, "truncation": 1.0}
        body = {"signature_name": "sample", "inputs": inputs}
        answer = requests.post(f"{address}:predict", json=body, timeout=600)
        answer.raise_for_status()
        answered.append(len(answer.content))


if __name__ == "__main__":
    app.run(main)
