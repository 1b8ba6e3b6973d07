"""How soon the mind and its peers reach which quality: FID against seconds and images seen.

    python benchmarks/quality/time_to_quality.py --source fashion_mnist --target digits --budget 600
    python benchmarks/quality/time_to_quality.py \
        --contenders mind,mixture,paper --budget 60 --seeds 1

`--source` is `fashion_mnist`, `glyphs_print` or `universal`, `--target` a name of
`datasets/targets.py`: `digits`, `brush_glyphs`, or in colour `micah_64`, `tiles` and others (with
`--source universal`, `--extractor squeezenet` or `efficientnet_lite0`, and few `--moments`, since
it takes a minute or more to measure). What is not in the cache is fetched.

The contenders, in `benchmarks/peers/`: the package's `mind`; laws on the codes (`gaussian`,
`mixture`, the mind's `prior` alone, `kernel_density`); the `paper`'s recipe and the same with a
moving average (`paper_averaged`); and GANs in image space, `from_scratch`, `fine_tuned`
(Transferring GANs) and `freeze_d`. By name only: `thawed_prior`, `thawed_30`, `thawed_60` and
`thawed_120`, a mind of so many seconds that is then thawed; what the mind could be given, in its
`trials.py`; and other recipes of the mind, in its `mind.py`. Every contender draws as many images
as it trains on, nine tenths of 10,000; their features are compared with those of the training
images.

The clock counts training: fitting a prior, tracing and compiling included, measuring excluded.
Encoding the target, pretraining the autoencoder (its card says how long; not counted where it does
not) and training a GAN of the source are shown beside it and added. Rivals get what makes them
stronger: XLA where it makes more steps in the budget, a choice that their clock does not count; and
in image space a moving average.

A seed takes about the budget and a tenth for each contender that trains. Writes
`time_to_quality_AUTOENCODER_to_TARGET.json`, `.png` and `.html` into `--out`, the JSON after each
run: the same command skips the runs that are there with the same settings. It does not see that
code has changed: `--again` makes every run anew.

With codes of 256 and `--budget 300` expect FID 3.7 of the mind on digits, 7.2 of its mixture.
"""

import gc
import json
import os
import platform
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import keras
import numpy as np
import tensorflow as tf
from absl import app, flags
from tqdm import tqdm

import m2m_tf as m2m
from benchmarks.peers import Task, make_peer
from benchmarks.shared.judge import Judge
from benchmarks.shared.record import Record
from benchmarks.shared.report import LINES, figure, page, ratios, table
from benchmarks.shared.stopwatch import Stopwatch, moments_until
from datasets.get_data import get_data
from datasets.targets import TARGETS
from m2m_tf.autoencoders import resolve

SOURCES = {  # the preset that was trained on it, the data set and its file
    "fashion_mnist": ("fashion_mnist_28", "fashion_mnist", "train-images-idx3-ubyte.gz"),
    "glyphs_print": ("glyphs_28", "glyphs_print", "train-images-idx3-ubyte.gz"),
    "universal": ("universal", "universal_source", "train.npy"),
}
CONTENDERS = "gaussian,mixture,prior,kernel_density,mind,paper,paper_averaged"
CONTENDERS += ",from_scratch,fine_tuned,freeze_d"
BAR = "{desc}: {percentage:3.0f}%|{bar:40}| {n:.0f} of {total:.0f} s{postfix}"

SOURCE = flags.DEFINE_enum("source", "fashion_mnist", list(SOURCES), "the autoencoder's source")
TARGET = flags.DEFINE_enum("target", "digits", list(TARGETS), "what to learn to draw")
AUTOENCODER = flags.DEFINE_string("autoencoder", None, "preset or folder; by default the source's")
COUNT = flags.DEFINE_integer("count", 10_000, "images of the target, a tenth held out", 100)
BUDGET = flags.DEFINE_float("budget", 600, "seconds of training for each contender", 1)
IMAGE_BUDGET = flags.DEFINE_float("image_space_budget", None, "the same of GANs in image space", 1)
SOURCE_SECONDS = flags.DEFINE_float("source_seconds", 300, "seconds to train a GAN of the source")
SEEDS = flags.DEFINE_integer("seeds", 3, "runs of each contender", 1)
WHO = flags.DEFINE_list("contenders", CONTENDERS.split(","), "who takes part, in this order")
VARIANTS = flags.DEFINE_string("variants", None, 'JSON file: {name: {"peer": "mind", setting: ..}}')
COMPILE = flags.DEFINE_enum("compile", "faster", ["faster", "graph", "xla"], "the peers' steps")
AGAIN = flags.DEFINE_bool("again", False, "run again what is finished")
MOMENTS = flags.DEFINE_list("moments", [], "seconds to measure at, beside the budget's end")
EXTRACTOR = flags.DEFINE_string("extractor", "digits_fashion", "the feature network")
CACHE = flags.DEFINE_string("cache", None, "where get_data.py keeps data, else its default")
OUT = flags.DEFINE_string("out", "runs/time_to_quality", "where results are kept")


def main(_):
    tf.get_logger().setLevel("ERROR")  # it takes each run's new step for a retracing
    out = Path(OUT.value)
    variants = json.loads(Path(VARIANTS.value).read_text("utf-8")) if VARIANTS.value else {}
    autoencoder = resolve(AUTOENCODER.value or SOURCES[SOURCE.value][0])
    target = TARGETS[TARGET.value].load(CACHE.value, any_size=autoencoder.takes_any_size)
    if autoencoder.takes_any_size:
        autoencoder = autoencoder.at(target.image_shape)
    judge = Judge(autoencoder, target, EXTRACTOR.value, COUNT.value)
    name = f"time_to_quality_{autoencoder.name}_to_{TARGET.value}"
    record = Record(out / f"{name}.json")
    record.facts = facts_of(judge)
    runs = {each: [] for each in WHO.value}
    for seed in range(SEEDS.value):
        for each in WHO.value:
            peer = make_peer(each, task_of(judge), seed, variants)
            budget = budget_of(peer)
            settings = settings_of(peer, judge, budget, seed)
            if AGAIN.value or not record.find(each, settings):
                record.add(each, {"settings": settings, **run(each, peer, judge, budget)})
            runs[each].append(record.find(each, settings))
            del peer
            keras.utils.clear_session()
            gc.collect()
    report(out / name, record.facts, runs, judge.lines)


def load_source():
    """What the autoencoder was trained on."""
    _, data_set, file = SOURCES[SOURCE.value]
    return m2m.data.load(get_data(data_set, CACHE.value) / file)


def task_of(judge):
    """What a peer gets."""
    return Task(
        autoencoder=judge.autoencoder,
        images=judge.images,
        codes=judge.codes,
        load_source=load_source,
        folder=Path(OUT.value),
        source_seconds=SOURCE_SECONDS.value,
        compilation=COMPILE.value,
    )


def moments_of(budget):
    """The seconds at which a peer is measured."""
    given = tuple(float(moment) for moment in MOMENTS.value if float(moment) < budget)
    return (*given, budget) if given else moments_until(budget)


def budget_of(peer):
    """Seconds of training of a peer."""
    return (IMAGE_BUDGET.value if peer.in_image_space else None) or BUDGET.value


def settings_of(peer, judge, budget, seed):
    """All that a run depends on: where it changes, the run is made again."""
    return {
        "contender": type(peer).__name__,
        "settings": peer.settings,
        "package_defaults": peer.facts.get("package_defaults"),
        "seed": seed,
        "budget": budget,
        "moments": moments_of(budget),
        "source_seconds": SOURCE_SECONDS.value if "source GAN" in peer.uses else None,
        "compilation": COMPILE.value,
        "autoencoder": judge.autoencoder.fingerprint,
        "target": judge.fingerprint,
        "training_images": len(judge.training),
        "extractor": EXTRACTOR.value,
    }


def facts_of(judge):
    """What holds for all runs."""
    return {
        "source": SOURCE.value,
        "target": TARGET.value,
        "autoencoder": judge.autoencoder.name,
        "code_shape": judge.autoencoder.code_shape,
        "training_images": len(judge.training),
        "held_out_images": len(judge.held_out),
        "extractor": EXTRACTOR.value,
        "lines": judge.lines,
        "encoding_seconds": judge.encoding_seconds,
        "pretraining_seconds": judge.autoencoder.card.get("seconds"),
        "devices": [device.device_type for device in tf.config.list_logical_devices()],
    }


def run(name, peer, judge, budget):
    """Prepares and trains a contender under a stopwatch, and judges it; returns the run's facts."""
    load_average = os.getloadavg()[0]
    seed = peer.seed
    peer.prepare(budget)
    label = f"{name}, seed {seed}"
    with tqdm(total=budget, desc=label, leave=False, disable=None, bar_format=BAR) as bar:
        watch = Stopwatch(
            moments_of(budget), lambda: judge.fid(peer, seed), lambda *now: show(bar, *now)
        )
        watch.start()
        peer.train(watch)
        watch.finish()
    before = {
        "encoding": judge.encoding_seconds,
        "pretraining": judge.autoencoder.card.get("seconds"),
    }
    last = watch.points[-1]
    fid = "not finite" if last["fid"] is None else f"{last['fid']:.2f}"
    print(f"{name}, seed {seed}: FID {fid} after {last['seconds']:.0f} s", flush=True)
    return {
        "about": peer.about,
        "points": watch.points,
        "first_step_seconds": watch.first_step,
        "measuring_seconds": watch.paused,
        "before": {use: before[use] for use in before if use in peer.uses} | peer.before,
        "facts": peer.facts,
        "final": judge.final(peer, seed),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else None,
        "load_average_at_start": load_average,
        "versions": {
            "python": platform.python_version(),
            "tensorflow": tf.__version__,
            "keras": keras.__version__,
            "numpy": np.__version__,
            "m2m_tf": m2m.__version__,
        },
    }


def show(bar, seconds, fid):
    """Moves the progress line."""
    if fid is not None:
        bar.set_postfix_str(f"FID {fid:.2f}", refresh=False)
    bar.update(min(seconds, bar.total) - bar.n)


def report(path, facts, runs, lines):
    """Prints the table and the ratios; writes plot and page."""
    columns, rows = table(runs)
    widths = [max(map(len, column)) + 2 for column in zip(columns, *rows, strict=True)]
    axis = f"FID ({facts['extractor']})"
    print(f"\n{facts['autoencoder']} to {facts['target']}, {axis}, seeds: {SEEDS.value}")
    for cells in (columns, *rows):
        print("".join(cell.rjust(width) for cell, width in zip(cells, widths, strict=True)))
    for name, value in lines.items():
        print(f"{LINES[name]}: {value:.2f}")
    print()
    for name, value in ratios(runs, lines).items():
        print(f"{name}: {value}")
    figure(runs, lines, axis).savefig(f"{path}.png", dpi=120)
    title = f"Time to quality: {facts['autoencoder']} to {facts['target']}"
    page(title, facts, runs, lines, axis).write(f"{path}.html")


if __name__ == "__main__":
    app.run(main)
