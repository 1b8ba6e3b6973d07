"""How much faster several processes of `m2m encode` are than one, and whether codes are the same.

    python benchmarks/speed/encoding_processes.py        (about 6 minutes on 2 quiet cores)

Round by round the same images, the package's digits many times over at 64x64 in colour, are
encoded by 1, 2 and 4 processes of Apache Beam's own runner, each in one thread. Images a second
are counted from the first shard that is there to the last, so without the seconds in which the
processes load TensorFlow; whole seconds, with these, stand beside. Writes `--out`, a JSON file.

Expect 1.8 times the rate for two processes on two cores, no more for four, and equal bytes.
"""

import hashlib
import json
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import numpy as np
from absl import app, flags

import m2m_tf as m2m
from benchmarks.shared.measure import ratios, spread
from m2m_tf.codes.manifest import read_manifest

WORKERS = flags.DEFINE_list("workers", ["1", "2", "4"], "numbers of processes; the first is 1")
ROUNDS = flags.DEFINE_integer("rounds", 3, "rounds", 1)
TIMES = flags.DEFINE_integer("times", 2, "how often the 10,000 digits are encoded", 1)
OUT = flags.DEFINE_string("out", "runs/encoding_processes.json", "the file to write")


def main(_):
    counts = list(map(int, WORKERS.value))
    found = {count: [] for count in counts}
    with tempfile.TemporaryDirectory(prefix="m2m-processes-") as folder:
        target = Path(folder, "digits.npy")
        digits = m2m.data.load("demo:digits", image_size=64, channels=3).numpy()
        pixels = np.round((digits + 1) * 127.5).astype("uint8")
        np.save(target, np.tile(pixels, (TIMES.value, 1, 1, 1)))
        for round_ in range(ROUNDS.value):
            for count in counts:
                found[count].append(encode(target, Path(folder, f"{round_}-{count}"), count))
                print(f"round {round_}, {count} processes: {found[count][-1]}", flush=True)
    same = len({run["sha256"] for runs in found.values() for run in runs}) == 1
    print(f"All codes have the same bytes: {same}")
    rates = {count: [run["images_a_second"] for run in runs] for count, runs in found.items()}
    for count in counts:
        times = spread(ratios(rates[count], rates[counts[0]]))
        print(f"{count}: {spread(rates[count], '{:,.0f}')} images a second, {times} times one's")
    Path(OUT.value).parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"runs": found, "same_bytes": same}, indent=2)
    Path(OUT.value).write_text(text + "\n", encoding="utf-8")


def encode(target, out, workers):
    """Encodes the target; returns the rate, the whole seconds and the digest of all codes."""
    began = time.perf_counter()
    m2m.encode(target, out, "universal", workers=workers, verbose=0)
    seconds = time.perf_counter() - began
    [folder] = [path for path in out.iterdir() if path.is_dir()]
    shards = read_manifest(folder).shards
    ends = sorted((folder / shard.name).stat().st_mtime for shard in shards)
    counted = sum(shard.count for shard in shards) * (len(shards) - workers) / len(shards)
    digest = hashlib.sha256("".join(shard.sha256 for shard in shards).encode())
    return {
        "images_a_second": counted / (ends[-1] - ends[workers - 1]),
        "seconds": seconds,
        "sha256": digest.hexdigest(),
    }


if __name__ == "__main__":
    app.run(main)
