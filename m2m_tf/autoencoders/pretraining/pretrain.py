"""Pretraining: from the images of a source to a folder that `Autoencoder.load` reads."""

import dataclasses
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import keras
import numpy as np

from m2m_tf import data, pictures
from m2m_tf.autoencoders.autoencoder import Autoencoder
from m2m_tf.autoencoders.pairs.family import (
    build_family,
    check_family,
    family_of,
    family_of_card,
)
from m2m_tf.autoencoders.pretraining.batches import (
    evaluation_batches,
    middles,
    read_source,
    to_images,
    training_batches,
)
from m2m_tf.autoencoders.pretraining.linear import fit_components, set_linear_path
from m2m_tf.autoencoders.pretraining.loss import ReconstructionLoss, build_patch_critic
from m2m_tf.autoencoders.pretraining.precision import check_precision, layers_in
from m2m_tf.autoencoders.pretraining.reconstruction import Reconstruction
from m2m_tf.autoencoders.pretraining.resume import KeepBestAndLast, new_state, read_state
from m2m_tf.autoencoders.resolve import resolve
from m2m_tf.data.hints import ImageSource
from m2m_tf.data.options import size_of
from m2m_tf.files.being_made import being_made
from m2m_tf.files.keras_file import load_keras
from m2m_tf.hints import Fit, ImageSize, Resize, StrPath, Verbose

WARMUP_STEPS = 300
WINDOW = 64  # pixels a side at most of what the perceptual term sees of an image: its cost's bound
TERMS = dataclasses.fields(ReconstructionLoss)
SHOWN = 32  # held-out images in the picture of reconstructions


def pretrain(
    source: ImageSource,
    out: StrPath,
    held_out: ImageSource | None = None,
    code_shape: Sequence[int] | None = None,
    width: int = 32,
    architecture: Literal["convolutional", "universal"] = "convolutional",
    init: Autoencoder | StrPath | None = None,
    window: ImageSize | None = None,
    epochs: int = 20,
    batch_size: int = 128,
    learning_rate: float = 1e-3,
    augment: float = 0.33,
    loss: ReconstructionLoss | None = None,
    precision: Literal["auto", "float32", "bfloat16"] = "auto",
    seed: int = 0,
    image_size: ImageSize | None = None,
    resize: Resize = "area",
    fit: Fit = "crop",
    verbose: Verbose = "auto",
    **facts: Any,
) -> Autoencoder:
    """Trains an autoencoder on a source and keeps the weights of its best epoch.

    The pair is `build_pair`'s or `build_universal_pair`'s: its linear path starts at the principal
    components of the source, so training starts from PCA's error; with `init` it starts from the
    weights of another autoencoder. Loss: mean squared error, to which terms can be added that make
    reconstructions sharper or codes easier to model, and the squared error larger. The best epoch
    is the one of the least held-out loss, the adversarial term left out. The same call continues a
    run that was cut off, from its last whole epoch. Plain Keras: `KERAS_BACKEND=jax` trains it too.

    Args:
        source: The source images: anything that `m2m.data.load` takes, 4 GiB at most as bytes.
        out: The folder to write: `encoder.keras`, `decoder.keras`, `card.json` and
            `reconstructions.png`. Until the run is done it holds `training/`.
        held_out: Images that are never trained on; by default one in ten of the source.
        code_shape: `(dim,)` for a code vector; or `(height, width, channels)` for a map, whose
            sides are those of the image divided by the same power of 2. None is `(64,)`.
        width: Channels of the finest convolution.
        architecture: `"convolutional"`, for one image size, or `"universal"`: codes at an eighth of
            the size, 32 channels unless `code_shape` says another number; what is trained then
            takes images of any size that is a multiple of 8 (`Autoencoder.load(out, image_shape)`).
        init: A preset's name or an autoencoder's folder: training goes on from its weights, with
            its architecture and code, and changes them to fit the source.
        window: `size` or `(height, width)` in pixels: each image is seen through a window of that
            size, elsewhere each time, so that large images cost no more than small ones.
        epochs: Passes over the source.
        batch_size: Images a step.
        learning_rate: Adam's highest rate; warmed up, then decayed by a cosine to a fiftieth.
        augment: Share of each batch, in [0, 1], that is flipped, turned, scaled and shifted,
            in other hues if in colour: a wider source makes an autoencoder that reconstructs other
            targets better.
        loss: The `m2m.ReconstructionLoss`, what is added to the squared error; None adds nothing.
        precision: `"float32"`; `"bfloat16"` for the convolutions, weights in float32; `"auto"` is
            the second on a GPU, and on a CPU that computes in it.
        seed: Seed of the weights, the order and the augmentation.
        image_size: `height` or `(height, width)` to resize to; needed for images of many sizes.
        resize: `"area"` or `"lanczos"`.
        fit: `"crop"`, `"pad"` or `"stretch"`, as `m2m.data.load` takes it.
        verbose: Keras' progress bar: `"auto"`, 0, 1 or 2.
        **facts: What the card says beside the figures, `name`, `data`, `licence` and `command`; and
            `compact=True`, which rounds the weights to float16 and compresses their files, to about
            half the bytes.

    Returns:
        The trained `Autoencoder`.

    Raises:
        ValueError: If the images are unfit or too few, or `out` holds a run with other settings.

    Example:

    ```python
    autoencoder = m2m.pretrain("fashion-mnist/", "autoencoders/fashion", epochs=5)
    autoencoder = m2m.pretrain("photos/", "autoencoders/photos", image_size=128,
                               code_shape=(8, 8, 16),
                               loss=m2m.ReconstructionLoss(perceptual_weight=0.1))
    ```
    """
    start = init and resolve(init)
    family = family_of_card(start.card) if start else family_of(architecture, code_shape, width)
    settings = {
        **family,
        "init": init and start.fingerprint,
        "window": window and list(size_of(window)),
        "epochs": epochs,
        "batch_size": batch_size,
        "learning_rate": learning_rate,
        "augment": augment,
        **dataclasses.asdict(loss or ReconstructionLoss()),
        "precision": check_precision(precision),
        "seed": seed,
    }
    training = Path(out) / "training"
    state = read_state(training, settings)
    keras.utils.set_random_seed(seed)
    train, held_out, window = _read(source, held_out, settings, image_size, resize, fit)
    _check_count(train, batch_size, source)
    if state is None:
        model, start_mse = _new_model(train, held_out, settings, start)
        state = new_state(settings, start_mse)
    else:
        model = load_keras(training / "last.keras")
        model.set_feature_maps(_feature_maps(settings, held_out.shape[1:]))
    with being_made(training, goes_on=True):
        model.fit(
            training_batches(train, batch_size, augment, seed, window),
            epochs=epochs,
            steps_per_epoch=len(train) // batch_size,
            initial_epoch=state["epoch"],
            validation_data=evaluation_batches(held_out),
            callbacks=[KeepBestAndLast(training, state)],
            shuffle=False,  # the batches are shuffled already
            verbose=verbose,
        )
    crops = len(train) // batch_size * batch_size
    return _finish(Path(out), training, held_out, state, start, crops, facts)


def _read(source, held_out, settings, image_size, resize, fit):
    """The images to train on, the middles of those held out, and the window they are seen by."""
    channels = 3 if settings["architecture"] == "universal" else None  # grey is seen as colour
    images = data.load(source, image_size=image_size, channels=channels, resize=resize, fit=fit)
    window = _checked_window(settings["window"], images.image_shape)
    check_family(settings, (*window, images.image_shape[2]))  # refuses before all are read
    train, held_out = read_source(images, held_out, image_size, resize, fit)
    return train, middles(held_out, window), window


def _check_count(train, batch_size, source):
    if len(train) < batch_size:
        raise ValueError(
            f"Pretraining expects at least one batch of {batch_size} images; got {len(train)} from "
            f"{source!r}. Give more images or a smaller batch_size."
        )


def _checked_window(window, image_shape):
    """The `(height, width)` that is trained on: the window's, or all of an image."""
    sides = tuple(window or image_shape[:2])
    if any(part > side for part, side in zip(sides, image_shape[:2], strict=True)):
        raise ValueError(
            f"A window must lie in the images, which are {image_shape[0]}x{image_shape[1]}; got "
            f"{sides[0]}x{sides[1]}. Give a smaller window, or larger images by image_size."
        )
    return sides


def _new_model(train, held_out, settings, start):
    """The compiled model at its start, and its held-out error there."""
    shape = held_out.shape[1:]
    with layers_in(settings["precision"]):
        pair = build_family(settings, shape)
        critic = build_patch_critic(shape) if settings["adversarial_weight"] else None
    if start:
        _take_weights(pair, start)
    else:
        set_linear_path(*pair, fit_components(pair[0], middles(train, shape[:2])))
    loss = ReconstructionLoss(**{each.name: settings[each.name] for each in TERMS})
    model = Reconstruction(*pair, critic, loss, _feature_maps(settings, shape))
    steps = settings["epochs"] * (len(train) // settings["batch_size"])
    rate = _schedule(settings["learning_rate"], steps)
    # Without normalisation a single step can throw the weights far: global clipping holds them.
    clip = 1.0 if settings["architecture"] == "universal" else None
    model.compile(keras.optimizers.Adam(rate, global_clipnorm=clip))
    batches = evaluation_batches(held_out)
    return model, model.evaluate(batches, return_dict=True, verbose=0)["mse"]


def _take_weights(pair, start):
    """Gives a pair the weights of another of its family."""
    for network, trained in zip(pair, (start.encoder, start.decoder), strict=True):
        shapes = [[weight.shape for weight in each.weights] for each in (network, trained)]
        if shapes[0] != shapes[1]:
            raise ValueError(
                f"'{start.name}' takes images of shape {start.image_shape}, and its weights do not "
                f"fit images of {pair[0].input_shape[1:]}. Give image_size="
                f"{start.image_shape[:2]}, or start from 'universal', which takes any size."
            )
        network.set_weights(trained.get_weights())


def _feature_maps(settings, image_shape):
    """The network of the perceptual term; None where that has no weight."""
    if not settings["perceptual_weight"]:
        return None
    from m2m_tf.features.feature_maps import build_feature_maps

    # In float32: bfloat16 takes twice as long, as CPUs are slow at depthwise filters in it.
    height, length, channels = image_shape
    return build_feature_maps((min(height, WINDOW), min(length, WINDOW), channels))


def _schedule(highest, steps):
    warmup = min(WARMUP_STEPS, steps // 10)
    return keras.optimizers.schedules.CosineDecay(
        highest / 20, max(1, steps - warmup), 0.02, warmup_target=highest, warmup_steps=warmup
    )


def _finish(out, training, held_out, state, start, crops_an_epoch, facts):
    """Writes the best weights with their card, then lets the training folder go."""
    autoencoder = Autoencoder(
        *_in_float32(load_keras(training / "best.keras", compile=False), state["settings"]),
        name=facts.pop("name", out.name),
    )
    best = state["history"][state["best_epoch"] - 1]
    began_at = "start_held_out_mse" if start else "pca_held_out_mse"
    figures = {
        "best_epoch": state["best_epoch"],
        "held_out_images": len(held_out),
        **{
            f"held_out_{name}": best[f"val_{name}"]
            for name in ("mse", "perceptual")
            if f"val_{name}" in best
        },
        began_at: state["start_mse"],
        "curve": _curve(state["history"], crops_an_epoch, start.card if start else {}),
        "seconds": round(state["seconds"]),
        "versions": {"keras": keras.__version__, keras.backend.backend(): _backend_version()},
    }
    shutil.rmtree(training)
    autoencoder.save(out, **facts, **state["settings"], **figures)
    shown = SHOWN if held_out.shape[2] <= 256 else 4
    save_reconstructions(out / "reconstructions.png", autoencoder, held_out[:shown])
    return autoencoder


def _curve(history, crops_an_epoch, card):
    """Held-out figures against all crops seen, those of the autoencoder it began from included."""
    before = card.get("curve", [])
    seen = before[-1]["crops"] if before else 0
    return before + [
        {
            "crops": seen + number * crops_an_epoch,
            **{
                name.removeprefix("val_"): round(value, 5)
                for name, value in epoch.items()
                if name in ("val_mse", "val_perceptual")
            },
        }
        for number, epoch in enumerate(history, start=1)
    ]


def _in_float32(model, settings):
    """The trained pair in float32, whatever it was trained in."""
    image_shape = model.encoder.input_shape[1:]
    pair = build_family(settings, image_shape)
    for network, trained in zip(pair, (model.encoder, model.decoder), strict=True):
        network.set_weights(trained.get_weights())
    return pair


def _backend_version():
    import importlib

    return importlib.import_module(keras.backend.backend()).__version__


def save_reconstructions(path, autoencoder, pixels):
    """Writes a picture of rows of images, each row above its reconstruction.

    Args:
        path: The .png file.
        autoencoder: The `Autoencoder`.
        pixels: uint8 array `(n, height, width, channels)`.
    """
    images = np.asarray(to_images(pixels))
    codes = autoencoder.encoder.predict(images, batch_size=4, verbose=0)
    reconstructions = autoencoder.decoder.predict(codes, batch_size=4, verbose=0)
    columns = min(len(images), 16 if images.shape[2] <= 64 else 8)
    rows = []
    for start in range(0, len(images), columns):
        part = slice(start, start + columns)
        rows += [images[part], reconstructions[part]]
    scale = 2 if images.shape[2] <= 64 else 1
    pictures.save_grid(path, np.concatenate(rows), columns=columns, scale=scale)
