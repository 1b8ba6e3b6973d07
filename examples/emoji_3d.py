"""3D emoji at 256 pixels, by an autoencoder of clip art.

The preset's autoencoder has seen flat drawings only; the mind is trained on the codes of shaded
emoji. The report compares what it draws with real ones, beside the floor and the mixture.

    python benchmarks/get_data.py emoji_3d
    python examples/emoji_3d.py --target ~/.cache/m2m_tf/data/emoji_3d

13 minutes on one of 2 cores, most of them the report: FID 139 (one seed), floor 47, the likeliest
mixture 335, in the features of EfficientNet-Lite0.
"""

from pathlib import Path

from absl import app, flags

import m2m_tf as m2m

OUT = flags.DEFINE_string("out", "runs/emoji_3d", "the folder to write")
PRESET = flags.DEFINE_string("preset", "clip_art_256", "see m2m presets")
TARGET = flags.DEFINE_string("target", None, "the folder of 3D emoji", required=True)
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
