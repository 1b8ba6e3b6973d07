"""Steps a second of a mind on GPUs, with and without XLA, on one and on all of them.

    python benchmarks/speed/gpu.py    (about 3 minutes where there is a GPU)

The default mind on the digits' codes by `fashion_mnist_28`, a batch of 128 in all, each contender
once a round. Where TensorFlow finds no GPU it says that it did not run, and writes nothing. Minds
train in float32, so there is no row of bfloat16. Writes `--out`, a JSON file.

What to expect nobody has measured yet.
"""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import keras
import tensorflow as tf
from absl import app, flags

import m2m_tf as m2m
from benchmarks.shared.measure import spread
from benchmarks.shared.step_clock import StepClock
from m2m_tf.codes import encode_once

ROUNDS = flags.DEFINE_integer("rounds", 3, "rounds", 1)
STEPS = flags.DEFINE_integer("steps", 500, "training steps that are timed", 1)
OUT = flags.DEFINE_string("out", "runs/gpu.json", "the file to write")
PRESET, BATCH = "fashion_mnist_28", 128


def main(_):
    devices = tf.config.list_physical_devices("GPU")
    if not devices:
        print("Did not run: TensorFlow finds no GPU.")
        return
    autoencoder = m2m.Autoencoder.from_preset(PRESET)
    codes = encode_once(autoencoder, "demo:digits", verbose=0)
    contenders = {"one GPU": (1, False), "one GPU, XLA": (1, True)}
    if len(devices) > 1:
        contenders[f"{len(devices)} GPUs"] = (len(devices), False)  # XLA is off with replicas
    found = {name: [] for name in contenders}
    for _round in range(ROUNDS.value):
        for name, how in contenders.items():
            found[name].append(rate(autoencoder, codes, *how))
    for name, rates in found.items():
        print(f"{name}: {spread(rates, '{:.0f}')} steps a second", flush=True)
    names = [tf.config.experimental.get_device_details(each)["device_name"] for each in devices]
    Path(OUT.value).parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"devices": names, "steps_a_second": found}, indent=2)
    Path(OUT.value).write_text(text + "\n", encoding="utf-8")


def rate(autoencoder, codes, count, xla):
    """Steps a second on so many GPUs, compilation left out."""
    keras.utils.set_random_seed(0)
    strategy = tf.distribute.MirroredStrategy([f"GPU:{number}" for number in range(count)])
    with strategy.scope():
        model = m2m.Mind2Mind(autoencoder, seed=0)
        model.compile(jit_compile=xla)
    clock = StepClock(STEPS.value)
    model.fit(codes, epochs=100, batch_size=BATCH, callbacks=[clock], verbose=0)
    return clock.rate


if __name__ == "__main__":
    app.run(main)
