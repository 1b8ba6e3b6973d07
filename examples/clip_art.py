"""Clip art at 256 pixels, by an autoencoder of 3D emoji.

The preset's autoencoder has seen shaded emoji only; the mind is trained on the codes of drawings of
any kind. The report compares what it draws with real ones, beside the floor and the mixture.

    python benchmarks/get_data.py clip_art --size 256
    python examples/clip_art.py --target ~/.cache/m2m_tf/data/clip_art_256

About 20 minutes on one of 2 cores, most of them the report: FID 173 (one seed), floor 43, the
likeliest mixture 258, in the features of EfficientNet-Lite0.
"""

from pathlib import Path

from absl import app, flags

import m2m_tf as m2m

OUT = flags.DEFINE_string("out", "runs/clip_art", "the folder to write")
PRESET = flags.DEFINE_string("preset", "emoji_3d_256", "see m2m presets")
TARGET = flags.DEFINE_string("target", None, "the folder of clip art", required=True)
EPOCHS = flags.DEFINE_integer("epochs", 15, "epochs")
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
    m2m.pictures.save_grid(out / "samples.png", model.generate(64, seed=SEED.value))
    model.save(out / "model")
    if not SMOKE.value:
        m2m.evaluate(model, TARGET.value).save(out / "report")
    print(f"Wrote {out / 'samples.png'}, {out / 'model'} and, unless --smoke, {out / 'report'}")


if __name__ == "__main__":
    app.run(main)
