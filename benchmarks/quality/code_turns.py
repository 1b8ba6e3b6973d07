"""Whether codes turn as their images do, up to one matrix on the channels.

The code of a mirrored image is compared with the mirrored code of the image, as it is and after the
affine map of the channels that fits best on other images; both are decoded.

    python datasets/get_data.py universal_source
    python benchmarks/quality/code_turns.py \
        --images ~/.cache/m2m_tf/data/universal_source/held_out.npy

About a minute on 2 cores. Writes `--out`, a JSON file.

Expect an R2 of 0.997, and errors after the matrix up to a tenth above those of own codes.
"""

import json
from pathlib import Path

import numpy as np
from absl import app, flags

import m2m_tf as m2m
from m2m_tf.autoencoders import resolve

IMAGES = flags.DEFINE_string("images", None, "images, cut to 64x64 in the middle", required=True)
AUTOENCODER = flags.DEFINE_string("autoencoder", "universal", "a preset or a folder")
OUT = flags.DEFINE_string("out", "runs/code_turns.json", "the file to write")
SIDE, COUNT, FITTED = 64, 1000, 700
TURNS = {
    "mirrored": lambda maps: maps[:, :, ::-1],
    "upside down": lambda maps: maps[:, ::-1],
    "a quarter turn": lambda maps: np.rot90(maps, 1, (1, 2)),
}


def main(_):
    images = middle(m2m.data.load(IMAGES.value, channels=3).numpy(COUNT))
    autoencoder = resolve(AUTOENCODER.value).at(images.shape[1:])
    codes = autoencoder.encode(images)
    rows = {name: compare(autoencoder, images, codes, turn) for name, turn in TURNS.items()}
    for name, row in rows.items():
        print(name, {key: round(value, 5) for key, value in row.items()})
    Path(OUT.value).parent.mkdir(parents=True, exist_ok=True)
    Path(OUT.value).write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")


def middle(images):
    """The middle 64x64 pixels."""
    top, left = ((side - SIDE) // 2 for side in images.shape[1:3])
    return images[:, top : top + SIDE, left : left + SIDE]


def compare(autoencoder, images, codes, turn):
    """Errors of what turned codes decode to, on images that the matrix was not fitted to."""
    turned_images = np.ascontiguousarray(turn(images))
    turned, expected = np.ascontiguousarray(turn(codes)), autoencoder.encode(turned_images)
    matrix = fit(turned[:FITTED], expected[:FITTED])
    mapped = with_one(turned[FITTED:]) @ matrix
    expected, target = expected[FITTED:], turned_images[FITTED:]
    made = {"own_code": expected, "turned_code": turned[FITTED:], "with_the_matrix": mapped}
    errors = {
        f"mse_{name}": float(np.mean((autoencoder.decode(each) - target) ** 2))
        for name, each in made.items()
    }
    return {"R2": float(1 - np.mean((mapped - expected) ** 2) / expected.var()), **errors}


def fit(codes, expected):
    """The affine map of the channels, `(c + 1, c)`, by least squares."""
    channels = codes.shape[-1]
    points = with_one(codes).reshape(-1, channels + 1)
    return np.linalg.lstsq(points, expected.reshape(-1, channels), rcond=None)[0]


def with_one(codes):
    """Codes with one more channel, which is 1."""
    return np.concatenate([codes, np.ones((*codes.shape[:-1], 1), codes.dtype)], axis=-1)


if __name__ == "__main__":
    app.run(main)
