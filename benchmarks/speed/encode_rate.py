"""How many images a second the universal encoder makes codes of, beside TAEF2's on the same images.

    python benchmarks/speed/encode_rate.py --taef2 FOLDER    (about 4 minutes on 2 quiet cores)

FOLDER holds the published `taef2_encoder.pth` and `taef2_decoder.pth`. Both encode the same batch,
drawn images, in turn; a ratio is that of one round. Writes `--out`, a JSON file.

Expect 11 to 14 times TAEF2's rate.
"""

import json
import sys
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import numpy as np
import tensorflow as tf
from absl import app, flags

import m2m_tf as m2m
from benchmarks.shared.measure import in_turn, ratios, spread

TAEF2 = flags.DEFINE_string("taef2", None, "folder of the published weights", required=True)
SIZES = flags.DEFINE_list("sizes", ["64", "128", "256"], "pixels a side")
ROUNDS = flags.DEFINE_integer("rounds", 5, "rounds that are counted")
OUT = flags.DEFINE_string("out", "runs/encode_rate.json", "the file to write")
PIXELS = 64 * 64 * 64  # of a batch: 64 images of 64x64


def main(_):
    rows = {}
    for size in map(int, SIZES.value):
        count = max(1, PIXELS // size**2)
        images = np.random.default_rng(0).uniform(-1, 1, (count, size, size, 3))
        images = tf.constant(images, tf.float32)
        encoders = {"universal": universal(size), "taef2": taef2(size)}
        calls = {name: partial(each.encode_batch, images) for name, each in encoders.items()}
        times = in_turn(calls, ROUNDS.value)
        rows[size] = {
            "images": count,
            "per_second": {name: [count / t for t in each] for name, each in times.items()},
            "ratio": ratios(times["taef2"], times["universal"]),
        }
        rates = {name: spread(each, "{:.0f}") for name, each in rows[size]["per_second"].items()}
        print(f"{size}: {rates}, ratio {spread(rows[size]['ratio'], '{:.1f}')}", flush=True)
    Path(OUT.value).parent.mkdir(parents=True, exist_ok=True)
    Path(OUT.value).write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")


def universal(size):
    return m2m.Autoencoder.from_preset("universal", image_shape=(size, size, 3))


def taef2(size):
    files = {part: f"{TAEF2.value}/taef2_{part}.pth" for part in ("encoder", "decoder")}
    return m2m.Autoencoder.from_tiny("taef2", **files, image_shape=(size, size, 3))


if __name__ == "__main__":
    app.run(main)
