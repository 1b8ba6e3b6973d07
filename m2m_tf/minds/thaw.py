"""Thawing: once the mind knows the codes, the decoder learns what the target looks like."""

import dataclasses
import hashlib
import math
import os
import time
from collections.abc import Sequence
from pathlib import Path

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

from m2m_tf import data
from m2m_tf.autoencoders import Autoencoder
from m2m_tf.autoencoders.pairs import saved_model
from m2m_tf.autoencoders.pretraining.resume import EpochCheckpoints
from m2m_tf.checks import check_choice, check_rate, check_whole
from m2m_tf.codes import CodeStatistics, CodeStore, check_share, encode_once, held_out_rows
from m2m_tf.codes.encode import is_codes
from m2m_tf.data.numpy_in_pipelines import keep_alive, weak_reader
from m2m_tf.data.options import check_loading
from m2m_tf.data.passes import check_same_order
from m2m_tf.files.checkpoint_folder import CheckpointFolder
from m2m_tf.hints import Fit, ImageSize, Resize, StrPath, ValueRange, Verbose
from m2m_tf.keras_internals import FreedStep, layers_below, replace_layer
from m2m_tf.minds import checks
from m2m_tf.minds.average import copy_network
from m2m_tf.minds.keras_words import check_words
from m2m_tf.minds.labels import from_target, in_range_of, label_codes, labels_beside

IN_MEMORY = 1 << 30  # bytes of images that are read once and kept; more are read in each epoch
SHUFFLED = 1 << 27  # bytes of images that are shuffled at a time, and held twice
ORDER_CHECKED = 256  # images; encoding is compiled for as many
MIND_BATCH = 128  # codes: what fit takes by itself
LAST_RATE = 0.02  # the learning rate falls to this share of the first
SUFFIX = "_thawed"


@dataclasses.dataclass(frozen=True)
class Thawed:
    """What thawing did.

    Attributes:
        before, after: Mean squared error a pixel value of the reconstructions, images in [-1, 1].
        measured_on: `"held-out images"`, or `"training images"` where none were held out.
        images: How many images the decoder was trained on.
        held_out_images: How many it never saw.
        best_epoch: The epoch whose weights were kept, from 1: the one of least error on held-out
            images, or the last where none were held out. 0: none was better than the frozen ones.
        seconds: What all of it took.
        history: `{log: values}` of the decoder's training, one value an epoch: `loss`, and
            `val_loss`, the error on held-out images.
    """

    before: float
    after: float
    measured_on: str
    images: int
    held_out_images: int
    best_epoch: int
    seconds: float
    history: dict[str, list[float]]

    def __str__(self) -> str:
        return (
            f"mean squared error on {self.measured_on}: {self.before:.5f} frozen, "
            f"{self.after:.5f} thawed (epoch {self.best_epoch}, {self.seconds:.0f} s)"
        )


@dataclasses.dataclass(frozen=True)
class ThawSettings:
    """The settings of `thaw`, checked.

    Args:
        epochs: Passes over them.
        batch_size: Images a step, over all replicas.
        learning_rate: Adam's rate at the first step; it falls by a cosine to a fiftieth.
        encoder: Whether the encoder is fine-tuned with the decoder. The codes move, so the target
            is encoded again, the prior is fitted again, and the mind trains on for `mind_epochs`.
        mind_epochs: Epochs of `fit` on the new codes, where the encoder is thawed; ignored
            elsewhere.
        labels: As `fit` takes them: for a model with classes, where the encoder is thawed.
        validation_split: Share of the images that is held out, in [0, 1); by default what `fit`
            held out of this target. It must be given for images that `fit` did not see.
        image_size: Size to resize images to first; None refuses images of another size.
        resize: `"area"` or `"lanczos"`.
        fit: `"crop"`, `"pad"` or `"stretch"`, as `m2m.data.load` takes it.
        value_range: The images' values that are black and white, as `m2m.data.load` takes them;
            `"auto"` is for images like those of `fit`.
        codes_dir: The folder that `fit` kept the codes in.
        checkpoint: A folder: codes and training are kept in it as they come, and the same call, of
            the model as it was, goes on from there after an interruption, in another process too.
            On the same machine it ends with the same bits as one that was never interrupted. The
            states of your own callbacks are not in it.
        callbacks: Keras callbacks for the training of the decoder; its logs are `loss` and
            `val_loss`.
        verbose: Keras' progress bars: `"auto"`, 0, 1 or 2.

    Raises:
        ValueError: If one is out of range, or of a wrong kind.
    """

    epochs: int = 3
    batch_size: int = 32
    learning_rate: float = 1e-3
    encoder: bool = False
    mind_epochs: int = 5
    labels: npt.ArrayLike | None = None
    validation_split: float | None = None
    image_size: ImageSize | None = None
    resize: Resize = "area"
    fit: Fit = "crop"
    value_range: ValueRange = "auto"
    codes_dir: StrPath | None = None
    checkpoint: StrPath | None = None
    callbacks: Sequence[keras.callbacks.Callback] | None = None
    verbose: Verbose = "auto"

    def __post_init__(self):
        lengths = ("epochs", "batch_size", "mind_epochs")
        checked = {name: check_whole(name, getattr(self, name)) for name in lengths}
        checked |= {"learning_rate": check_rate(self.learning_rate), "encoder": bool(self.encoder)}
        if self.validation_split is not None:
            checked["validation_split"] = check_share(self.validation_split)
        checked |= check_loading(**self.loading)
        for name, value in checked.items():
            object.__setattr__(self, name, value)  # plain numbers, as files hold them
        for name in ("codes_dir", "checkpoint"):
            folder = getattr(self, name)
            if folder is not None and not isinstance(folder, (str, os.PathLike)):
                raise ValueError(f"{name} must be a folder, or None; got {folder!r}.")
        if not all(isinstance(each, keras.callbacks.Callback) for each in self.callbacks or []):
            raise ValueError(f"callbacks must be a list of Keras callbacks; got {self.callbacks}.")
        check_choice("verbose", self.verbose, ("auto", 0, 1, 2))

    def place(self, name):
        """A folder of that name among what is kept; None where nothing is."""
        return None if self.checkpoint is None else Path(self.checkpoint) / name

    @property
    def loading(self):
        """Keyword arguments of `m2m.data.load`."""
        names = ("image_size", "resize", "fit", "value_range")
        return {name: getattr(self, name) for name in names}


def thaw(model, target, **settings):
    """Fine-tunes the decoder of a trained model on the target, below a frozen decoder's floor.

    The encoder stays as it is, so the target's codes, and what the mind learned of them, stay
    valid: only what a code looks like changes. Loss: mean squared error between an image and what
    the decoder makes of its code. Images that `fit` held out are not trained on; they choose the
    epoch that is kept. The model gets an autoencoder of its own, `model.autoencoder`: other models
    that share the frozen one keep it. Batch normalisation keeps its statistics, scale and shift.

    Args:
        model: A trained `Mind2Mind`.
        target: The images that it was fitted to, as `m2m.data.load` takes them; not codes.
        **settings: Those of `ThawSettings`.

    Returns:
        A `Thawed`.

    Raises:
        ValueError: If the model is not trained, its autoencoder is made of SavedModels, or the
            images do not fit, are codes, or are fewer than a batch.

    Example:

    ```python
    model.fit(target_ds, epochs=30, validation_split=0.1)
    thawed = model.thaw(target_ds)
    print(thawed.before, thawed.after)  # error on held-out images
    images = model.generate(64, seed=0)  # of the thawed decoder
    ```
    """
    began = time.perf_counter()
    check_words("thaw", settings, [field.name for field in dataclasses.fields(ThawSettings)])
    settings = ThawSettings(**settings)
    encoder, batch_size, verbose = settings.encoder, settings.batch_size, settings.verbose
    check_can_thaw(model, encoder)
    checks.check_shared(batch_size, model.replicas)
    _check_target(target, model.autoencoder)
    frozen, labels = model.autoencoder, settings.labels
    if encoder:  # the mind will train on
        target, labels = labels_beside(target, labels, model.classes)
    loading = in_range_of(model, settings.loading)
    images = data.load(target, image_shape=frozen.image_shape, **loading)
    kept = from_target(labels, model.classes) if encoder else {}
    codes_dir = settings.codes_dir or settings.place("codes")
    store = encode_once(frozen, images, codes_dir, verbose=verbose, known=model._encoded, **kept)
    _check_order(frozen, images, store)
    share = held_out_share(model, store.fingerprint, settings.validation_split)
    held_out = held_out_rows(store.count, share)
    count = int(np.sum(~held_out))
    checks.check_count(count, store.count, batch_size, method="thaw")

    codes = None if encoder else store.codes
    pairs = _pairs(images, ~held_out, codes)
    judged = (_pairs(images, held_out, codes) if share else pairs).batch(frozen.default_batch_size)
    run = {"images": store.fingerprint, "validation_split": share, "seed": model.seed}
    trained, after = _train(model, pairs, count, judged, bool(share), settings, run)
    parts = trained.network.layers if encoder else [frozen.encoder, *trained.network.layers]
    replace_autoencoder(model, _thawed_autoencoder(frozen, *parts, images))
    if encoder:
        _go_on(model, images, labels, share, settings)
    return Thawed(
        before=trained.before,
        after=after,
        measured_on="held-out images" if share else "training images",
        images=count,
        held_out_images=store.count - count,
        best_epoch=trained.best_epoch if share else trained.epoch,
        seconds=time.perf_counter() - began,
        history=trained.history,
    )


def _train(model, pairs, count, judged, choose, settings, run):
    """Trains what thaws; returns its `EpochCheckpoints`, and the error of the weights it has then.

    Args:
        model: The `Mind2Mind`, which stays as it is.
        pairs: A `tf.data.Dataset` of `count` pairs `(input, image)`.
        judged: Batches of pairs that the error is measured on.
        choose: Whether it chooses the epoch to keep; else the last one is kept.
        settings: The `ThawSettings`.
        run: What tells this training from others, but for its settings.
    """
    batch_size, steps = settings.batch_size, count // settings.batch_size
    network = _new_network(model, settings, settings.epochs * steps)
    judge = _Judge(network, judged)
    named = ("epochs", "batch_size", "learning_rate", "encoder")
    run |= {name: getattr(settings, name) for name in named}
    run["decoder"] = _fingerprint_of(model.autoencoder.decoder)
    folder = settings.checkpoint and CheckpointFolder(settings.place("thawing"))
    kept = EpochCheckpoints(folder, network, run)
    if found := folder and folder.newest():
        kept.take_up(found)
        if settings.verbose:
            print(f"Going on after epoch {kept.epoch} of {settings.epochs}", flush=True)
    else:
        before = judge.error()
        kept.begin(before, to_beat=before)
    shape = model.autoencoder.image_shape
    network.fit(
        _batches(pairs, count, shape, batch_size, model.seed, kept.epoch),
        epochs=settings.epochs,
        initial_epoch=kept.epoch,
        steps_per_epoch=steps,
        callbacks=[*([judge] if choose else []), kept, *(settings.callbacks or [])],
        shuffle=False,
        verbose=settings.verbose,
    )
    if choose:
        kept.restore_best()
    after = kept.best_loss if choose else judge.error()
    return kept, _checked_error(after, settings.learning_rate)


class _Judge(keras.callbacks.Callback):
    """Puts the error on images that are not trained on into the logs, as `val_loss`.

    It goes first among the callbacks: others then find it there.

    Args:
        network: The `keras.Model` in training.
        judged: A `tf.data.Dataset` of batches of `(input, image)`.
    """

    def __init__(self, network, judged):
        super().__init__()
        self._judged = judged
        self._reconstruct = tf.function(lambda inputs: network(inputs, training=False))

    def on_epoch_end(self, epoch, logs=None):
        logs["val_loss"] = self.error()

    def error(self):
        """The mean squared error a pixel value."""
        total, count = 0.0, 0
        for inputs, images in self._judged:
            errors = (self._reconstruct(inputs) - images).numpy().astype("float64")
            total, count = total + np.sum(errors**2), count + errors.size
        return float(total / count)


class _Network(FreedStep, keras.Sequential):
    """What trains, and is let go after."""


def _new_network(model, settings, steps):
    """What trains, compiled: copies of the decoder, or of the encoder and the decoder."""
    autoencoder = model.autoencoder
    blocks = [autoencoder.decoder]
    if settings.encoder:
        blocks = [autoencoder.encoder, *blocks]
    with model.distribute_strategy.scope():
        shape = blocks[0].input_shape[1:]
        network = _Network([keras.Input(shape), *map(_copy, blocks)], name="thaw")
        rate = keras.optimizers.schedules.CosineDecay(settings.learning_rate, steps, LAST_RATE)
        network.compile(
            keras.optimizers.Adam(rate),
            loss="mse",
            jit_compile=model.jit_compile,
            run_eagerly=model.run_eagerly,
        )
        network.optimizer.build(network.trainable_variables)
    return network


def _copy(block):
    """A copy of a block in which all but batch normalisation trains."""
    copy = copy_network(block, block.name)
    copy.trainable = True
    for layer in layers_below(copy):
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.trainable = False  # Keras then uses its statistics and leaves them alone
    return copy


def _pairs(images, chosen, codes):
    """`(code, image)` of the chosen images one by one, or `(image, image)` without codes."""
    rows = tf.data.Dataset.range(len(chosen))
    pairs = tf.data.Dataset.zip(rows, images.dataset).filter(lambda row, _: tf.gather(chosen, row))
    if len(chosen) * 4 * math.prod(images.image_shape) <= IN_MEMORY:
        pairs = pairs.cache()
    if codes is None:
        return pairs.map(lambda _, image: (image, image))

    code_shape = codes.shape[1:]
    read_code = weak_reader(codes, lambda held, number: held[number])

    def read(row, image):
        code = tf.numpy_function(read_code, [row], tf.float32)
        return tf.ensure_shape(code, code_shape), image

    return keep_alive(pairs.map(read), codes)


def _batches(pairs, count, image_shape, batch_size, seed, first_epoch=0):
    """Shuffled batches, all of one size, epoch after epoch without end.

    The order follows from the seed and the epoch's number. Many images are shuffled part by part.
    """
    most = SHUFFLED // (4 * math.prod(image_shape))
    part = min(count, max(batch_size, most))

    def shuffled(epoch, number, inputs, images):
        rows = tf.range(tf.shape(images)[0])
        place = epoch * count + number
        order = tf.random.experimental.stateless_shuffle(rows, [seed, place], "philox")
        return tf.gather(inputs, order), tf.gather(images, order)

    def one_epoch(epoch):
        parts = pairs.batch(part).enumerate()
        return parts.map(lambda number, pair: shuffled(epoch, number, *pair)).rebatch(
            batch_size, drop_remainder=True
        )

    batches = tf.data.Dataset.counter(first_epoch).flat_map(one_epoch)
    return keep_alive(batches, pairs).prefetch(4)


def _fingerprint_of(network):
    """What names a network's weights: the first half of their sha256."""
    digest = hashlib.sha256()
    for weight in network.get_weights():
        digest.update(np.ascontiguousarray(weight).tobytes())
    return digest.hexdigest()[:32]


def _thawed_autoencoder(frozen, encoder, decoder, images):
    name = frozen.name.removesuffix(SUFFIX) + SUFFIX
    autoencoder = Autoencoder(encoder, decoder, name=name, value_range=(-1, 1))
    kept = {key: frozen.card[key] for key in ("data", "licence") if key in frozen.card}
    autoencoder.card = {**kept, "thawed_from": frozen.name, "thawed_on": images.name}
    return autoencoder


def replace_autoencoder(model, autoencoder):
    """Gives the model another autoencoder, and forgets what was compiled with the first one."""
    replace_layer(model, "autoencoder", autoencoder)
    images_of = type(model)._images_of.python_function.__get__(model)
    model._images_of = tf.function(images_of, reduce_retracing=True)
    model.predict_function = None


def _go_on(model, images, labels, share, settings):
    """Encodes the target with the new encoder, fits the prior to its codes; the mind trains on."""
    kept, verbose = from_target(labels, model.classes), settings.verbose
    store = encode_once(model.autoencoder, images, settings.place("codes"), verbose=verbose, **kept)
    store = label_codes(store, labels, model.classes)
    codes = store.split(share)[0]
    if isinstance(model.statistics, CodeStatistics):  # others would turn the axes under the mind
        model.statistics.adapt(codes.codes)
    model.latent_law.adapt(codes, model.statistics.standardise, model.seed)
    most = codes.count - codes.count % model.replicas
    model.fit(
        store,
        epochs=settings.mind_epochs,
        batch_size=min(MIND_BATCH, most),
        validation_split=share,
        checkpoint=settings.place("mind"),
        verbose=verbose,
    )


def held_out_share(model, fingerprint, validation_split=None):
    """The share of a target that is held out: the one given, or what `fit` held out of it.

    Args:
        model: A `Mind2Mind`.
        fingerprint: That of the target's codes, see `m2m_tf.codes.codes_fingerprint`.
        validation_split: The share, or None.

    Raises:
        ValueError: If none is given and `fit` took other images.
    """
    if validation_split is not None:
        return validation_split
    if model.trained_on["fingerprint"] == fingerprint:
        return model.trained_on["validation_split"]
    raise ValueError(
        "Mind2Mind.thaw expects the images that model.fit was given, of which it knows those that "
        "were held out; these are others, or the model was fitted to an array of codes. Give those "
        "images, or say which share of these to hold out: thaw(target, validation_split=0.1)."
    )


def check_can_thaw(model, encoder):
    """Refuses a model that is not trained, is trained by several workers, or is a SavedModel."""
    if not model.is_trained:
        raise ValueError(
            "Mind2Mind.thaw expects a trained model, as it comes after the mind: call "
            "model.fit(target) first."
        )
    if model.workers.are_many:
        raise ValueError(
            "Mind2Mind.thaw is for one process: let the chief save the model, load it and thaw it "
            "there."
        )
    autoencoder = model.autoencoder
    for name, trains in (("decoder", True), ("encoder", encoder)):
        block = getattr(autoencoder, name)
        if trains and saved_model.is_used_in(block):
            raise ValueError(
                f"The {name} of '{autoencoder.name}' is a SavedModel, which stays frozen: it has "
                "no weights that Keras can train. Thaw a model whose autoencoder is made of Keras "
                "layers."
            )


def _checked_error(error, learning_rate):
    if not math.isfinite(error):
        raise ValueError(
            f"The decoder's training diverged at learning_rate={learning_rate}; the model is as it "
            "was. Give a smaller one."
        )
    return error


def _check_target(target, autoencoder):
    if isinstance(target, CodeStore) or is_codes(target, autoencoder):
        raise ValueError(
            "Mind2Mind.thaw expects images, since a decoder learns from the images behind the "
            "codes; got codes. Give the images that they were made of."
        )


def _check_order(autoencoder, images, store):
    """Refuses images that come in another order now than when they were encoded."""
    check_same_order(images, store.fingerprints, "Mind2Mind.thaw pairs each image with its code")
    codes = store.codes
    first = next(iter(images.batches(ORDER_CHECKED)))
    again, known = autoencoder.encode_batch(first).numpy(), codes[: len(first)]
    if not np.allclose(again, known, atol=1e-2 * np.abs(known).max()):
        raise ValueError(
            f"Mind2Mind.thaw pairs each image with its code, by their order; the images of "
            f"'{images.name}' come in another order than when they were encoded. Give them in one "
            "order: without shuffle, or shuffled once, shuffle(..., "
            "reshuffle_each_iteration=False)."
        )
