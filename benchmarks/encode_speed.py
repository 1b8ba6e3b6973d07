"""How near encoding a target comes to the bare encoder in a loop.

Encodes the 10,000 digits of the package with a preset, (once) as `Mind2Mind.fit` does, from bytes
in memory to finished codes, fingerprints and checks included, and (bare) as a loop of the compiled
encoder over float batches that are in memory already.

    python benchmarks/encode_speed.py          (about 1 minute on 2 cores)

Prints once/bare, to be 0.9 or more.
"""

import tensorflow as tf
from absl import app, flags
from measure import in_turn, ratios, spread

import m2m_tf as m2m
from m2m_tf.codes import encode_once

PRESET = flags.DEFINE_string("preset", "fashion_mnist_28", "the autoencoder")
ROUNDS = flags.DEFINE_integer("rounds", 7, "rounds")
BATCH = 256


def main(_):
    autoencoder = m2m.Autoencoder.from_preset(PRESET.value)
    images = m2m.data.load("demo:digits")
    batches = list(images.batches(BATCH))
    encoder = tf.function(lambda batch: autoencoder.encoder(batch, training=False))

    def bare():
        for batch in batches:
            encoder(batch).numpy()

    def once():
        encode_once(autoencoder, images, verbose=0)

    times = in_turn({"bare": bare, "once": once}, ROUNDS.value)
    for name, seconds in times.items():
        print(f"images a second, {name}: {spread([10_000 / s for s in seconds], '{:.0f}')}")
    print(f"once / bare (0.9 or more): {spread(ratios(times['bare'], times['once']))}")


if __name__ == "__main__":
    app.run(main)
