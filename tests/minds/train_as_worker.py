"""Trains a mind as one of several workers, and writes what it ended with.

python -m tests.minds.train_as_worker AUTOENCODER IMAGES.npy OUT SETTINGS, with TF_CONFIG
"""

import json
import os
import sys
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

import m2m_tf as m2m
from m2m_tf.minds import checkpoints
from m2m_tf.workers import workers_of


def main(autoencoder, images, out, settings):
    """Fits with a checkpoint in OUT; the settings are those of the model and of fit."""
    shared = tf.distribute.MultiWorkerMirroredStrategy() if "TF_CONFIG" in os.environ else None
    settings, out = json.loads(settings), Path(out)
    checkpoints.SECONDS = 0.0
    workers = workers_of(shared)
    keras.utils.set_random_seed(workers.number)  # the chief's weights are taken
    with shared.scope() if shared else tf.device("CPU:0"):
        model = m2m.Mind2Mind(m2m.Autoencoder.load(autoencoder), **settings["model"])
        # Adam's own epsilon gives a step of full size to a gradient that is only rounding.
        model.compile(*(keras.optimizers.Adam(1e-3, 0.0, 0.9, epsilon=1e-4) for _ in range(2)))
    history = model.fit(
        np.load(images),
        checkpoint=out / "run",
        verbose=2 if workers.is_chief else 0,
        **settings["fit"],
    )
    state = checkpoints.state_of(model)
    np.savez(out / f"worker-{workers.number}.npz", **state, **history.history)
    if workers.is_chief:
        model.save(out / "model")


if __name__ == "__main__":
    main(*sys.argv[1:])
