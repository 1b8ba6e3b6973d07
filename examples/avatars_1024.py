"""Procedural faces at 1024x1024, from one drawing style to another: the whole path, timed.

An autoencoder is trained on one style's faces, another style's are encoded once, a mind is trained
on their codes, the model is exported; blunt, for want of time. Prints seconds and memory.

    python datasets/get_data.py avatars --style open-peeps --size 1024 --num 600
    python datasets/get_data.py avatars --style micah --size 1024 --num 800
    python examples/avatars_1024.py --source ~/.cache/m2m_tf/data/avatars_open-peeps_1024_600 \
        --target ~/.cache/m2m_tf/data/avatars_micah_1024_800

Measured on one of 2 cores, beside other work: pretraining 852 s, encoding 20 s, the mind 929 s, the
rest 31 s. Memory, measured apart: 4.2 GiB in the first steps of pretraining, 1.9 in all after it.
"""

import resource
import time
from pathlib import Path

from absl import app, flags, logging

import m2m_tf as m2m

OUT = flags.DEFINE_string("out", "runs/avatars_1024", "the folder to write")
SOURCE = flags.DEFINE_string("source", None, "the folder of the source's faces", required=True)
TARGET = flags.DEFINE_string("target", None, "the folder of the target's faces", required=True)
EPOCHS = flags.DEFINE_integer("epochs", 100, "epochs")
SEED = flags.DEFINE_integer("seed", 0, "seed")
SMOKE = flags.DEFINE_bool("smoke", False, "64x64 pixels and one epoch, to see that all works")


def main(_):
    logging.set_verbosity(logging.WARNING)
    out, size = Path(OUT.value), 64 if SMOKE.value else 1024
    began = time.perf_counter()
    settings = {"code_shape": (size // 64,) * 2 + (16,), "epochs": 1 if SMOKE.value else 6}
    autoencoder = m2m.pretrain(
        SOURCE.value, out / "autoencoder", image_size=size, batch_size=8, augment=0, **settings
    )
    began = say("pretraining", began)
    codes = autoencoder.encode(m2m.data.load(TARGET.value, image_size=size))
    began = say(f"encoding {len(codes)} images", began)
    model = m2m.Mind2Mind(autoencoder, seed=SEED.value)
    model.compile()
    model.fit(codes, epochs=1 if SMOKE.value else EPOCHS.value, batch_size=16)
    began = say("the mind", began)
    m2m.pictures.save_grid(out / "samples.png", model.generate(12, seed=SEED.value), columns=4)
    model.save(out / "model")
    model.export(out / "export" / "1")
    say("12 new images, saving and exporting", began)


def say(stage, began):
    largest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"{stage}: {time.perf_counter() - began:.0f} s; {largest:.1f} GiB at most so far")
    return time.perf_counter()


if __name__ == "__main__":
    app.run(main)
