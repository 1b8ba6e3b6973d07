"""Whether the ranking before training agrees with what training then gives.

Three sources with codes of 64 (Fashion-MNIST, Han glyphs in print, emoji in grey) and the two
presets with codes of 256 are ranked on two targets, the package's digits and Han glyphs of the
brush, by the FID that `m2m assess` predicts. Then a mind is trained for each pair and seed, on the
nine tenths of the codes that the prediction used, and its FID is measured against the same images.

    for name in fashion_mnist glyphs_print glyphs_brush emoji_google; do
        python benchmarks/get_data.py $name
    done
    python benchmarks/ranking.py        (about 60 minutes on 2 cores, 15 more where the two
                                         autoencoders that are no presets must be pretrained)

It prints, for each target, predicted and reached FID and their rank correlation (Spearman), and
writes `--out`/ranking.json and `--out`/ranking.png after each training, so that a cut-off run has
lost nothing: the same command goes on.
"""

import json
from pathlib import Path

import keras
from absl import app, flags
from scipy.stats import spearmanr

import m2m_tf as m2m
from m2m_tf.evaluation.contender import contend
from m2m_tf.evaluation.metrics import measure
from m2m_tf.evaluation.prediction import predict
from m2m_tf.evaluation.report import scatter, write_json

CACHE = flags.DEFINE_string("cache", "~/.cache/m2m_tf/data", "where get_data.py put the data")
OUT = flags.DEFINE_string("out", "runs/ranking", "where autoencoders and figures are kept")
EPOCHS = flags.DEFINE_integer("epochs", 50, "epochs of each mind")
SEEDS = flags.DEFINE_integer("seeds", 2, "minds for each pair")

PRESETS = ("fashion_mnist_28_compact", "fashion_mnist_28", "glyphs_28")
TARGETS = {"digits": "demo:digits", "brush glyphs": "glyphs_brush/train-images-idx3-ubyte.gz"}


def main(_):
    autoencoders = [m2m.Autoencoder.from_preset(name) for name in PRESETS] + pretrained()
    path = Path(OUT.value) / "ranking.json"
    found = json.loads(path.read_text()) if path.exists() else {}
    for target, source in TARGETS.items():
        for autoencoder in autoencoders:
            key = f"{autoencoder.name} to {target}, {EPOCHS.value} epochs"
            found.setdefault(key, {"reached": []})
            if len(found[key]["reached"]) < SEEDS.value:
                train(autoencoder, source, found, key, path)
    for target in TARGETS:
        show(target, [each.name for each in autoencoders], found)


def pretrained():
    """The two autoencoders that are no presets, pretrained where they are not there yet."""
    glyphs, emoji = Path(OUT.value) / "glyphs_print_64", Path(OUT.value) / "emoji_grey_64"
    cache = Path(CACHE.value).expanduser()
    if not (glyphs / "card.json").exists():
        held_out = cache / "glyphs_print/t10k-images-idx3-ubyte.gz"
        source = cache / "glyphs_print/train-images-idx3-ubyte.gz"
        m2m.pretrain(source, glyphs, held_out=held_out, code_dim=64, epochs=16, seed=0)
    if not (emoji / "card.json").exists():
        source = m2m.data.load(cache / "emoji_google", image_size=28, channels=1)
        m2m.pretrain(source, emoji, code_dim=64, epochs=60, seed=0)
    return [m2m.Autoencoder.load(folder) for folder in (glyphs, emoji)]


def train(autoencoder, source, found, key, path):
    """Predicts once, then trains and measures a mind for each seed that is missing."""
    source = source if ":" in source else Path(CACHE.value).expanduser() / source
    prediction = predict(autoencoder, source, verbose=0)
    row = found[key]
    row["predicted"] = prediction.predicted.value
    row["floor"] = prediction.floor.value
    row["gaussian"] = prediction.figures["gaussian"]["frechet_distance"].value
    training = prediction.training
    for seed in range(len(row["reached"]), SEEDS.value):
        keras.utils.set_random_seed(seed)
        model = m2m.Mind2Mind(autoencoder, seed=seed)
        model.compile()
        model.fit(training.codes, epochs=EPOCHS.value, verbose=0)
        made = contend("mind", model, prediction.extractor, len(training), seed)
        figures = measure(training.features, made.features, ["frechet_distance"])
        row["reached"].append(figures["frechet_distance"].value)
        print(f"{key}, seed {seed}: {row}", flush=True)
        write_json(path, found)


def show(target, names, found):
    """Prints a target's table and correlation, and draws what was predicted against reached."""
    rows = {name: found[f"{name} to {target}, {EPOCHS.value} epochs"] for name in names}
    means = [sum(row["reached"]) / len(row["reached"]) for row in rows.values()]
    predicted = [row["predicted"] for row in rows.values()]
    floors = [row["floor"] for row in rows.values()]
    print(f"\n{target}: FID (digits_fashion), {SEEDS.value} seeds, {EPOCHS.value} epochs")
    print(f"{'autoencoder':28}{'floor':>8}{'mixture':>9}{'Gaussian':>10}{'mind: mean (each)':>24}")
    for (name, row), mean in sorted(zip(rows.items(), means, strict=True), key=lambda x: x[1]):
        each = ", ".join(f"{value:.1f}" for value in row["reached"])
        print(
            f"{name:28}{row['floor']:8.2f}{row['predicted']:9.1f}{row['gaussian']:10.1f}"
            f"{f'{mean:.1f} ({each})':>24}"
        )
    for what, values in (("mixture's FID", predicted), ("floor", floors)):
        print(f"rank correlation of the {what} with the mind's: {spearmanr(values, means)[0]:.2f}")
    figure = scatter(predicted, means, names, ("predicted FID (mixture)", "FID of the mind"), True)
    figure.savefig(Path(OUT.value) / f"{target.replace(' ', '_')}.png", dpi=120)


if __name__ == "__main__":
    app.run(main)
