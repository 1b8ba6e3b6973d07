"""Fashion-MNIST to MNIST: the paper's first experiment, on a laptop.

An autoencoder that saw only clothes becomes a generator of handwritten digits: 10,000 real digits
that come with the package are encoded once, and a mind is trained on their codes.

    python examples/fashion_mnist_to_mnist.py --out runs/fashion_mnist_to_mnist

takes about 4.5 minutes on 2 cores (an estimate from `make demo`, which trains as long on a tenth
less). `--preset fashion_mnist_28_compact` takes codes of 64 in place of the paper's 256: quicker,
and blunter. With tensorflow-datasets installed and a network, `--target tfds:mnist:train` takes all
60,000.
"""

from pathlib import Path

from absl import app, flags

import m2m_tf as m2m

OUT = flags.DEFINE_string("out", "runs/fashion_mnist_to_mnist", "the folder to write")
PRESET = flags.DEFINE_string("preset", "fashion_mnist_28", "see m2m presets")
TARGET = flags.DEFINE_string("target", "demo:digits", "the target images")
EPOCHS = flags.DEFINE_integer("epochs", 300, "epochs")
SEED = flags.DEFINE_integer("seed", 0, "seed")
SMOKE = flags.DEFINE_bool("smoke", False, "a few steps on 256 images, to see that all works")


def main(_):
    autoencoder = m2m.Autoencoder.from_preset(PRESET.value)
    target = m2m.data.load(TARGET.value, image_shape=autoencoder.image_shape)
    if SMOKE.value:
        target = target.numpy(256)

    model = m2m.Mind2Mind(autoencoder, seed=SEED.value)
    model.compile()
    model.fit(target, epochs=1 if SMOKE.value else EPOCHS.value)

    out = Path(OUT.value)
    m2m.pictures.save_grid(out / "samples.png", model.generate(64, seed=SEED.value), scale=2)
    model.save(out / "model")
    print(f"Wrote {out / 'samples.png'} and {out / 'model'}")


if __name__ == "__main__":
    app.run(main)
