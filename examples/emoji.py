"""Google's emoji to Twitter's: colour, and codes that are maps.

The preset's autoencoder has seen Google's emoji only. The mind is trained on the codes of
Twitter's, maps of 8x8x16, and the report says how near its emoji come to real ones, beside the
mixture of Gaussians on the codes and the floor that the frozen decoder sets.

    python benchmarks/get_data.py emoji_twitter
    python examples/emoji.py --target ~/.cache/m2m_tf/data/emoji_twitter --out runs/emoji

7 minutes on one of 2 cores, most of them the report: FID 114 (one seed), floor 27, the likeliest
mixture 239, in the features of EfficientNet-Lite0.
"""

from pathlib import Path

from absl import app, flags

import m2m_tf as m2m

OUT = flags.DEFINE_string("out", "runs/emoji", "the folder to write")
PRESET = flags.DEFINE_string("preset", "emoji_64_map", "see m2m presets")
TARGET = flags.DEFINE_string("target", None, "the folder of Twitter's emoji", required=True)
EPOCHS = flags.DEFINE_integer("epochs", 30, "epochs")
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
