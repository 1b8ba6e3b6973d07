"""Pretraining: from the images of a source to a folder that `Autoencoder.load` reads."""

import shutil
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from m2m_tf import data, pictures
from m2m_tf.autoencoders.augment import build_augmentation
from m2m_tf.autoencoders.autoencoder import Autoencoder
from m2m_tf.autoencoders.builders import build_pair
from m2m_tf.autoencoders.linear import fit_components, set_linear_path
from m2m_tf.autoencoders.resume import KeepBestAndLast, new_state, read_state
from m2m_tf.keras_file import load_keras

HELD_OUT_SHARE = 10  # one image in ten, where no held-out set is given
MOST_FOR_COMPONENTS = 60_000  # images that the principal components are fitted on
EVALUATION_BATCH = 500
WARMUP_STEPS = 300


def pretrain(
    source,
    out,
    held_out=None,
    code_dim=64,
    width=32,
    epochs=20,
    batch_size=128,
    learning_rate=1e-3,
    augment=0.33,
    seed=0,
    image_size=None,
    resize="area",
    verbose="auto",
    **facts,
):
    """Trains an autoencoder on a source and keeps the weights of its best epoch.

    The pair is `build_pair`'s: its linear path starts at the principal components of the source,
    so training starts from PCA's error. Loss: mean squared error. The same call continues a run
    that was cut off, from its last whole epoch.

    Args:
        source: The source images: anything that `m2m.data.load` takes.
        out: The folder to write: `encoder.keras`, `decoder.keras`, `card.json` and
            `reconstructions.png`. Until the run is done it holds `training/`.
        held_out: Images that are never trained on; by default one in ten of the source.
        code_dim: Length of a code vector.
        width: Channels of the finest convolution.
        epochs: Passes over the source.
        batch_size: Images a step.
        learning_rate: Adam's highest rate; warmed up, then decayed by a cosine to a fiftieth.
        augment: Share of each batch, in [0, 1], that is flipped, turned, scaled and shifted: a
            wider source makes an autoencoder that reconstructs other targets better.
        seed: Seed of the weights, the order and the augmentation.
        image_size: `height` or `(height, width)` to resize to; needed for images of many sizes.
        resize: `"area"` or `"lanczos"`.
        verbose: Keras' progress bar: `"auto"`, 0, 1 or 2.
        **facts: What the card says beside the figures: `name`, `data`, `licence`, `command`.

    Returns:
        The trained `Autoencoder`.

    Raises:
        ValueError: If the images are unfit or too few, or `out` holds a run with other settings.

    Example:

    ```python
    autoencoder = m2m.pretrain("fashion-mnist/", "autoencoders/fashion", code_dim=64, epochs=5)
    ```
    """
    settings = {
        "code_dim": code_dim,
        "width": width,
        "epochs": epochs,
        "batch_size": batch_size,
        "learning_rate": learning_rate,
        "augment": augment,
        "seed": seed,
    }
    training = Path(out) / "training"
    state = read_state(training, settings)
    keras.utils.set_random_seed(seed)
    train, held_out = _split(source, held_out, image_size, resize)
    _check_count(train, batch_size, source)
    if state is None:
        model, pca_mse = _new_model(train, held_out, settings)
        state = new_state(settings, pca_mse)
    else:
        model = load_keras(training / "last.keras")
    model.fit(
        _batches(train, batch_size, augment, seed),
        epochs=epochs,
        steps_per_epoch=len(train) // batch_size,
        initial_epoch=state["epoch"],
        validation_data=(held_out, held_out),
        validation_batch_size=EVALUATION_BATCH,
        callbacks=[KeepBestAndLast(training, state)],
        shuffle=False,  # the batches are shuffled already
        verbose=verbose,
    )
    return _finish(Path(out), training, held_out, state, facts)


def _split(source, held_out, image_size, resize):
    """The training and the held-out images, as arrays."""
    train = data.load(source, image_size=image_size, resize=resize)
    if held_out is not None:
        shape = train.image_shape
        other = data.load(held_out, image_shape=shape, image_size=image_size, resize=resize)
        return train.numpy(), other.numpy()
    images = train.numpy()
    last = max(1, len(images) // HELD_OUT_SHARE)
    return images[:-last], images[-last:]


def _check_count(train, batch_size, source):
    if len(train) < batch_size:
        raise ValueError(
            f"Pretraining expects at least one batch of {batch_size} images; got {len(train)} from "
            f"{source!r}. Give more images or a smaller batch_size."
        )


def _new_model(train, held_out, settings):
    """The compiled model, set to the principal components, and its held-out error so far."""
    encoder, decoder = build_pair(train.shape[1:], settings["code_dim"], settings["width"])
    components = fit_components(encoder, train[:MOST_FOR_COMPONENTS], settings["code_dim"])
    set_linear_path(encoder, decoder, components)
    model = keras.Sequential([encoder, decoder], name="autoencoder")
    steps = settings["epochs"] * (len(train) // settings["batch_size"])
    model.compile(keras.optimizers.Adam(_schedule(settings["learning_rate"], steps)), loss="mse")
    return model, model.evaluate(held_out, held_out, batch_size=EVALUATION_BATCH, verbose=0)


def _schedule(highest, steps):
    warmup = min(WARMUP_STEPS, steps // 10)
    return keras.optimizers.schedules.CosineDecay(
        highest / 20, max(1, steps - warmup), 0.02, warmup_target=highest, warmup_steps=warmup
    )


def _batches(images, batch_size, augment, seed):
    """Endless shuffled batches of `(image, image)`; gathered, as arrays are faster than rows."""
    augmentation = build_augmentation(seed)
    augmented = int(batch_size * augment)
    images = tf.constant(images)

    def make_batch(index):
        batch = tf.gather(images, index)
        if augmented:
            turned = augmentation(batch[:augmented], training=True)
            batch = tf.concat([turned, batch[augmented:]], axis=0)
        return batch, batch

    order = tf.data.Dataset.range(len(images)).shuffle(len(images), seed=seed).repeat()
    batches = order.batch(batch_size, drop_remainder=True)
    return batches.map(make_batch, num_parallel_calls=tf.data.AUTOTUNE).prefetch(4)


def _finish(out, training, held_out, state, facts):
    """Writes the best weights with their card, then lets the training folder go."""
    best = load_keras(training / "best.keras", compile=False)
    autoencoder = Autoencoder(*best.layers, name=facts.pop("name", out.name))
    figures = {
        "best_epoch": state["best_epoch"],
        "held_out_images": len(held_out),
        "held_out_mse": state["best_mse"],
        "pca_held_out_mse": state["pca_mse"],
        "seconds": round(state["seconds"]),
        "versions": {"keras": keras.__version__, "tensorflow": tf.__version__},
    }
    shutil.rmtree(training)
    autoencoder.save(out, **facts, **state["settings"], **figures)
    save_reconstructions(out / "reconstructions.png", autoencoder, held_out[:32])
    return autoencoder


def save_reconstructions(path, autoencoder, images):
    """Writes a picture of rows of images, each row above its reconstruction."""
    reconstructions = autoencoder.decode(autoencoder.encode(images))
    rows = []
    for start in range(0, len(images), 16):
        rows += [images[start : start + 16], reconstructions[start : start + 16]]
    pictures.save_grid(path, np.concatenate(rows), columns=16, scale=2)
