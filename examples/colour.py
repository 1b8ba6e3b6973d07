"""Pictures in colour: a preset of code maps turned into a generator of pictures of another kind.

The autoencoder has not seen the target. The report says how near the new pictures come to real
ones, beside the mixture of Gaussians on the codes and the floor that the frozen decoder sets.

    python benchmarks/get_data.py emoji_twitter
    python examples/colour.py --target ~/.cache/m2m_tf/data/emoji_twitter

Other presets and targets, each with its command for `benchmarks/get_data.py`:

    avatars_128                  avatars --style micah --size 128 --num 4000
    avatars_256 --epochs 15      avatars --style micah --size 256 --num 3000
    clip_art_256 --epochs 15     emoji_3d
    emoji_3d_256 --epochs 15     clip_art --size 256

Each takes 7 to 20 minutes on one of 2 cores, most of them the report; docs/colour.md has figures.
With --thaw 3 the decoder then learns the target, too, in 3 passes over its images: 1 to 3 minutes.
"""

from pathlib import Path

from absl import app, flags

import m2m_tf as m2m

OUT = flags.DEFINE_string("out", "runs/colour", "the folder to write")
PRESET = flags.DEFINE_string("preset", "emoji_64_map", "see m2m presets")
TARGET = flags.DEFINE_string("target", None, "the folder of the target's images", required=True)
EPOCHS = flags.DEFINE_integer("epochs", 30, "epochs")
THAW = flags.DEFINE_integer("thaw", 0, "epochs of the decoder on the target, after the mind", 0)
SEED = flags.DEFINE_integer("seed", 0, "seed")
SMOKE = flags.DEFINE_bool("smoke", False, "one epoch in small batches, to see that all works")


def main(_):
    autoencoder = m2m.Autoencoder.from_preset(PRESET.value)
    model = m2m.Mind2Mind(autoencoder, seed=SEED.value)
    model.compile()
    model.fit(
        TARGET.value,
        epochs=1 if SMOKE.value else EPOCHS.value,
        batch_size=16 if SMOKE.value else 128,
        validation_split=0.1,
    )
    out = Path(OUT.value)
    if THAW.value:
        print(model.thaw(TARGET.value, epochs=THAW.value))
    m2m.pictures.save_grid(out / "samples.png", model.generate(64, seed=SEED.value))
    model.save(out / "model")
    if not SMOKE.value:
        m2m.evaluate(model, TARGET.value).save(out / "report")
    print(f"Wrote {out / 'samples.png'}, {out / 'model'} and, unless --smoke, {out / 'report'}")


if __name__ == "__main__":
    app.run(main)
