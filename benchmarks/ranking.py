"""Whether the ranking before training agrees with what training then gives.

Three sources with codes of 64 (Fashion-MNIST, Han glyphs in print, emoji in grey) and the two
presets with codes of 256 are ranked on two targets, the package's digits and Han glyphs of the
brush, by the FID that `m2m assess` predicts. Then a mind of the paper's recipe (with this package's
optimisers) is trained for each pair and seed, on the nine tenths of the images that the prediction
used, and its FID is measured against them: the default recipe starts from a mixture, which is what
the prediction is made with.

    for name in fashion_mnist glyphs_print glyphs_brush emoji_google; do
        python benchmarks/get_data.py $name
    done
    python benchmarks/ranking.py        (about 45 minutes on 2 cores, 15 more where the two
                                         autoencoders that are no presets must be pretrained)

It prints, for each target, predicted and reached FID and their rank correlation (Spearman), and
draws both. `--out`/ranking.json is written after each training: the same command goes on with a run
that was cut off.
"""

import json
from pathlib import Path

import keras
from absl import app, flags
from scipy.stats import spearmanr

import m2m_tf as m2m
from m2m_tf.evaluation.contender import contend
from m2m_tf.evaluation.features import get_extractor
from m2m_tf.evaluation.metrics import measure
from m2m_tf.evaluation.prediction import look, predict
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
    for seed in range(SEEDS.value):
        for target in TARGETS:
            for autoencoder in autoencoders:
                row = found.setdefault(key_of(autoencoder.name, target), {"reached": []})
                if len(row["reached"]) <= seed:
                    row["reached"].append(train(autoencoder, images_of(target), seed))
                    print(f"{key_of(autoencoder.name, target)}: {row['reached']}", flush=True)
                    write_json(path, found)
    for target in TARGETS:
        for autoencoder in autoencoders:
            row = found[key_of(autoencoder.name, target)]
            if "predicted" not in row:
                row.update(expect(autoencoder, images_of(target)))
                write_json(path, found)
        show(target, [each.name for each in autoencoders], found)


def key_of(name, target):
    """The name of a pair's row."""
    return f"{name} to {target}, {EPOCHS.value} epochs"


def images_of(target):
    """A target's images."""
    source = TARGETS[target]
    path = source if ":" in source else Path(CACHE.value).expanduser() / source
    return m2m.data.load(path)


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


def train(autoencoder, images, seed):
    """Trains a mind on nine tenths of the target; returns its FID against them."""
    extractor = get_extractor("digits_fashion", images.image_shape)
    _, training, _ = look(autoencoder, images, extractor)
    keras.utils.set_random_seed(seed)
    model = m2m.Mind2Mind(
        autoencoder, prior="uniform", critic_steps=5, standardise="scale", seed=seed
    )
    model.compile()
    model.fit(training.codes, epochs=EPOCHS.value, verbose=0)
    made = contend("mind", model, extractor, len(training), seed)
    return measure(training.features, made.features, ["frechet_distance"])["frechet_distance"].value


def expect(autoencoder, images):
    """The FIDs that `m2m assess` gives before training."""
    prediction = predict(autoencoder, images, "digits_fashion", verbose=0)
    fid = {name: row["frechet_distance"].value for name, row in prediction.figures.items()}
    return {"predicted": fid["mixture"], "floor": fid["floor"], "gaussian": fid["gaussian"]}


def show(target, names, found):
    """Prints a target's table and correlation, and draws what was predicted against reached."""
    rows = {name: found[key_of(name, target)] for name in names}
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
