"""Pretraining: from the images of a source to a folder that `Autoencoder.load` reads."""

import dataclasses
import json
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
    HELD_OUT_SHARE,
    evaluation_batches,
    fingerprint_of,
    middles,
    read_source,
    to_images,
    training_batches,
)
from m2m_tf.autoencoders.pretraining.linear import fit_components, set_linear_path
from m2m_tf.autoencoders.pretraining.loss import ReconstructionLoss, build_patch_critic
from m2m_tf.autoencoders.pretraining.precision import check_precision, layers_in
from m2m_tf.autoencoders.pretraining.reconstruction import Reconstruction
from m2m_tf.autoencoders.pretraining.resume import EpochCheckpoints
from m2m_tf.autoencoders.resolve import resolve
from m2m_tf.checks import check_number, check_rate, check_short_seed, check_whole
from m2m_tf.data.hints import ImageSource
from m2m_tf.data.options import check_loading, size_of
from m2m_tf.files.being_made import being_made
from m2m_tf.files.card import CARD
from m2m_tf.files.checkpoint_folder import CheckpointFolder
from m2m_tf.files.durable import replacing
from m2m_tf.files.work_folder import work_folder
from m2m_tf.hints import Fit, ImageSize, Resize, StrPath, Verbose

TRAINING, RESULT = "training", "result"  # in the output folder, and in that
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
            half the bytes; and `value_range`, how images are loaded, as `m2m.data.load` takes it.

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
        "epochs": check_whole("epochs", epochs),
        "batch_size": check_whole("batch_size", batch_size),
        "learning_rate": check_rate(learning_rate),
        "augment": check_number("augment is a share, in [0, 1]", augment, most=1),
        **dataclasses.asdict(loss or ReconstructionLoss()),
        "precision": check_precision(precision),
        "seed": check_short_seed(seed),
    }
    reading = {
        "image_size": image_size and list(size_of(image_size)),
        "resize": resize,
        "fit": fit,
        "held_out_share": 1 / HELD_OUT_SHARE if held_out is None else None,
        "backend": keras.backend.backend(),
    }
    loading = check_loading(image_size, resize, fit, facts.pop("value_range", None))
    with work_folder(Path(out) / TRAINING) as training:
        found = CheckpointFolder(training).newest()
        if found:  # before all images are read; what they are is compared after
            found.check_run(found.card["run"], json.loads(json.dumps(settings | reading)))
        with being_made(training, goes_on=True):
            keras.utils.set_random_seed(settings["seed"])
            read = _read(source, held_out, settings, **loading)
            _check_count(read.train, settings["batch_size"])
            kept = _train(training, found, read, settings, reading, start, verbose)
            return _finish(Path(out), training, kept, read, settings, start, facts)


@dataclasses.dataclass(frozen=True)
class _Read:
    """The source, read.

    Attributes:
        train: Images to train on, uint8 `(n, height, width, channels)`.
        held_out: The middles of those held out, of the window's size.
        window: `(height, width)` that images are seen through.
        names: What names all of these images, `{"source": ..., "held_out": ...}`.
    """

    train: np.ndarray
    held_out: np.ndarray
    window: tuple
    names: dict


def _train(training, found, read, settings, reading, start, verbose):
    """Trains, from the checkpoint that was found; returns the `EpochCheckpoints`."""
    batch_size = settings["batch_size"]
    steps = len(read.train) // batch_size
    model = _new_model(read.held_out.shape[1:], settings, steps)
    run = {**settings, **reading, **read.names}
    kept = EpochCheckpoints(CheckpointFolder(training), model, run)
    held_out = evaluation_batches(read.held_out)
    if found:
        kept.take_up(found)
    else:
        _set_start(model, read, start)
        kept.begin(model.evaluate(held_out, return_dict=True, verbose=0)["mse"])
    batches = training_batches(
        read.train, batch_size, settings["augment"], settings["seed"], read.window, kept.epoch
    )
    model.fit(
        batches,
        epochs=settings["epochs"],
        steps_per_epoch=steps,
        initial_epoch=kept.epoch,
        validation_data=held_out,
        callbacks=[kept],
        shuffle=False,  # the batches are shuffled already
        verbose=verbose,
    )
    if not kept.best_epoch:
        raise ValueError(
            f"The training diverged at learning_rate={settings['learning_rate']}: no epoch has a "
            "held-out loss that is a number. Give a smaller one."
        )
    kept.restore_best()
    return kept


def _read(source, held_out, settings, **loading):
    """Reads the source; returns a `_Read`."""
    channels = 3 if settings["architecture"] == "universal" else None  # grey is seen as colour
    images = data.load(source, channels=channels, **loading)
    window = _checked_window(settings["window"], images.image_shape)
    check_family(settings, (*window, images.image_shape[2]))  # refuses before all are read
    train, held_out = read_source(images, held_out, **loading)
    names = {"source": fingerprint_of(train), "held_out": fingerprint_of(held_out)}
    return _Read(train, middles(held_out, window), window, names)


def _check_count(train, batch_size):
    if len(train) < batch_size:
        raise ValueError(
            f"Pretraining expects at least one batch of {batch_size} images; got {len(train)} to "
            "train on. Give more images or a smaller batch_size."
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


def _new_model(shape, settings, steps_an_epoch):
    """The compiled model of images of that shape, with random weights."""
    with layers_in(settings["precision"]):
        pair = build_family(settings, shape)
        critic = build_patch_critic(shape) if settings["adversarial_weight"] else None
    loss = ReconstructionLoss(**{each.name: settings[each.name] for each in TERMS})
    model = Reconstruction(*pair, critic, loss, _feature_maps(settings, shape))
    rate = _schedule(settings["learning_rate"], settings["epochs"] * steps_an_epoch)
    # Without normalisation a single step can throw the weights far: global clipping holds them.
    clip = 1.0 if settings["architecture"] == "universal" else None
    model.compile(keras.optimizers.Adam(rate, global_clipnorm=clip))
    return model


def _set_start(model, read, start):
    """Gives the pair the weights that training starts from: those of another, or components."""
    pair = model.encoder, model.decoder
    if start:
        _take_weights(pair, start)
    else:
        images = middles(read.train, read.held_out.shape[1:3])
        set_linear_path(*pair, fit_components(pair[0], images))


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


def _finish(out, training, kept, read, settings, start, facts):
    """Writes the best weights with their card: all of it beside the checkpoints, then into `out`.

    A disk that is full meanwhile costs nothing: the training is there until the result is.
    """
    name = facts.pop("name", out.name)
    pair = _in_float32(kept.network, settings)
    autoencoder = Autoencoder(*pair, name=name, value_range=(-1, 1))
    best = {name: values[kept.best_epoch - 1] for name, values in kept.history.items()}
    crops, batch = len(read.train), settings["batch_size"]
    began_at = "start_held_out_mse" if start else "pca_held_out_mse"
    figures = {
        "best_epoch": kept.best_epoch,
        "held_out_images": len(read.held_out),
        **{
            f"held_out_{name}": best[f"val_{name}"]
            for name in ("mse", "perceptual")
            if f"val_{name}" in best
        },
        began_at: kept.before,
        "curve": _curve(kept.history, crops - crops % batch, start.card if start else {}),
        "seconds": round(kept.seconds),
        "versions": {"keras": keras.__version__, keras.backend.backend(): _backend_version()},
    }
    result = training / RESULT
    shutil.rmtree(result, ignore_errors=True)
    autoencoder.save(result, **facts, **settings, **figures)
    shown = SHOWN if read.held_out.shape[2] <= 256 else 4
    save_reconstructions(result / "reconstructions.png", autoencoder, read.held_out[:shown])
    for path in sorted(result.iterdir(), key=lambda path: path.name == CARD):  # the card last
        with replacing(out / path.name) as unfinished:
            path.replace(unfinished)
    return autoencoder


def _curve(history, crops_an_epoch, card):
    """Held-out figures against all crops seen, those of the autoencoder it began from included."""
    before = card.get("curve", [])
    seen = before[-1]["crops"] if before else 0
    names = [name for name in ("val_mse", "val_perceptual") if name in history]
    return before + [
        {
            "crops": seen + number * crops_an_epoch,
            **{name.removeprefix("val_"): round(history[name][number - 1], 5) for name in names},
        }
        for number in range(1, len(history["val_mse"]) + 1)
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
