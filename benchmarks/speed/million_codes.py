"""A million images: encoded by processes, measured, fitted and trained on, in bounded memory.

Images of 32x32 in colour are drawn (a disc on a ground that shades from one colour to another: no
data of anybody) into an array on disk. `m2m.encode` writes their codes with the autoencoder
`universal`, and a mind is fitted on these in a process of its own: statistics, axes, mixture, and
steps of training. Each says what memory its largest process has had at its most, pages of the
array's file included.

    python benchmarks/speed/million_codes.py       (about 15 minutes on 2 cores; 6 GB of disk)

Writes `benchmarks/results/million_codes.json`. Expect less than 1.5 GB for each process.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import numpy as np
from absl import app, flags

import m2m_tf as m2m
from m2m_tf.reports import write_json

COUNT = flags.DEFINE_integer("count", 1_000_000, "images", 10_000)
WORKERS = flags.DEFINE_integer("workers", 2, "processes that encode", 1)
STEPS = flags.DEFINE_integer("steps", 1000, "training steps", 1)
OUT = flags.DEFINE_string("out", "benchmarks/results/million_codes.json", "the result")
FOLDER = flags.DEFINE_string("folder", None, "where images and codes are written for a while")
PART = flags.DEFINE_enum("part", None, ("draw", "encode", "fit"), "for the script itself")

SIZE, CHUNK = 32, 10_000


def main(_):
    if PART.value:
        parts = {"draw": draw, "encode": encode, "fit": fit}
        print(json.dumps(parts[PART.value](Path(FOLDER.value))))
        return
    with tempfile.TemporaryDirectory(dir=FOLDER.value, prefix="m2m-million-") as folder:
        in_its_process("draw", folder)  # a process begins with the most that its parent has had
        found = {"count": COUNT.value, "workers": WORKERS.value, "steps": STEPS.value}
        for part in ("encode", "fit"):
            found[part] = in_its_process(part, folder)
            print(f"{part}: {found[part]}", flush=True)
    write_json(OUT.value, found)


def draw(folder):
    """Draws images, uint8 `(count, 32, 32, 3)`, into a file."""
    shape, path = (COUNT.value, SIZE, SIZE, 3), folder / "images.npy"
    images = np.lib.format.open_memmap(path, mode="w+", dtype="uint8", shape=shape)
    rng = np.random.default_rng(0)
    for start in range(0, COUNT.value, CHUNK):
        images[start : start + CHUNK] = discs(rng, min(CHUNK, COUNT.value - start))


def discs(rng, count):
    """Discs of one colour on grounds that shade from one colour to another."""
    rows, columns = np.mgrid[:SIZE, :SIZE].astype("float32")[:, None]
    top, bottom, colour = rng.uniform(0, 255, (3, count, 1, 1, 3)).astype("float32")
    shade = rows[0, None, :, :, None] / (SIZE - 1)
    ground = top + (bottom - top) * shade
    y, x, radius = rng.uniform((8, 8, 4), (24, 24, 12), (count, 3)).astype("float32").T
    away = np.hypot(rows - y[:, None, None], columns - x[:, None, None])
    cover = np.clip(radius[:, None, None] - away + 0.5, 0, 1)[..., None]
    return (ground + (colour - ground) * cover).astype("uint8")


def in_its_process(part, folder):
    """What a part says; its output before that is shown."""
    command = [sys.executable, __file__, f"--part={part}", f"--folder={folder}"]
    command += [f"--{each.name}={each.value}" for each in (COUNT, WORKERS, STEPS)]
    run = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(run.stdout.splitlines()[-1])


def encode(folder):
    """Encodes the images; returns its seconds, and the memory of its largest process."""
    began = time.perf_counter()
    m2m.encode(
        folder / "images.npy", folder / "codes", "universal", workers=WORKERS.value, verbose=0
    )
    seconds = time.perf_counter() - began
    return {"seconds": seconds, "megabytes": most_memory()}


def fit(folder):
    """Trains a mind on the codes; returns what it took, and what came of it."""
    began = time.perf_counter()
    autoencoder = m2m.Autoencoder.from_preset("universal", image_shape=(SIZE, SIZE, 3))
    model = m2m.Mind2Mind(autoencoder, seed=0)
    model.compile()
    history = model.fit(
        folder / "images.npy",
        codes_dir=folder / "codes",
        epochs=STEPS.value // 100,
        steps_per_epoch=100,
        verbose=0,
    ).history
    return {
        "seconds": time.perf_counter() - began,
        "megabytes": most_memory(),
        "encoded_anew": not model.codes.from_cache,
        "codes": model.codes.count,
        "axes": model.statistics.standard_shape[0],
        "updates": int(model.generator_optimizer.iterations),
        "finite": bool(np.isfinite([values[-1] for values in history.values()]).all()),
    }


def most_memory():
    """What this process and each of its children had at the most, in MB: the larger of the two."""
    whose = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return max(resource.getrusage(who).ru_maxrss for who in whose) * 1024 / 1e6


if __name__ == "__main__":
    app.run(main)
