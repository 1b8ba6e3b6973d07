"""Draws docs/pictures/universal.png: images, what `universal` keeps of them, and what TAEF2 keeps.

    python scripts/universal_picture.py --taef2 FOLDER    (a minute on 2 cores)

FOLDER holds the published `taef2_encoder.pth` and `taef2_decoder.pth`. Ten images of each target,
drawn by a seed from those that no training of `universal` saw.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
from absl import app, flags

import m2m_tf as m2m
from datasets.targets import TARGETS

TAEF2 = flags.DEFINE_string("taef2", None, "folder of the published weights", required=True)
CACHE = flags.DEFINE_string("cache", None, "where get_data.py keeps data, else its default")
OUT = flags.DEFINE_string("out", "docs/pictures/universal.png", "the file to write")
SHOWN = ("micah_64", "tiles", "terrain_64")
COLUMNS = 10


def main(_):
    shape = (64, 64, 3)
    files = {part: Path(TAEF2.value, f"taef2_{part}.pth") for part in ("encoder", "decoder")}
    universal = m2m.Autoencoder.from_preset("universal", image_shape=shape)
    taef2 = m2m.Autoencoder.from_tiny("taef2", **files, image_shape=shape)
    rows = []
    for name in SHOWN:
        images = TARGETS[name].load(CACHE.value, any_size=True).numpy()
        images = images[np.random.default_rng(0).choice(len(images), COLUMNS, replace=False)]
        rows += [images, *(each.decode(each.encode(images)) for each in (universal, taef2))]
    m2m.pictures.save_grid(OUT.value, np.concatenate(rows), COLUMNS)


if __name__ == "__main__":
    app.run(main)
