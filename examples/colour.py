"""Pictures in colour: the universal autoencoder turned into a generator of pictures of your kind.

The report says how near the new pictures come to real ones, beside the mixture of Gaussians on the
codes and the floor that the frozen decoder sets. No training of the autoencoder has seen these:

    python datasets/get_data.py avatars --style micah --size 64 --num 4500
    python examples/colour.py --target ~/.cache/m2m_tf/data/avatars_micah_64_4500
    python datasets/get_data.py tiles --size 64
    python examples/colour.py --target ~/.cache/m2m_tf/data/tiles_64

Each takes some 10 to 20 minutes on 2 cores, most of them the report. Images of other sizes and of
many are resized with --image_size. With --thaw 3 the decoder then learns the target, too, in 3
passes over its images: 1 to 3 minutes at 64 pixels.
"""

from pathlib import Path

from absl import app, flags

import m2m_tf as m2m

OUT = flags.DEFINE_string("out", "runs/colour", "the folder to write")
PRESET = flags.DEFINE_string("preset", "universal", "see m2m presets")
TARGET = flags.DEFINE_string("target", None, "the folder of the target's images", required=True)
SIZE = flags.DEFINE_integer("image_size", None, "pixels a side to resize to")
EPOCHS = flags.DEFINE_integer("epochs", 30, "epochs")
THAW = flags.DEFINE_integer("thaw", 0, "epochs of the decoder on the target, after the mind", 0)
SEED = flags.DEFINE_integer("seed", 0, "seed")
SMOKE = flags.DEFINE_bool("smoke", False, "one epoch in small batches, to see that all works")


def main(_):
    target = m2m.data.load(TARGET.value, image_size=SIZE.value)
    autoencoder = m2m.Autoencoder.from_preset(PRESET.value, image_shape=target.image_shape)
    model = m2m.Mind2Mind(autoencoder, seed=SEED.value)
    model.compile()
    model.fit(
        target,
        epochs=1 if SMOKE.value else EPOCHS.value,
        batch_size=16 if SMOKE.value else 128,
        validation_split=0.1,
    )
    out = Path(OUT.value)
    if THAW.value:
        print(model.thaw(target, epochs=THAW.value))
    m2m.pictures.save_grid(out / "samples.png", model.generate(64, seed=SEED.value))
    model.save(out / "model")
    if not SMOKE.value:
        m2m.evaluate(model, target).save(out / "report")
    print(f"Wrote {out / 'samples.png'}, {out / 'model'} and, unless --smoke, {out / 'report'}")


if __name__ == "__main__":
    app.run(main)
