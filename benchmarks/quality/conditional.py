"""Whether a class-conditional mind makes the class that is asked for, and what that costs.

A mind with classes and one without are trained on the same half of the package's MNIST digits, the
5,000 of even number, with the same settings and seed. A separate classifier judges what the first
one makes of each class. It saw none of the minds' digits: it is trained on the first 4,000 digits
of odd number, and its accuracy on the other 1,000 of odd number, which neither it nor a mind saw,
is the ceiling; that on their reconstructions is what the autoencoder leaves of it. FID (extractor
digits_fashion, 5,000 against the minds' 5,000 digits) stands beside those of the reconstructions
(floor), of mixtures on the same codes, and of the 5,000 digits that no mind saw. The extractor is
another network, trained on other terms: 9,000 of the digits, the minds' among them.

    python benchmarks/quality/conditional.py --out runs/conditional

It prints accuracies, overall and for each class, and FIDs: medians over the seeds, with the least
and the largest. `--out` gets conditional.json and conditional.png (one row a class, first seed).

With `--autoencoder fashion_mnist_28_compact` expect the class that was asked for in 96 % of the
generated images, and an FID of 11.7.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import keras
import numpy as np
from absl import app, flags
from keras import layers

import m2m_tf as m2m
from benchmarks.shared.measure import spread
from m2m_tf.evaluation.baselines import fit_baseline
from m2m_tf.evaluation.contender import contend
from m2m_tf.features import get_extractor
from m2m_tf.metrics import measure
from m2m_tf.pictures import save_grid
from m2m_tf.reports import write_json

AUTOENCODER = flags.DEFINE_string("autoencoder", "fashion_mnist_28", "a preset's name")
EPOCHS = flags.DEFINE_integer("epochs", 100, "epochs of each mind")
SEEDS = flags.DEFINE_integer("seeds", 3, "minds of each kind")
OUT = flags.DEFINE_string("out", "runs/conditional", "the folder for figures and picture")

CLASSES = 10
CLASSIFIER_SEES = 4000  # of the digits of odd number; it is checked on the others
CLASSIFIER_EPOCHS = 20
A_CLASS = 500  # images generated of each class for the classifier
MIXTURES = ("mixture", "prior")


def main(_):
    images = m2m.data.load("demo:digits").numpy()
    labels = m2m.data.load_labels("demo:digits")
    seen, unseen = slice(0, None, 2), slice(1, None, 2)
    autoencoder = m2m.Autoencoder.from_preset(AUTOENCODER.value)
    classifier, ceiling, after_decoding = judge(images[unseen], labels[unseen], autoencoder)
    extract = get_extractor("digits_fashion", images.shape[1:])
    codes = autoencoder.encode(images[seen])
    real = extract(images[seen])
    common = {
        "held_out": fid(real, extract(images[unseen])),
        "floor": fid(real, extract(autoencoder.decode(codes))),
    }
    rows = []
    for seed in range(SEEDS.value):
        minds = {"conditional": train(autoencoder, codes, labels[seen], seed)}
        minds["unconditional"] = train(autoencoder, codes, None, seed)
        models = minds | {
            kind: fit_baseline(kind, autoencoder, codes, seed=seed) for kind in MIXTURES
        }
        made = {
            name: contend(name, model, extract, len(codes), seed) for name, model in models.items()
        }
        row = {"fid": {name: fid(real, each.features) for name, each in made.items()}}
        row["accuracy"] = accuracies(classifier, minds["conditional"], seed)
        rows.append(row)
        print(f"seed {seed}: {row}", flush=True)
        if seed == 0:
            save_picture(minds["conditional"])
    found = {"autoencoder": AUTOENCODER.value, "epochs": EPOCHS.value, "seeds": rows}
    found |= {"ceiling": ceiling, "reconstructions": after_decoding, "fid": common}
    write_json(Path(OUT.value) / "conditional.json", found)
    show(found)


def judge(images, labels, autoencoder):
    """The separate classifier, and its accuracy on digits it did not see and on those decoded."""
    keras.utils.set_random_seed(0)
    train, check = slice(0, CLASSIFIER_SEES), slice(CLASSIFIER_SEES, None)
    classifier = keras.Sequential(
        [
            keras.Input(images.shape[1:]),
            layers.RandomTranslation(0.07, 0.07, fill_mode="nearest"),
            layers.Conv2D(32, 5, strides=2, activation="relu"),
            layers.BatchNormalization(momentum=0.9),
            layers.Conv2D(64, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.BatchNormalization(momentum=0.9),
            layers.Flatten(),
            layers.Dropout(0.4),
            layers.Dense(128, activation="relu"),
            layers.Dense(CLASSES),
        ]
    )
    rate = keras.optimizers.schedules.CosineDecay(2e-3, CLASSIFIER_EPOCHS * CLASSIFIER_SEES // 64)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    classifier.compile(keras.optimizers.Adam(rate), loss)
    classifier.fit(images[train], labels[train], 64, CLASSIFIER_EPOCHS, verbose=0)
    decoded = autoencoder.decode(autoencoder.encode(images[check]))
    on_real, on_decoded = (
        np.mean(classes_seen(classifier, each) == labels[check])
        for each in (images[check], decoded)
    )
    print(f"classifier: {on_real:.1%} of the digits it did not see, {on_decoded:.1%} decoded")
    return classifier, on_real, on_decoded


def classes_seen(classifier, images):
    """The class that the classifier sees in each image."""
    return classifier.predict(images, batch_size=500, verbose=0).argmax(axis=1)


def train(autoencoder, codes, labels, seed):
    """A mind, with classes where there are labels."""
    keras.utils.set_random_seed(seed)
    classes = None if labels is None else CLASSES
    model = m2m.Mind2Mind(autoencoder, classes=classes, seed=seed)
    model.compile()
    model.fit(codes, labels, epochs=EPOCHS.value, verbose=0)
    return model


def accuracies(classifier, model, seed):
    """The share of each class's images in which the classifier sees that class."""
    seen = [
        classes_seen(classifier, model.generate(A_CLASS, seed, label=label))
        for label in range(CLASSES)
    ]
    return [float(np.mean(classes == label)) for label, classes in enumerate(seen)]


def fid(real, made):
    return measure(real, made, ["frechet_distance"])["frechet_distance"].value


def save_picture(model, columns=12):
    """One row a class."""
    labels = np.repeat(np.arange(CLASSES), columns)
    images = model.generate(len(labels), seed=0, label=labels)
    save_grid(Path(OUT.value) / "conditional.png", images, columns, scale=2)


def show(found):
    """Prints medians with the least and the largest."""
    rows = found["seeds"]
    each = np.array([row["accuracy"] for row in rows]).T
    print(f"\n{found['autoencoder']}, {found['epochs']} epochs, {len(rows)} seeds")
    print("\naccuracy of the separate classifier")
    print(f"{'real digits it did not see':28}{found['ceiling']:.1%}")
    print(f"{'their reconstructions':28}{found['reconstructions']:.1%}")
    print(f"{'generated, all classes':28}{spread(each.mean(axis=0), '{:.1%}')}")
    for label, values in enumerate(each):
        print(f"{f'generated, class {label}':28}{spread(values, '{:.1%}')}")
    print("\nFID (digits_fashion) against the digits that the minds saw")
    for name in rows[0]["fid"]:
        print(f"{name:28}{spread([row['fid'][name] for row in rows])}")
    for name, value in found["fid"].items():
        print(f"{name:28}{value:.2f}")


if __name__ == "__main__":
    app.run(main)
