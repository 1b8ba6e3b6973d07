"""Trains minds on one device and on several, and writes what both ended with.

python -m tests.minds.train_on_replicas AUTOENCODER CODES.npy CASES.json OUT
"""

import json
import sys
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

import m2m_tf as m2m

STEPS = 20


def main(autoencoder, codes, cases, out):
    """Runs each case: a dictionary with replicas, batch_size and the model's settings."""
    cases, codes = json.loads(cases), np.load(codes)
    most = max(case["replicas"] for case in cases.values())
    devices = [tf.config.LogicalDeviceConfiguration()] * most
    tf.config.set_logical_device_configuration(tf.config.list_physical_devices("CPU")[0], devices)
    strategy = tf.distribute.MirroredStrategy([f"CPU:{number}" for number in range(most)])
    for name, case in cases.items():
        keep(train(autoencoder, codes, case), Path(out) / f"{name} on 1.npz")
        with strategy.scope():
            model = train(autoencoder, codes, case)
        keep(model, Path(out) / f"{name} on {most}.npz")


def train(autoencoder, codes, case):
    """A mind after 20 steps or more, with its logs."""
    keras.utils.set_random_seed(0)
    classes = case["model"].get("classes", 0)
    networks = smooth_networks(codes.shape[1], classes) if case.get("smooth") else {}
    model = m2m.Mind2Mind(m2m.Autoencoder.load(autoencoder), seed=3, **networks, **case["model"])
    # Adam's own epsilon gives a step of full size to a gradient that is only rounding.
    model.compile(*(keras.optimizers.Adam(1e-3, 0.0, 0.9, epsilon=1e-4) for _ in range(2)))
    labels = np.arange(len(codes)) % classes if classes else None
    epochs = -(-STEPS // (len(codes) // case["batch_size"]))
    history = model.fit(codes, labels, epochs=epochs, batch_size=case["batch_size"], verbose=0)
    assert model.generator_optimizer.iterations >= STEPS
    return model, history.history


def smooth_networks(width, classes):
    """Networks without the corners of a ReLU, across which a rounding may move a value."""
    x, inputs = joined_inputs(width, classes)
    x = keras.layers.Dense(64, use_bias=False)(x)
    x = keras.layers.BatchNormalization(synchronized=True)(x)
    generator = keras.Model(inputs, keras.layers.Dense(width)(keras.ops.tanh(x)))
    x, inputs = joined_inputs(width, classes)
    x = keras.layers.Dense(64, activation="tanh")(x)
    return {"generator": generator, "critic": keras.Model(inputs, keras.layers.Dense(1)(x))}


def joined_inputs(width, classes):
    """A network's inputs, side by side and as it takes them."""
    x = keras.Input((width,))
    if not classes:
        return x, x
    label = keras.Input((classes,))
    return keras.layers.Concatenate()([x, label]), [x, label]


def keep(trained, path):
    """Writes the weights and the logs."""
    model, logs = trained
    weights = {
        f"{part} {number} {weight.path.split('/')[-1]}": weight.numpy()
        for part in ("generator", "critic", "average")
        for number, weight in enumerate(getattr(model, part).weights)
    }
    np.savez(path, **weights, **{name: np.array(values) for name, values in logs.items()})


if __name__ == "__main__":
    main(*sys.argv[1:])
