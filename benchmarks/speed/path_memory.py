"""The memory of the whole path, from images to images, at each size, and the cost of a step there.

A process for each size encodes drawn faces with the universal autoencoder, trains a mind on their
codes, makes new images and exports the whole. After each part it says what memory it has had at its
most so far. One more process trains a mind at each size in turn, in five rounds, and counts steps
after the first 100, from which on nothing is traced.

    python benchmarks/speed/path_memory.py --faces FOLDER    (about 10 minutes on 2 cores)

FOLDER holds pictures of 1024x1024 or more: `python datasets/get_data.py avatars --style micah
--size 1024 --num 120`; they are shrunk for the smaller sizes. Writes `--out`, a JSON file.

Expect less than 3 GiB at 1024, and steps as fast as at 64.
"""

import json
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from absl import app, flags

import m2m_tf as m2m
from benchmarks.shared.step_clock import StepClock

FACES = flags.DEFINE_string("faces", None, "folder of large pictures", required=True)
SIZES = flags.DEFINE_list("sizes", ["64", "256", "1024"], "pixels a side")
STEPS = flags.DEFINE_integer("steps", 500, "training steps that are timed", 1)
OUT = flags.DEFINE_string("out", "runs/path_memory.json", "the file to write")
PART = flags.DEFINE_integer(
    "part", None, "the size of a process, 0 for rates: for the script itself"
)
BATCH, AXES, ROUNDS = 32, 16, 5


def main(_):
    if PART.value is not None:
        found = walk(PART.value) if PART.value else rates([int(size) for size in SIZES.value])
        print(json.dumps(found))
        return
    rows = {size: {"GiB_after": in_a_process(size)} for size in SIZES.value}
    for size, measured in in_a_process(0).items():
        rows[size] |= measured
        print(f"{size}: {rows[size]}", flush=True)
    Path(OUT.value).parent.mkdir(parents=True, exist_ok=True)
    Path(OUT.value).write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")


def in_a_process(part):
    """What the process of a size found; that of 0 finds the rates of all sizes."""
    command = [sys.executable, __file__, f"--faces={FACES.value}", f"--part={part}"]
    command += [f"--steps={STEPS.value}", f"--sizes={','.join(SIZES.value)}"]
    run = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(run.stdout.splitlines()[-1])


def walk(size):
    """Goes the whole way at one size: GiB at most after each part."""
    most = {"start": most_memory()}
    model = encoded_model(size)
    most["encoding"] = most_memory()
    model.fit(model.codes, epochs=20, batch_size=BATCH, verbose=0)
    most["training"] = most_memory()
    model.generate(16, seed=0)
    most["generating"] = most_memory()
    with tempfile.TemporaryDirectory() as folder:
        model.export(Path(folder) / "faces" / "1")
    most["exporting"] = most_memory()
    return most


def rates(sizes):
    """Steps a second at each size, in turn, and what they are beside the first size's."""
    models = {size: encoded_model(size) for size in sizes}
    found = {size: [] for size in sizes}
    for _ in range(ROUNDS):
        for size, model in models.items():
            found[size].append(steps_per_second(model))
    first = found[sizes[0]]
    return {
        str(size): {
            "steps_per_second": each,
            "beside_the_first": [a / b for a, b in zip(each, first, strict=True)],
        }
        for size, each in found.items()
    }


def encoded_model(size):
    """A mind whose codes are encoded and measured, after its first epoch."""
    autoencoder = m2m.Autoencoder.from_preset("universal", image_shape=(size, size, 3))
    model = m2m.Mind2Mind(autoencoder, standardise="axes", axes=AXES, seed=0)
    model.compile()
    model.fit(FACES.value, image_size=size, batch_size=BATCH, verbose=0)
    return model


def steps_per_second(model):
    clock = StepClock(STEPS.value)
    model.fit(model.codes, epochs=10**6, batch_size=BATCH, callbacks=[clock], verbose=0)
    return clock.rate


def most_memory():
    """GiB that this process has had at its most."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20, 2)


if __name__ == "__main__":
    app.run(main)
