"""Training on codes that lie on disk: the memory that it needs, and the speed that it keeps.

A store of 4 GiB of codes of 256 values (drawn at random: their values do not change the time) is
written, and a mind trained on it with the defaults, beside a mind on as many codes as are held in
memory without it, 10,000. Each training has a process of its own, which says what memory it had at
its most; on disk once with what the system has cached of the files (`cached`), once after it was
asked to forget them (`cold`). The steps are counted after the first 100, from which on nothing is
traced.

    python benchmarks/speed/store_memory.py        (about 5 minutes on 2 cores; 4 GiB of disk)

Prints the memory of each, and the ratios of their steps a second to those in memory, the median
over rounds with the least and the largest.

Expect a tenth more memory than for 10,000 codes, at 0.86 to 0.94 of their speed.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import keras
import numpy as np
from absl import app, flags

import m2m_tf as m2m
from benchmarks.shared.measure import ratios, spread
from benchmarks.shared.step_clock import StepClock
from m2m_tf.codes import CodeStore
from m2m_tf.codes.shards import ShardedCodes

GIBIBYTES = flags.DEFINE_float("gibibytes", 4.0, "size of the store", 0.01)
ROUNDS = flags.DEFINE_integer("rounds", 3, "rounds", 1)
STEPS = flags.DEFINE_integer("steps", 1000, "training steps that are timed", 1)
OUT = flags.DEFINE_string("out", None, "where the store is written for a while; by default /tmp")
TRAIN = flags.DEFINE_string("train", None, "the training of a process: for the script itself")

WIDTH, SHARD, IN_MEMORY = 256, 1 << 16, 10_000
CONTENDERS = ("memory", "cached", "cold")


def main(_):
    if TRAIN.value:
        print(json.dumps(train(TRAIN.value, Path(OUT.value))))
        return
    with tempfile.TemporaryDirectory(dir=OUT.value, prefix="m2m-store-") as folder:
        write_store(Path(folder))
        found = {name: [] for name in CONTENDERS}
        for round_ in range(ROUNDS.value):
            for name in CONTENDERS:
                found[name].append(in_its_process(name, folder))
                print(f"round {round_}, {name}: {found[name][-1]}", flush=True)
    show(found)


def write_store(folder):
    """Writes codes into shards."""
    rng = np.random.default_rng(0)
    for number in range(round(GIBIBYTES.value * 2**30 / (4 * WIDTH * SHARD))):
        rng.standard_normal((SHARD, WIDTH), "float32").tofile(folder / f"codes-{number:05}.f32")


def in_its_process(name, folder):
    """Steps a second and the most memory, in MB, of a training."""
    command = [sys.executable, __file__, f"--train={name}", f"--out={folder}"]
    run = subprocess.run(
        [*command, f"--steps={STEPS.value}"], check=True, stdout=subprocess.PIPE, text=True
    )
    return json.loads(run.stdout.splitlines()[-1])


def train(name, folder):
    """Trains on the store or in memory."""
    if name == "memory":
        codes = np.random.default_rng(0).standard_normal((IN_MEMORY, WIDTH), "float32")
    else:
        paths = sorted(folder.iterdir())
        for path in paths if name == "cold" else ():
            forget(path)
        codes = ShardedCodes(paths, [SHARD] * len(paths), (WIDTH,))
    keras.utils.set_random_seed(0)
    model = m2m.Mind2Mind(m2m.Autoencoder.from_preset("fashion_mnist_28"), seed=0)
    model.compile()
    clock = StepClock(STEPS.value)
    model.fit(CodeStore(codes, "benchmark"), epochs=100, callbacks=[clock], verbose=0)
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6
    return {"steps_a_second": clock.rate, "megabytes": most}


def forget(path):
    """Asks the system to drop what it has cached of a file."""
    with open(path, "rb") as file:
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def show(found):
    """Prints memory and ratios."""
    speeds = {name: [run["steps_a_second"] for run in runs] for name, runs in found.items()}
    for name, runs in found.items():
        most = spread([run["megabytes"] for run in runs], "{:.0f}")
        ratio = spread(ratios(speeds[name], speeds["memory"]))
        print(f"{name:8}{most:>24} MB{ratio:>24} of the speed in memory")


if __name__ == "__main__":
    app.run(main)
