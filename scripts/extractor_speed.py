"""Prints how many images a second the extractors take whose weights are here.

    python scripts/extractor_speed.py

It takes half a minute; on 2 busy cores it printed what `docs/extractors.md` says.
"""

import os
import sys
import time
from pathlib import Path

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "2"
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from m2m_tf import data
from m2m_tf.features import available_extractors, get_extractor

COUNTS = {
    "pixels": 10_000,
    "digits_fashion": 10_000,
    "efficientnet_lite0": 512,
    "squeezenet": 512,
}
ROUNDS = 3  # the fastest counts: other programs only slow it down


def main():
    digits = data.load("demo:digits").numpy()
    facts = available_extractors()
    for name, count in COUNTS.items():
        if not facts[name].available:
            continue
        extractor = get_extractor(name, digits.shape[1:])
        extractor(digits[:512])
        seconds = min(seconds_of(extractor, digits[:count]) for _ in range(ROUNDS))
        print(f"{name:20} {count / seconds:8,.0f} images a second")


def seconds_of(extractor, images):
    began = time.perf_counter()
    extractor(images)
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
