"""FFHQ to CelebA-HQ: the paper's 1024x1024 experiment, on an autoencoder and images of your own.

Expects in --autoencoder a folder with an autoencoder of 1024x1024x3 images and vector codes
(512 numbers in the paper, which took StyleALAE's, trained on FFHQ): either `encoder.keras`,
`decoder.keras` and `card.json`, as `m2m pretrain` writes them, or two SavedModels `encoder/` and
`decoder/` with --trust_saved_model. Expects in --target a folder of images, such as the 30,000 of
CelebA-HQ.

    python examples/ffhq_to_celeba_hq.py --autoencoder alae_ffhq --target celeba_hq --out runs/faces

The mind, its optimisers and its batch are the paper's for 1024x1024. Its 300 epochs are 34,000
steps for 29,000 images: about an hour on 2 cores, by the steps a second of
`benchmarks/speed/step_speed.py`; not a timed run. Encoding comes before, once, at the autoencoder's
own pace.
"""

from pathlib import Path

import keras
from absl import app, flags

import m2m_tf as m2m

OUT = flags.DEFINE_string("out", "runs/ffhq_to_celeba_hq", "the folder to write")
AUTOENCODER = flags.DEFINE_string("autoencoder", None, "its folder", required=True)
TARGET = flags.DEFINE_string("target", None, "the folder of target images", required=True)
EPOCHS = flags.DEFINE_integer("epochs", 300, "epochs")
SEED = flags.DEFINE_integer("seed", 0, "seed")
TRUST = flags.DEFINE_bool("trust_saved_model", False, "load SavedModels, which are programs")
SMOKE = flags.DEFINE_bool("smoke", False, "one epoch in batches of 16, to see that all works")


def main(_):
    autoencoder = m2m.Autoencoder.load(AUTOENCODER.value, trust=TRUST.value)
    code_shape = autoencoder.code_shape
    model = m2m.Mind2Mind(
        autoencoder,
        generator=m2m.build_generator(128, code_shape, widths=(128, 256, 512), normalise=False),
        critic=m2m.build_critic(code_shape, widths=(512, 256, 128)),
        critic_steps=5,
        drift_penalty=1e-2,
        seed=SEED.value,
    )
    model.compile(*(keras.optimizers.Adam(1e-3, beta_1=0.0, beta_2=0.5) for _ in range(2)))
    model.fit(
        TARGET.value,
        epochs=1 if SMOKE.value else EPOCHS.value,
        batch_size=16 if SMOKE.value else 256,
        image_size=autoencoder.image_shape[:2],
        codes_dir=Path(OUT.value) / "codes",
    )
    out = Path(OUT.value)
    m2m.pictures.save_grid(out / "samples.png", model.generate(16, seed=SEED.value))
    model.save(out / "model")
    print(f"Wrote {out / 'samples.png'} and {out / 'model'}")


if __name__ == "__main__":
    app.run(main)
