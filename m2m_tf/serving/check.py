"""An export seen by a new process, with TensorFlow alone: its images must be the model's.

Model and export share one `Sampler`. What is seen here is that it was stored whole, that it runs
without this package, and what an export has of its own: pixels as uint8, and the encoder.

The process runs this file itself: `python check.py FOLDER EXPECTED.npz`.
"""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np

COUNT, SEED = 8, 0
CODES_TOLERANCE = 1e-3  # of their largest value: another process may add up in another order


def check_in_fresh_process(model, folder):
    """Loads an export in a new process and compares it with the model.

    Args:
        model: The `Mind2Mind` that was exported.
        folder: Its SavedModel.

    Raises:
        RuntimeError: If a signature gives something else than the model does, or does not run.
    """
    from m2m_tf.files.being_made import TemporaryFolder  # as below

    with TemporaryFolder("check") as temporary:
        expected = Path(temporary, "expected.npz")
        np.savez(expected, **_expected_of(model))
        done = subprocess.run(
            [sys.executable, "-P", __file__, str(folder), str(expected)],
            env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1"},
            capture_output=True,
            text=True,
        )
    if done.returncode:
        said = (done.stderr.strip() or f"it ended with {done.returncode}").splitlines()[-1]
        raise RuntimeError(f"A new process finds another model in the export: {said}")


def _expected_of(model):
    from m2m_tf.pictures.pixels import (
        to_pixels,
    )  # not of the new process, which has only TensorFlow

    latent = model.sample_latent(COUNT, SEED)
    labels = model.sample_labels(COUNT, SEED)
    images = to_pixels(model.generate(COUNT, SEED))
    codes = model.autoencoder.encode(images, value_range=(0, 255))
    found = {
        "latent": latent,
        "images": images,
        "codes": codes,
        "reconstructions": to_pixels(model.autoencoder.decode(codes)),
    }
    return found if labels is None else {**found, "labels": labels}


def compare(folder, expected):
    """Compares the signatures of an export with what they should give.

    Raises:
        ValueError: At the first difference.
    """
    import tensorflow as tf

    signatures = tf.saved_model.load(folder).signatures
    many = labels = {}
    if "labels" in expected:
        many, labels = {"label": tf.constant(-1)}, {"label": tf.constant(expected["labels"])}
    drawn = {"num_images": tf.constant(COUNT), "seed": tf.constant(SEED, tf.int64), **many}
    images = tf.constant(expected["images"])
    found = {
        "serving_default": signatures["serving_default"](
            latent=tf.constant(expected["latent"]), **labels
        )["images"],
        "sample": signatures["sample"](truncation=tf.constant(1.0), **drawn)["images"],
        "png": tf.stack([tf.io.decode_png(f) for f in signatures["png"](**drawn)["png_bytes"]]),
    }
    for name, made in found.items():
        _check_pixels(name, made.numpy(), expected["images"])
    made = signatures["reconstruct"](images=images)["images"]
    _check_pixels("reconstruct", made.numpy(), expected["reconstructions"])
    codes = signatures["encode"](images=images)["codes"].numpy()
    if np.abs(codes - expected["codes"]).max() > CODES_TOLERANCE * np.abs(codes).max():
        raise ValueError("'encode' gives other codes")


def _check_pixels(name, made, expected):
    apart = np.abs(made.astype(int) - expected).max() if made.shape == expected.shape else 255
    if apart > 1:  # of 255: a value between two levels may be rounded either way
        raise ValueError(f"'{name}' gives other images: {apart} of 255 levels apart")


if __name__ == "__main__":
    with np.load(sys.argv[2], allow_pickle=False) as arrays:
        compare(sys.argv[1], dict(arrays))
