"""MNIST to KMNIST: pretrain an autoencoder of your own, then transfer it.

The autoencoder is trained on handwritten digits, the mind on cursive Japanese characters. KMNIST
comes by tensorflow-datasets (`pip install m2m_tf[tfds]`) and a network; without one, brush glyphs
stand in for it, `python datasets/get_data.py glyphs_brush` makes them:

    python examples/mnist_to_kmnist.py --out runs/mnist_to_kmnist
    python examples/mnist_to_kmnist.py --target ~/.cache/m2m_tf/data/glyphs_brush

About 5 minutes on 2 cores (an estimate from the speed of a step, not a timed run).
"""

from pathlib import Path

from absl import app, flags

import m2m_tf as m2m

OUT = flags.DEFINE_string("out", "runs/mnist_to_kmnist", "the folder to write")
SOURCE = flags.DEFINE_string("source", "demo:digits", "the source images")
TARGET = flags.DEFINE_string("target", "tfds:kmnist:train", "the target images")
CODE_DIM = flags.DEFINE_integer("code_dim", 64, "length of a code")
PRETRAIN_EPOCHS = flags.DEFINE_integer("pretrain_epochs", 15, "epochs of the autoencoder")
EPOCHS = flags.DEFINE_integer("epochs", 60, "epochs of the mind")
SEED = flags.DEFINE_integer("seed", 0, "seed")
SMOKE = flags.DEFINE_bool("smoke", False, "a few steps on 256 images, to see that all works")


def main(_):
    out, size = Path(OUT.value), 28
    source = m2m.data.load(SOURCE.value, image_size=size, channels=1)
    target = m2m.data.load(TARGET.value, image_size=size, channels=1)
    if SMOKE.value:
        source, target = source.numpy(512), target.numpy(256)

    autoencoder = m2m.pretrain(
        source,
        out / "autoencoder",
        code_shape=(CODE_DIM.value,),
        epochs=1 if SMOKE.value else PRETRAIN_EPOCHS.value,
        seed=SEED.value,
    )
    model = m2m.Mind2Mind(autoencoder, seed=SEED.value)
    model.compile()
    model.fit(target, epochs=1 if SMOKE.value else EPOCHS.value)

    m2m.pictures.save_grid(out / "samples.png", model.generate(64, seed=SEED.value), scale=2)
    model.save(out / "model")
    print(f"Wrote {out / 'samples.png'}, {out / 'autoencoder'} and {out / 'model'}")


if __name__ == "__main__":
    app.run(main)
