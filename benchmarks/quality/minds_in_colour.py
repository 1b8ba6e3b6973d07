"""What a mind of a few minutes makes of targets that no choice saw, in two extractors.

For each target and seed a third of the images, 1,500 at most, is set aside. The others go through
what `m2m transfer --minutes` does, but that it does not end early: the default mind, a tenth held
out to choose the average that is kept. FID and KID of as many generated images as were set aside
stand against these, beside those of the floor (the same images, reconstructed), of the model's own
start, and of the real images that were trained on. `left` is the share of the way from start to
floor that is left: 0 is the floor, 1 the start. The audit compares generated codes with those
trained on, the codes set aside held out.

    python benchmarks/quality/minds_in_colour.py --targets micah_64,terrain_64 --minutes 4
    python benchmarks/quality/minds_in_colour.py --most 500 --out runs/few_in_colour.json

`squeezenet` has been seen by no training and no choice; `efficientnet_lite0` is the network of the
perceptual term, and judges how far a flow is followed. Rows go to `--out`, one JSON file, as they
are made; a row that is there is not made again. A grid of samples of the first seed is written
beside it. About the minutes and one and a half a row on 2 cores at 64 pixels. The figures to expect
are those of `benchmarks/results/minds_in_colour.json`, in docs/measured/colour.md.
"""

import json
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import numpy as np
from absl import app, flags

import m2m_tf as m2m
from datasets.targets import TARGETS
from m2m_tf.autoencoders import resolve
from m2m_tf.evaluation.baselines.start import own_start
from m2m_tf.features import get_extractor
from m2m_tf.metrics import frechet_distance, kernel_distance
from m2m_tf.metrics.memorisation import memorisation
from m2m_tf.pictures import save_grid
from m2m_tf.runs.metrics_file import guidance_of, versions

EXTRACTORS = ("efficientnet_lite0", "squeezenet")
SETS = ("floor", "start", "mind", "held_out")
ENDLESS = 100_000  # epochs: the minutes end them

CACHE = flags.DEFINE_string("cache", None, "where get_data.py keeps data, else its default")
AUTOENCODER = flags.DEFINE_string("autoencoder", "universal", "a preset or a folder")
WANTED = flags.DEFINE_list("targets", ["micah_64"], "names of targets")
MINUTES = flags.DEFINE_float("minutes", 4.0, "of training", 0.01)
SEEDS = flags.DEFINE_integer("seeds", 3, "runs of each target", 1)
NUM_IMAGES = flags.DEFINE_integer("num_images", 4500, "of a target, a third set aside", 150)
MOST = flags.DEFINE_integer("most", None, "images to train on, at most", 60)
OUT = flags.DEFINE_string("out", "runs/minds_in_colour.json", "the file of rows")


def main(_):
    out = Path(OUT.value)
    rows = json.loads(out.read_text("utf-8")) if out.is_file() else {}
    for target in WANTED.value:
        task = Task(target)
        for seed in range(SEEDS.value):
            few = f", {MOST.value} images" if MOST.value else ""
            what = f"{task.autoencoder.name} on {target}{few}, {MINUTES.value:g} minutes"
            key = f"{what}, seed {seed}"
            if key not in rows:
                picture = out.with_name(f"{what.replace(', ', '_').replace(' ', '_')}.png")
                rows[key] = row(task, seed, picture if seed == 0 else None)
                out.parent.mkdir(parents=True, exist_ok=True)
                out.write_text(json.dumps(rows, indent=2) + "\n", "utf-8")
            print(f"{key}: {as_line(rows[key])}", flush=True)


class Task:
    """A target: its images, those set aside, and what a figure is measured against."""

    def __init__(self, target):
        images = TARGETS[target].load(CACHE.value, any_size=True).numpy(NUM_IMAGES.value)
        images = images[np.random.default_rng(0).permutation(len(images))]
        third = len(images) // 3
        self.aside, self.images = images[:third], images[third:][: MOST.value]
        autoencoder = resolve(AUTOENCODER.value)
        shape = images.shape[1:]
        self.autoencoder = autoencoder.at(shape) if autoencoder.takes_any_size else autoencoder
        self.codes_aside = self.autoencoder.encode(self.aside)
        self.extractors = {name: get_extractor(name, shape) for name in EXTRACTORS}
        self.real = {name: get(self.aside).values for name, get in self.extractors.items()}
        self.lines = {
            "floor": self.distances(self.autoencoder.decode(self.codes_aside)),
            "held_out": self.distances(images[third : 2 * third]),
        }

    def distances(self, images):
        """FID and KID of images to those set aside, by extractor."""
        found = {}
        for name, extract in self.extractors.items():
            features, real = extract(images).values, self.real[name]
            kid, _ = kernel_distance(real, features)
            found[name] = {"fid": frechet_distance(real, features), "kid": kid}
        return found


def row(task, seed, picture):
    """Trains a mind, and measures it."""
    model = m2m.Mind2Mind(task.autoencoder, seed=seed)
    model.compile()
    began = time.perf_counter()
    model.fit(
        task.images,
        validation_split=0.1,
        epochs=ENDLESS,
        callbacks=[m2m.callbacks.StopAfter(MINUTES.value)],
        verbose=0,
    )
    seconds = time.perf_counter() - began
    count, decode = len(task.aside), task.autoencoder.decode
    codes = model.generate_codes(count, seed=1)
    found = {
        **task.lines,
        "start": task.distances(decode(own_start(model).generate_codes(count, seed=1))),
        "mind": task.distances(decode(codes)),
    }
    if picture:
        picture.parent.mkdir(parents=True, exist_ok=True)
        save_grid(picture, decode(codes[:64]))
    return {
        **found,
        "left": {name: _left(found, name) for name in EXTRACTORS},
        "audit": audit(model, task.codes_aside, codes),
        "seconds": seconds,
        "updates": int(model.generator_optimizer.iterations.numpy()),
        "kept_after": int(model.best.step.numpy()),
        "guidance": guidance_of(model),
        "loss": model.loss_name,
        "standardised": list(model.statistics.standard_shape),
        "images": {"trained_on": model.codes.count, "set_aside": count},
        "versions": versions(),
    }


def audit(model, aside, generated):
    """Whether generated codes lie nearer to those trained on than codes set aside do."""

    def flat(codes):
        return np.reshape(model.statistics.standardise(codes), (len(codes), -1))

    found = memorisation(flat(model.codes.codes[:]), flat(aside), flat(generated), pairs=1)
    return {name: getattr(found, name) for name in ("flagged", "ratio", "close_share", "copies")}


def _left(found, name):
    floor, start, mind = (found[what][name]["fid"] for what in ("floor", "start", "mind"))
    return (mind - floor) / (start - floor)


def as_line(facts):
    """A row in words."""
    parts = []
    for name in EXTRACTORS:
        fids = [f"{what} {facts[what][name]['fid']:.1f}" for what in SETS]
        parts.append(f"{name}: {', '.join(fids)}, left {facts['left'][name]:.2f}")
    guidance = "none" if facts["guidance"] is None else f"{facts['guidance']:g}"
    flagged = "flagged" if facts["audit"]["flagged"] else "not flagged"
    return (
        f"{'; '.join(parts)}; {flagged}, guidance {guidance}, kept after "
        f"{facts['kept_after']:,} of {facts['updates']:,} updates, {facts['seconds']:.0f} s"
    )


if __name__ == "__main__":
    app.run(main)
