"""What codes of float16 cost: images decoded from them beside those decoded from float32.

    python benchmarks/quality/half_codes.py    (about 4 minutes on 2 cores, with the targets there)

For each target, 1,500 of its images are encoded by the preset `universal`; FID of the images that
are decoded from the codes, to the images themselves, with the codes as they are and rounded to 16
bits a value, in two extractors, and the greatest difference of a value in [-1, 1]. Writes `--out`.

Expect FIDs that are the same to three places.
"""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import numpy as np
from absl import app, flags

import m2m_tf as m2m
from datasets.targets import TARGETS
from m2m_tf.features import get_extractor
from m2m_tf.metrics import frechet_distance

WANTED = flags.DEFINE_list("targets", ["micah_64", "tiles", "terrain_64"], "names of targets")
CACHE = flags.DEFINE_string("cache", None, "where get_data.py keeps data, else its default")
NUM_IMAGES = flags.DEFINE_integer("num_images", 1500, "of a target", 100)
OUT = flags.DEFINE_string("out", "runs/half_codes.json", "the file to write")
EXTRACTORS = ("efficientnet_lite0", "squeezenet")


def main(_):
    rows = {target: measure(target) for target in WANTED.value}
    Path(OUT.value).parent.mkdir(parents=True, exist_ok=True)
    Path(OUT.value).write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")


def measure(target):
    """The FIDs of a target, and the greatest difference; prints them."""
    images = TARGETS[target].load(CACHE.value, any_size=True).numpy(NUM_IMAGES.value)
    autoencoder = m2m.Autoencoder.from_preset("universal", image_shape=images.shape[1:])
    codes = autoencoder.encode(m2m.data.load(images, value_range=(-1, 1)))
    made = {
        name: autoencoder.decode(codes.astype(name).astype("float32"))
        for name in ("float32", "float16")
    }
    row = {"difference": float(np.abs(made["float32"] - made["float16"]).max())}
    for name in EXTRACTORS:
        extractor = get_extractor(name, images.shape[1:])
        real = extractor(images).values
        row[name] = {
            kind: frechet_distance(real, extractor(each).values) for kind, each in made.items()
        }
    print(target, row, flush=True)
    return row


if __name__ == "__main__":
    app.run(main)
