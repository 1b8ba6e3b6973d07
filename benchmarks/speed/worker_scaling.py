"""What several workers gain in encoding, and what they cost in training, on one machine.

A worker is a process on a core of its own, found over the loopback interface. Round by round, one
worker and then several encode the same images (the package's digits, many times over) into one
folder, and then train a mind with the same batch. Encoding is divided among them; training is
synchronous, every step waits for the gradients of all, and a mind's step is too small to be worth
that on one machine.

    python benchmarks/speed/worker_scaling.py        (about 6 minutes on 2 cores)

Prints images and steps a second of one worker, the ratios of several to one (median, least to
largest), and the bytes of gradients that a step exchanges. Linux only: cores are pinned.

Expect two workers to encode at 1.85 to 2 times the speed of one, and to train at a third of it.
"""

import json
import os
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import keras
import numpy as np
import tensorflow as tf
from absl import app, flags

import m2m_tf as m2m
from benchmarks.shared.local_workers import start_workers
from benchmarks.shared.measure import ratios, spread
from benchmarks.shared.step_clock import StepClock
from m2m_tf.codes import encode_once
from m2m_tf.workers import wait_for_all

WORKERS = flags.DEFINE_integer("workers", os.cpu_count(), "workers to compare with one", 2)
ROUNDS = flags.DEFINE_integer("rounds", 3, "rounds", 1)
TIMES = flags.DEFINE_integer("times", 6, "how often the 10,000 digits are encoded", 1)
STEPS = flags.DEFINE_integer("steps", 500, "training steps that are timed", 1)
OUT = flags.DEFINE_string("out", None, "where codes are written for a while; by default /tmp")
WORK = flags.DEFINE_bool("work", False, "be a worker: for the script itself")

PRESET, BATCH = "fashion_mnist_28", 128


def main(_):
    if WORK.value:
        return work(Path(OUT.value))
    found = {1: [], WORKERS.value: []}
    for round_ in range(ROUNDS.value):
        for count in found:
            with tempfile.TemporaryDirectory(dir=OUT.value, prefix="m2m-workers-") as folder:
                found[count].append(run(count, folder))
            print(f"round {round_}, {count} workers: {found[count][-1]}", flush=True)
    show(found)


def run(count, folder):
    """Runs so many workers; returns what the slowest of them measured."""
    options = [f"--out={folder}", f"--times={TIMES.value}", f"--steps={STEPS.value}"]
    processes = start_workers(count, __file__, "--work", *options, stderr=None)
    written = [process.communicate()[0] for process in processes]
    if any(process.returncode for process in processes):
        sys.exit("A worker failed; see above.")
    measured = [json.loads(text.splitlines()[-1]) for text in written]
    return {name: min(each[name] for each in measured) for name in measured[0]}


def work(folder):
    """Encodes and trains as one worker; prints images and steps a second."""
    number = json.loads(os.environ["TF_CONFIG"])["task"]["index"]
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {cores[number % len(cores)]})  # before TensorFlow counts them
    strategy = tf.distribute.MultiWorkerMirroredStrategy()
    autoencoder = m2m.Autoencoder.from_preset(PRESET)
    digits = m2m.data.load("demo:digits").numpy()
    encode_once(autoencoder, digits[:512], verbose=0)  # compiles
    images = m2m.data.load(np.tile(digits, (TIMES.value, 1, 1, 1)))
    wait_for_all(strategy)
    began = time.perf_counter()
    store = encode_once(autoencoder, images, folder / "codes", verbose=0, strategy=strategy)
    encoding = time.perf_counter() - began
    keras.utils.set_random_seed(0)
    with strategy.scope():
        model = m2m.Mind2Mind(autoencoder, seed=0)
        model.compile()
    clock = StepClock(STEPS.value)
    model.fit(store, epochs=100, batch_size=BATCH, callbacks=[clock], verbose=0)
    weights = [
        sum(int(np.prod(weight.shape)) for weight in network.trainable_weights)
        for network in (model.generator, model.critic)
    ]
    figures = {
        "images_a_second": images.count / encoding,
        "steps_a_second": clock.rate,
        "bytes_a_step": 4 * (weights[0] + model.critic_steps * weights[1]),
    }
    print(json.dumps(figures), flush=True)


def show(found):
    """Prints the figures of one worker, and the ratios of several."""
    one, many = found[1], found[WORKERS.value]
    for name in ("images_a_second", "steps_a_second"):
        values = [[run[name] for run in runs] for runs in (one, many)]
        print(f"{name}: {spread(values[0], '{:.0f}')} of one worker; ", end="")
        print(f"{WORKERS.value} have {spread(ratios(values[1], values[0]))} times that")
    print(f"gradients, bytes a step: {one[0]['bytes_a_step']:,}")


if __name__ == "__main__":
    app.run(main)
