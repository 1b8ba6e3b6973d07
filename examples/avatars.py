"""Procedural faces of one drawing style from those of others, at 128 or 256 pixels.

The preset's autoencoder has seen DiceBear's open-peeps and adventurer; the mind is trained on the
codes of micah. The report compares its faces with real ones, beside the floor and the mixture.

    python benchmarks/get_data.py avatars --style micah --size 128 --num 4000
    python examples/avatars.py --target ~/.cache/m2m_tf/data/avatars_micah_128_4000
    python benchmarks/get_data.py avatars --style micah --size 256 --num 3000
    python examples/avatars.py --preset avatars_256 --epochs 15 --out runs/avatars_256 \
        --target ~/.cache/m2m_tf/data/avatars_micah_256_3000

10 and 12 minutes on one of 2 cores, most of them the report: FID 97 and 82 (one seed), floor 85 and
59, the likeliest mixture 102 and 112, in the features of EfficientNet-Lite0.
"""

from pathlib import Path

from absl import app, flags

import m2m_tf as m2m

OUT = flags.DEFINE_string("out", "runs/avatars", "the folder to write")
PRESET = flags.DEFINE_string("preset", "avatars_128", "see m2m presets")
TARGET = flags.DEFINE_string("target", None, "the folder of the target's faces", required=True)
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
