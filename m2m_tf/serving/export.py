"""The whole generator as a SavedModel: there whole and checked, or not at all."""

import functools
import re
from pathlib import Path

import numpy as np
import tensorflow as tf

from m2m_tf.files.card import write_card
from m2m_tf.files.durable import write_durably
from m2m_tf.files.output_folder import whole_folder
from m2m_tf.serving import model_card
from m2m_tf.serving.check import check_in_fresh_process
from m2m_tf.serving.served_model import ServedModel
from m2m_tf.serving.signatures import described, signatures_of

NAMES = Path("assets.extra", "classes.txt")  # the folder that TF Serving leaves to the user
README = "README.md"
VERSION = re.compile("[1-9][0-9]*", re.ASCII)


def export_saved_model(model, path, facts=None, extras=(), check=True, overwrite=False):
    """Writes a SavedModel that TF Serving loads, with a model card.

    Signatures, `n` being any number and `(h, w, c)` the images' shape:

    - `serving_default`: `latent`, float32 `(n, latent_dim)`, to `images`, uint8 `(n, h, w, c)`.
    - `sample`: `num_images`, an int32 scalar; `seed`, an int64 scalar; and `truncation`, a float32
      scalar, to `images` and `latent`: those of `model.generate(num_images, seed, truncation=..)`.
    - `png`: `num_images` and `seed` to `png_bytes`, `(num_images,)` files, of truncation 1.
    - `encode`: `images`, uint8 `(n, h, w, c)`, to `codes`, float32.
    - `reconstruct`: `images` to `images`, encoded and decoded.

    Those of a model with classes also take `label`, the number of a class: `serving_default` int32
    `(n,)`; `sample` and `png` an int32 scalar, -1 for each class as often as it occurs in the
    target, and `sample` gives the `label` of each image. Names of classes are the lines of
    `assets.extra/classes.txt`.

    Args:
        model: A trained `Mind2Mind`.
        path: The folder to write, such as `exports/digits/1`: TF Serving takes the last name, a
            whole number of 1 or more, as the version. It must not hold anything yet.
        facts: What the card says beside what the model knows itself: see `model_card.facts_of`.
        extras: Functions `(model, folder)` that write further files and return what the card says
            of them, `{file name: facts}`.
        check: Whether a new process loads what was written, with TensorFlow alone, and compares
            its images with the model's before the folder gets its name.
        overwrite: Whether a version that is there already may be replaced.

    Returns:
        The path.

    Raises:
        ValueError: If the folder holds something, its name is no version, or the model has not
            been trained or has weights that are not finite.
        RuntimeError: If the new process finds other images.

    Example:

    ```python
    export_saved_model(model, "exports/digits/1")
    served = tf.saved_model.load("exports/digits/1")
    images = served.signatures["sample"](
        num_images=tf.constant(4), seed=tf.constant(0, tf.int64), truncation=tf.constant(1.0)
    )["images"]
    ```
    """
    path = Path(path)
    check_version(path)
    check_is_new = None if overwrite else functools.partial(_check_is_new, path)
    if check_is_new:
        check_is_new()
    _check_model(model)
    with whole_folder(path.resolve(), check_is_new) as folder:  # TF Serving passes names with a dot
        tensors = _save(model, folder)
        if isinstance(model.classes, tuple):
            write_durably(folder / NAMES, ("\n".join(model.classes) + "\n").encode())
        files = {}
        for write in extras:
            files.update(write(model, folder))
        if check:
            check_in_fresh_process(model, folder)
        own = {**model_card.facts_of(model), "signatures": tensors, "files": files}
        facts = {**own, **(facts or {})}
        write_durably(folder / README, model_card.page_of(facts, path.resolve()).encode())
        write_card(folder, facts)
    return path


def check_version(path):
    """Refuses a folder that TF Serving would not take for a version."""
    if not VERSION.fullmatch(path.name):
        raise ValueError(
            f"An export's folder is named by its version, a whole number of 1 or more, as in "
            f"'{path.parent / 'digits' / '1'}'; got '{path}'. TF Serving does not see others."
        )


def _check_is_new(path):
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise ValueError(
            f"Expected '{path}' to be a new folder; it holds something already. Export to the next "
            "version's folder, or pass overwrite=True to replace it."
        )


def _check_model(model):
    if not model.is_trained:
        raise ValueError(
            f"Expected a trained model; '{model.name}' has not made a training step. Call "
            "model.fit(target) to its end, and export then."
        )
    parts = (model.average, model.statistics, model.autoencoder)
    bad = [
        weight.path
        for part in parts
        for weight in part.weights
        if not np.isfinite(weight.numpy()).all()
    ]
    if bad:
        raise ValueError(
            f"'{model.name}' has weights that are NaN or infinite ('{bad[0]}' is one of "
            f"{len(bad)}): its training broke down. Train again, with on_nonfinite='rollback'."
        )


def _save(model, folder):
    served = ServedModel(model)
    signatures = signatures_of(served, model)
    # Without the lines of our source, which are longer than a small model.
    options = tf.saved_model.SaveOptions(save_debug_info=False, experimental_custom_gradients=False)
    try:
        tf.saved_model.save(served, str(folder), signatures, options)
    except tf.errors.OpError as error:  # what the disk says comes as TensorFlow's error
        said = error.message.splitlines()[0]
        raise OSError(f"'{folder}' could not be written: {said}") from error
    return described(signatures)
