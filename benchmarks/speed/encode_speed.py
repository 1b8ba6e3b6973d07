"""How near encoding a target comes to the bare encoder in a loop.

Encodes a target with an autoencoder, (once) as `Mind2Mind.fit` does, from files or bytes in memory
to finished codes, reading, decoding, fingerprints and checks included, and (bare) as a loop of the
compiled encoder over float batches that are in memory already, and (read) as the reading alone.

    python benchmarks/speed/encode_speed.py      (the package's 10,000 digits; 1 minute on 2 cores)
    python benchmarks/speed/encode_speed.py --autoencoder FOLDER --target FOLDER      (files)
    python benchmarks/speed/encode_speed.py --width 32 --code_shape 16x16x16 --target FOLDER

With `--width` the encoder is an untrained one of `m2m pretrain`'s family, for the target's images:
what encoding takes does not depend on the weights.

The target's images are held in memory for the bare loop. Prints once/bare, to be 0.9 or more, and
(bare + read)/once, of the times: what reading and encoding would take one after the other, each on
all cores. Where it is 1, nothing is lost but what reading itself costs.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import tensorflow as tf
from absl import app, flags

import m2m_tf as m2m
from benchmarks.shared.measure import in_turn, ratios, spread
from m2m_tf.autoencoders import resolve
from m2m_tf.cli.flags import code_shape
from m2m_tf.codes import encode_once

AUTOENCODER = flags.DEFINE_string("autoencoder", "fashion_mnist_28", "preset or folder")
TARGET = flags.DEFINE_string("target", "demo:digits", "the images, as m2m transfer takes them")
WIDTH = flags.DEFINE_integer("width", None, "an untrained encoder of this width instead", 1)
CODE_SHAPE = flags.DEFINE_string("code_shape", "64", "the codes of that one")
ROUNDS = flags.DEFINE_integer("rounds", 7, "rounds")


def main(_):
    autoencoder = untrained() if WIDTH.value else resolve(AUTOENCODER.value)
    images = m2m.data.load(TARGET.value, image_shape=autoencoder.image_shape)
    batches = list(images.batches(autoencoder.default_batch_size))
    count = sum(map(len, batches))
    encoder = tf.function(lambda batch: autoencoder.encoder(batch, training=False))

    def bare():
        for batch in batches:
            encoder(batch).numpy()

    def once():
        encode_once(autoencoder, images, verbose=0)

    def read():
        for _ in images.batches(autoencoder.default_batch_size):
            pass

    times = in_turn({"bare": bare, "once": once, "read": read}, ROUNDS.value)
    for name, seconds in times.items():
        print(f"images a second, {name}: {spread([count / s for s in seconds], '{:.0f}')}")
    print(f"once / bare (0.9 or more): {spread(ratios(times['bare'], times['once']))}")
    both = [bare + read for bare, read in zip(times["bare"], times["read"], strict=True)]
    print(f"(bare + read) / once: {spread(ratios(both, times['once']))}")


def untrained():
    """An untrained autoencoder for the target's images."""
    image_shape = m2m.data.load(TARGET.value).image_shape
    shape = code_shape(CODE_SHAPE.value)
    return m2m.Autoencoder(*m2m.build_pair(image_shape, width=WIDTH.value, code_shape=shape))


if __name__ == "__main__":
    app.run(main)
