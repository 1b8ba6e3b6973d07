"""What a mind makes of few images: quality, memorisation, and where both stop being honest.

From the package's 10,000 digits each seed draws 100, 500 or 2,000 to train on, 1,000 that are held
out for the memorisation audit, and 5,000 others, which nothing is trained on, to compare with: a
generator that only returned its few training images would be far from those. A mind is trained
with the defaults and looked at after a quarter of its steps, half and all of them. Beside it stand
the mixtures and one Gaussian on the same codes; the training images themselves, drawn 5,000 times
with replacement, which is what a pure copier reaches; the floor, reconstructions of the 5,000; and
1,000 held-out digits. FID in the features of digits_fashion, which saw 9,000 of the 10,000 digits.

    python benchmarks/quality/few_images.py --out runs/few_images     (about 25 minutes on 2 cores)

It prints medians over the seeds, with the least and the largest, and how many runs the audit
flagged. `--out` gets few_images.json, written after each run (the same command goes on with what is
missing), and a picture for each count.

Expect copies flagged at 100 images after 4,000 steps, and no flag at 500.
"""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import keras
import numpy as np
from absl import app, flags

import m2m_tf as m2m
from benchmarks.shared.measure import spread
from m2m_tf.evaluation.baselines import KINDS, fit_baseline
from m2m_tf.evaluation.contender import contend
from m2m_tf.features import get_extractor
from m2m_tf.metrics import measure
from m2m_tf.metrics.memorisation import memorisation
from m2m_tf.reports import write_json

AUTOENCODER = flags.DEFINE_string("autoencoder", "fashion_mnist_28", "a preset's name")
COUNTS = flags.DEFINE_list("counts", ["100", "500", "2000"], "numbers of training images")
STEPS = flags.DEFINE_integer("steps", 8000, "generator updates of each mind", 4)
SEEDS = flags.DEFINE_integer("seeds", 3, "draws of training images")
OUT = flags.DEFINE_string("out", "runs/few_images", "the folder for figures and pictures")

HELD_OUT, COMPARED = 1000, 5000
LARGEST_BATCH = 128
FIGURES = ("frechet_distance", "kernel_distance", "precision", "recall")


def main(_):
    images = m2m.data.load("demo:digits").numpy()
    autoencoder = m2m.Autoencoder.from_preset(AUTOENCODER.value)
    extractor = get_extractor("digits_fashion", images.shape[1:])
    path = Path(OUT.value) / "few_images.json"
    found = json.loads(path.read_text("utf-8")) if path.exists() else {}
    for seed in range(SEEDS.value):
        for count in map(int, COUNTS.value):
            key = f"{AUTOENCODER.value}, {count} images, {STEPS.value} steps, seed {seed}"
            if key not in found:
                task = Task(autoencoder, images, extractor, count, seed)
                found[key] = {"count": count, **run(task)}
                write_json(path, found)
                print(f"{key}: {found[key]['mind, all steps']}", flush=True)
    for count in map(int, COUNTS.value):
        show(count, [row for key, row in found.items() if _belongs(key, count)])


def _belongs(key, count):
    return key.startswith(f"{AUTOENCODER.value}, {count} images, {STEPS.value} steps,")


class Task:
    """The images of one run, and how what is generated is judged."""

    def __init__(self, autoencoder, images, extractor, count, seed):
        rows = np.random.default_rng(seed).permutation(len(images))
        parts = np.split(rows, [COMPARED, COMPARED + HELD_OUT])
        self.autoencoder, self.extractor, self.seed = autoencoder, extractor, seed
        self.images = images[parts[2][:count]]
        self.codes = autoencoder.encode(self.images)
        self.held_out_codes = autoencoder.encode(images[parts[1]])
        self.compared = extractor(images[parts[0]])
        self.fixed = {
            "floor": self.figures(
                extractor(autoencoder.decode(autoencoder.encode(images[parts[0]])))
            ),
            "held-out digits": self.figures(extractor(images[parts[1]])),
            "training images": self.figures(extractor(self.images[self._drawn()])),
        }

    def _drawn(self):
        return np.random.default_rng(self.seed).integers(0, len(self.images), COMPARED)

    def figures(self, features):
        """Figures against the images that nothing is trained on."""
        found = measure(self.compared, features, FIGURES, self.seed)
        return {name: figure.value for name, figure in found.items()}

    def judge(self, name, model):
        """Figures and audit of a model."""
        made = contend(name, model, self.extractor, COMPARED, self.seed)
        codes = (self.codes, self.held_out_codes, made.codes)
        audit = memorisation(*(each.reshape(len(each), -1) for each in codes), seed=self.seed)
        audited = {key: getattr(audit, key) for key in ("flagged", "ratio", "copies")}
        return self.figures(made.features) | audited


def run(task):
    """The figures of one draw of training images, by contender."""
    rows = dict(task.fixed)
    for kind in KINDS:
        model = fit_baseline(kind, task.autoencoder, task.codes, seed=task.seed)
        rows[kind] = task.judge(kind, model)
    keras.utils.set_random_seed(task.seed)
    model = m2m.Mind2Mind(task.autoencoder, seed=task.seed)
    model.compile()
    batch_size = min(LARGEST_BATCH, len(task.codes) // 2)
    epochs = max(1, STEPS.value // 4 // (len(task.codes) // batch_size))
    for name, times in (("a quarter", 1), ("half", 1), ("all steps", 2)):
        model.fit(task.codes, epochs=times * epochs, batch_size=batch_size, verbose=0)
        rows[f"mind, {name}"] = task.judge(name, model)
    if task.seed == 0:
        path = Path(OUT.value) / f"{len(task.images)}.png"
        m2m.pictures.save_grid(path, model.generate(64, seed=0), scale=2)
    return rows


def show(count, rows):
    """Prints the table of one number of training images."""
    print(f"\n{count} training images, {len(rows)} seeds: median (least to largest)")
    columns = ("FID", "KID", "precision", "recall", "distance ratio", "flagged")
    print(f"{'':18}" + "".join(f"{column:>28}" for column in columns))
    for name in (key for key in rows[0] if key != "count"):
        each = [row[name] for row in rows]
        cells = [
            spread([row[figure] for row in each], "{:.1f}" if figure == FIGURES[0] else "{:.2f}")
            for figure in FIGURES
        ]
        if "ratio" in each[0]:
            cells.append(spread([row["ratio"] for row in each]))
            cells.append(f"{sum(row['flagged'] for row in each)} of {len(each)}")
        print(f"{name:18}" + "".join(f"{cell:>28}" for cell in cells))


if __name__ == "__main__":
    app.run(main)
