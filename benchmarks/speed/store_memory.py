"""Training on codes that lie on disk: the memory that it needs, and the speed that it keeps.

A store of 1 GiB of codes of 256 values (drawn at random: their values do not change the time) is
written, and a mind trained on it with the defaults, beside a mind on as many codes as are held in
memory without it, 10,000. For the speed one process takes 100 steps on the codes in memory, 100 on
those on disk with what the system has cached of the files (`cached`), 100 after it was asked to
forget them (`cold`), in turn, so that a machine whose speed varies is as fast for each; the first
of each are left out. For the memory each training has a process of its own, which says what it had
at its most.

    python benchmarks/speed/store_memory.py        (about 8 minutes on 2 cores; 2 GiB of disk)

Writes `benchmarks/results/store_memory.json`, and prints the ratios of steps a second to those in
memory, the median over rounds with the least and the largest, and the memory of each.

Expect 0.97 to 1 of the speed, and 0.2 GB more memory than for 10,000 codes.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import keras
import numpy as np
from absl import app, flags

import m2m_tf as m2m
from benchmarks.shared.measure import ratios, spread
from m2m_tf.codes import CodeStore
from m2m_tf.codes.shards import ShardedCodes
from m2m_tf.reports import write_json

GIBIBYTES = flags.DEFINE_float("gibibytes", 1.0, "size of the store", 0.3)
ROUNDS = flags.DEFINE_integer("rounds", 15, "rounds of the speed", 1)
STEPS = flags.DEFINE_integer("steps", 100, "training steps that are timed in a round", 1)
OUT = flags.DEFINE_string("out", "benchmarks/results/store_memory.json", "the result")
FOLDER = flags.DEFINE_string("folder", None, "where the store is written for a while")
TRAIN = flags.DEFINE_string("train", None, "the training of a process: for the script itself")

WIDTH, SHARD, IN_MEMORY, BATCH = 256, 1 << 16, 10_000, 128
CONTENDERS = ("memory", "cached", "cold")


def main(_):
    if TRAIN.value:
        work = speeds if TRAIN.value == "speeds" else most_memory
        print(json.dumps(work(Path(FOLDER.value))))
        return
    with tempfile.TemporaryDirectory(dir=FOLDER.value, prefix="m2m-store-") as folder:
        write_store(Path(folder))
        found = {
            "gibibytes": GIBIBYTES.value,
            "steps_a_second": in_its_process("speeds", folder),
            "megabytes": {name: in_its_process(name, folder) for name in ("memory", "disk")},
        }
    write_json(OUT.value, found)
    show(found)


def write_store(folder):
    """Writes codes into shards."""
    rng = np.random.default_rng(0)
    for number in range(round(GIBIBYTES.value * 2**30 / (4 * WIDTH * SHARD))):
        rng.standard_normal((SHARD, WIDTH), "float32").tofile(folder / f"codes-{number:05}.f32")


def in_its_process(name, folder):
    """What the work of a process gives."""
    command = [sys.executable, __file__, f"--train={name}", f"--folder={folder}"]
    command += [f"--steps={STEPS.value}", f"--rounds={ROUNDS.value}"]
    run = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(run.stdout.splitlines()[-1])


def store_of(name, folder):
    """The codes of a contender."""
    if name == "memory":
        codes = np.random.default_rng(0).standard_normal((IN_MEMORY, WIDTH), "float32")
    else:
        paths = sorted(folder.iterdir())
        codes = ShardedCodes(paths, [SHARD] * len(paths), (WIDTH,))
    return CodeStore(codes, "benchmark")


def trained(store):
    """A mind that was trained a little, so that all is measured and traced."""
    keras.utils.set_random_seed(0)
    model = m2m.Mind2Mind(m2m.Autoencoder.from_preset("fashion_mnist_28"), seed=0)
    model.compile()
    model.fit(store, epochs=1, steps_per_epoch=10, batch_size=BATCH, verbose=0)
    return model


def most_memory(folder):
    """The most memory that a training has had, in MB."""
    trained(store_of(TRAIN.value, folder))
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6


def speeds(folder):
    """Steps a second in each round, by contender."""
    model = trained(store_of("memory", folder))
    read = (BATCH, model.critic_steps, model.statistics.constant(), 0)
    batches = {name: iter(store_of(name, folder).groups(*read)) for name in CONTENDERS}
    found = {name: [] for name in CONTENDERS}
    for _ in range(ROUNDS.value + 1):
        for name in CONTENDERS:
            if name == "cold":
                forget_piles()
            began = time.perf_counter()
            for _ in range(STEPS.value):
                model.train_function(batches[name])
            found[name].append(STEPS.value / (time.perf_counter() - began))
    return {name: rates[1:] for name, rates in found.items()}


def forget_piles():
    """Asks the system to drop what it has cached of the files that codes are read from."""
    for number in os.listdir("/proc/self/fd"):
        if "m2m-codes-" in os.path.realpath(f"/proc/self/fd/{number}"):
            os.fsync(int(number))
            os.posix_fadvise(int(number), 0, 0, os.POSIX_FADV_DONTNEED)


def show(found):
    """Prints memory and ratios."""
    rates = found["steps_a_second"]
    for name in CONTENDERS:
        print(f"{name:8}{spread(ratios(rates[name], rates['memory'])):>24} of the speed in memory")
    for name, most in found["megabytes"].items():
        print(f"{name:8}{most:>20,.0f} MB")


if __name__ == "__main__":
    app.run(main)
