"""What serving costs: many clients at a real server, beside the bare call of the SavedModel.

Exports the preset behind a mind that trained for seconds (what is served costs the same however
long it trained), starts `m2m serve` on the loopback interface, and lets so many clients ask for
images, each as soon as it has its last answer. Prints errors, requests a second, latencies, and
the server's memory over the time; and beside them, of one caller in this process, the same call
of the SavedModel alone, and the decoder alone.

    python benchmarks/serving/serving.py                      # 64 clients, 60 s: 2.5 minutes
    python benchmarks/serving/serving.py --clients 1 --seconds 20

Linux only: memory is read from /proc.

Expect no error, and nine tenths of the bare calls by 64 clients, half of them by one.
"""

import re
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import numpy as np
import requests
import tensorflow as tf
from absl import app, flags

import m2m_tf as m2m

CLIENTS = flags.DEFINE_integer("clients", 64, "clients at once", 1)
SECONDS = flags.DEFINE_float("seconds", 60.0, "how long they ask", 1.0)
IMAGES = flags.DEFINE_integer("images", 1, "images of a request", 1)
SIGNATURE = flags.DEFINE_enum("signature", "png", ["png", "sample"], "what is asked for")
PRESET, WARM_UP, CALLS = "fashion_mnist_28", 20, 500


def main(_):
    with tempfile.TemporaryDirectory() as folder:
        model, export = export_model(Path(folder, "digits", "1"))
        decoder, bare = time_decoder(model), time_bare_calls(export)
        server, address = start_server(export.parent)
        try:
            first = megabytes(server.pid)
            latencies, errors, memory = load(server.pid, address)
        finally:
            server.terminate()
            server.wait()
    show({"served": latencies, "bare call": bare, "decoder alone": decoder}, errors)
    show_memory([first, *memory])
    if errors:
        sys.exit(f"The first error: {errors[0]}")


def export_model(path):
    """A model of some steps, exported."""
    model = m2m.Mind2Mind(m2m.Autoencoder.from_preset(PRESET), seed=0)
    model.compile()
    model.fit("demo:digits", epochs=1, verbose=0)
    return model, model.export(path)


def time_decoder(model):
    """Seconds of decoding as many codes as a request asks for."""
    codes = tf.constant(model.generate_codes(IMAGES.value, seed=0))
    return timed(lambda _: model.autoencoder.decode_batch(codes))


def inputs(seed):
    """What a request asks for."""
    values = {"num_images": IMAGES.value, "seed": seed}
    return values if SIGNATURE.value == "png" else {**values, "truncation": 1.0}


def time_bare_calls(export):
    """Seconds of calls of the signature in this process."""
    loaded = tf.saved_model.load(str(export))
    function = loaded.signatures[SIGNATURE.value]
    specs = function.structured_input_signature[1]

    def call(seed):
        values = inputs(seed).items()
        function(**{name: tf.constant(value, specs[name].dtype) for name, value in values})

    return timed(call)


def timed(call):
    """Seconds of calls, one after the other; the first ones are left out."""
    seconds = []
    for number in range(WARM_UP + CALLS):
        began = time.perf_counter()
        call(number)
        seconds.append(time.perf_counter() - began)
    return seconds[WARM_UP:]


def start_server(exports):
    """Starts `m2m serve`; returns its process and address."""
    command = [Path(sys.executable).with_name("m2m"), "serve", "--export", exports, "--port", "0"]
    server = subprocess.Popen([*map(str, command)], stdout=subprocess.PIPE, text=True)
    for line in server.stdout:
        if found := re.search(r"http://\S+", line):
            return server, found[0]
    sys.exit("The server did not start.")


def load(pid, address):
    """Lets the clients ask; returns latencies, errors, and the server's memory each second."""
    latencies, errors, memory = [], [], []
    end = time.monotonic() + SECONDS.value

    def ask(number):
        session = requests.Session()
        seed = number
        while time.monotonic() < end:
            body = {"signature_name": SIGNATURE.value, "inputs": inputs(seed)}
            began = time.perf_counter()
            try:
                answer = session.post(f"{address}:predict", json=body, timeout=60)
                answer.raise_for_status()
                answer.json()["outputs"]
            except (requests.RequestException, ValueError, KeyError) as error:
                errors.append(repr(error))
            latencies.append(time.perf_counter() - began)
            seed += CLIENTS.value

    clients = [threading.Thread(target=ask, args=(number,)) for number in range(CLIENTS.value)]
    for client in clients:
        client.start()
    while time.monotonic() < end:
        time.sleep(1.0)
        memory.append(megabytes(pid))
    for client in clients:
        client.join()
    return latencies, errors, memory


def megabytes(pid):
    """Memory that a process holds."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) * 1024 / 1e6


def show(seconds, errors):
    """Prints latencies, and the ratio of the rates."""
    count = len(seconds["served"])
    print(f"{count:,} requests of {CLIENTS.value} clients, {len(errors)} errors")
    rate, bare = count / SECONDS.value, 1 / np.mean(seconds["bare call"])
    print(f"{rate:.0f} requests a second, {rate / bare:.2f} of the bare calls, one after the other")
    for what, values in seconds.items():
        p50, p99 = np.quantile(values, [0.5, 0.99]) * 1e3
        print(f"{what:14} p50 {p50:7.1f} ms, p99 {p99:7.1f} ms")


def show_memory(memory):
    """Prints the server's memory over the time, in MB."""
    early = memory[len(memory) // 4]
    print(f"the server's memory: {memory[0]:.0f} MB before, {early:.0f} after a quarter of the")
    print(f"time, {memory[-1]:.0f} at its end, {max(memory):.0f} at most")


if __name__ == "__main__":
    app.run(main)
