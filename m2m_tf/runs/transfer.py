"""A whole transfer: from an autoencoder and a target to a folder with a model and its pictures."""

import contextlib
import dataclasses
import datetime
import inspect
import os
import shutil
import sys
import time
from pathlib import Path
from typing import Any, Literal

import keras
import tensorflow as tf

from m2m_tf import data
from m2m_tf.autoencoders import Autoencoder
from m2m_tf.callbacks import StopAfter, StopEarly
from m2m_tf.checks import check_choice, check_short_seed, check_whole
from m2m_tf.codes import check_share, encode_once
from m2m_tf.data.hints import ImageSource
from m2m_tf.data.options import check_loading
from m2m_tf.errors import did_you_mean
from m2m_tf.evaluation import evaluate
from m2m_tf.evaluation.checks import SEED_BITS
from m2m_tf.hints import Fit, ImageSize, Resize, StrPath, Verbose
from m2m_tf.minds import Mind2Mind
from m2m_tf.minds.classes import classes_of
from m2m_tf.minds.local_copy import local_copy
from m2m_tf.minds.losses import get_loss
from m2m_tf.minds.training import ON_NONFINITE
from m2m_tf.progress import never_silent, show_progress
from m2m_tf.runs.choose import choose_autoencoder, name_of, plan_loading
from m2m_tf.runs.defaults import AUTOENCODER, BATCH_SIZE, EPOCHS, OWN, VALIDATION_SPLIT
from m2m_tf.runs.metrics_file import figures_of, write_metrics
from m2m_tf.runs.output import check_folder, paths_among
from m2m_tf.runs.own import FOLDER
from m2m_tf.runs.pictures import draw
from m2m_tf.runs.renewed_samples import RenewedSamples
from m2m_tf.runs.training_line import TrainingLine
from m2m_tf.runs.unfinished import LOOKED_AT, RESULT, unfinished, unfinished_of
from m2m_tf.workers import wait_for_all, workers_of

FEW = 2000  # docs/few_images.md
MOST_EPOCHS = 1_000_000  # where minutes are the limit
LOSSES = "losses"
PRIORS = ("mixture", "uniform", "normal")  # shared_mixture is for models saved before
SPENT = "spent.json"  # the seconds of training, where minutes are the limit
WRITTEN = ("samples.png", "comparison.png", "model", "metrics.json")
OF_OWN = (FOLDER, "report.html", "report.json")  # where the autoencoder is the run's own


@dataclasses.dataclass(frozen=True)
class Transferred:
    """What `m2m.transfer` made.

    Attributes:
        model: The fitted `Mind2Mind`.
        images: The target, `m2m.data.Images`.
        metrics: What `metrics.json` holds, a dict.
        paths: `{name: Path}` of what was written: `"samples.png"`, `"comparison.png"`, `"model"`,
            `"metrics.json"`; with an autoencoder of its own `"autoencoder"`, if the error fell,
            `"report.html"` and `"report.json"`.
    """

    model: Mind2Mind
    images: data.Images
    metrics: dict[str, Any]
    paths: dict[str, Path]


def transfer(
    target: ImageSource,
    out: StrPath,
    autoencoder: Autoencoder | StrPath = AUTOENCODER,
    image_size: ImageSize | None = None,
    resize: Resize = "area",
    fit: Fit = "crop",
    conditional: bool = False,
    prior: Literal["mixture", "uniform", "normal"] = "mixture",
    loss: Literal["wasserstein", "relativistic", "hinge", "flow"] | None = None,
    axes: int | None = None,
    epochs: int | datetime.timedelta = EPOCHS,
    batch_size: int = BATCH_SIZE,
    validation_split: float = VALIDATION_SPLIT,
    seed: int = 0,
    codes_dir: StrPath | None = None,
    on_nonfinite: Literal["stop", "rollback"] = "stop",
    strategy: tf.distribute.Strategy | None = None,
    overwrite: bool = False,
    verbose: Verbose | Literal["losses"] = "auto",
    **loading: Any,
) -> Transferred | None:
    """Turns an autoencoder into a generator of a target's images, and writes all that it leaves.

    What `m2m transfer` does: the target is encoded once, a mind is trained on the codes, images
    are generated. `out` then holds `model/`, `samples.png` (a grid of generated images),
    `comparison.png` (targets, their reconstructions, generated images) and `metrics.json` (times,
    losses, sizes, versions, skipped files). Until the run ends, codes and checkpoints lie beside
    it, in `.NAME.unfinished`: the same call goes on from there, and ends on the same machine with
    the weights that an undisturbed run ends with; `samples.png` is drawn anew there meanwhile.
    `Mind2Mind` has more choices, and writes nothing.

    Args:
        target: The images, as `m2m.data.load` takes them. In a file only a path or a name can be
            repeated; for images in memory `metrics.json` holds None.
        out: The folder to make.
        autoencoder: A preset's name, a folder, a handle such as `"hf://madebyollin/taef1"`, an
            `Autoencoder`; `"auto"`: the preset that promises most for the target; or `"own"`: the
            universal one, trained on with the target's images for about five minutes, for targets
            that no other fits. Then `out` also holds `autoencoder/` and an evaluation's report.
        image_size: Size in pixels to resize images to first, `size` or `(height, width)`; None
            takes files at the size that `m2m.look` finds best for them, where the autoencoder takes
            any, and else refuses images of another size than the autoencoder's.
        resize, fit: As `m2m.data.load` takes them.
        conditional: Whether the mind learns the target's classes, which the target must bring, as
            `m2m.data.load_labels` finds them.
        prior: The law of the latent: `"mixture"`, `"uniform"` or `"normal"`.
        loss: `"wasserstein"`, `"relativistic"`, `"hinge"` or `"flow"`; None as `Mind2Mind` has it.
        axes: How many principal axes of the codes the mind sees; None leaves it to `Mind2Mind`.
        epochs: Passes over the codes; or a `datetime.timedelta`, as many as fit into that time.
        batch_size: Codes a critic update, over all replicas.
        validation_split: Share of the images, in [0, 1), that is never trained on, for
            `m2m.evaluate`.
        seed: Seed of all that is drawn, from 0 to below 2^31. Keras', NumPy's and Python's own
            generators are set to it.
        codes_dir: A folder to keep the codes in, for other runs.
        on_nonfinite: What is done about a loss or gradient that is NaN or infinite: `"stop"`, or
            `"rollback"` to the last checkpoint with half the learning rates, three times at most.
        strategy: A `tf.distribute.Strategy` to train on; None is one device. Several workers make
            the same call each; the chief writes.
        overwrite: Whether `out` may be replaced, once the new one is whole, and an unfinished run
            with other settings dropped.
        verbose: `"auto"`, 1 or 2: a line a step, and in training what is done, the time left and
            how near codes are to held-out ones; `"losses"`: Keras' bars there; 0 is silent.
        **loading: `value_range`, as `m2m.data.load` takes it.

    Returns:
        A `Transferred`: model, images, metrics and paths; None in a worker that is not the chief.

    Raises:
        ValueError: If an argument is out of range, the images do not fit, `out` holds something,
            or an unfinished run has other settings.
        NonFinite: If a loss or gradient is NaN or infinite.

    Example:

    ```python
    run = m2m.transfer("demo:digits", "runs/digits", autoencoder="fashion_mnist_28", epochs=30)
    images = run.model.generate(64, seed=0)  # (64, 28, 28, 1) in [-1, 1]
    ```
    """
    _check_words(loading)
    loading = check_loading(image_size, resize, fit, **loading)
    mind = _checked_mind(prior, loss, seed, axes)
    epochs, minutes = _limits(epochs)
    training = _checked_training(epochs, batch_size, validation_split, on_nonfinite)
    check_folder(out, overwrite, paths_among(autoencoder, target, codes_dir))
    loading = plan_loading(target, autoencoder, loading, verbose)
    fitting = _Fitting(
        target=target,
        autoencoder=autoencoder,
        loading=loading,
        conditional=bool(conditional),
        codes_dir=codes_dir,
        mind=mind,
        training=training,
        minutes=minutes,
        strategy=strategy,
        verbose=_bars(verbose),
        losses=verbose == LOSSES,
    )
    if not workers_of(strategy).is_chief:
        wait_for_all(strategy)  # for the chief's folder
        fitting.run(unfinished_of(out))
        wait_for_all(strategy)  # for what the chief writes
        return None
    settings = {
        **fitting.choices,
        "seed": mind["seed"],
        "codes_dir": codes_dir and os.fspath(codes_dir),
    }
    with unfinished(out, settings, overwrite) as working:
        wait_for_all(strategy)
        made = fitting.write(working)
    wait_for_all(strategy)
    return Transferred(*made, _written(out))


@dataclasses.dataclass(frozen=True)
class _Fitting:
    """Loading, encoding and training: the arguments of `transfer`, checked.

    Attributes:
        loading: Keyword arguments of `m2m.data.load`.
        mind: Keyword arguments of `Mind2Mind`.
        training: Keyword arguments of `Mind2Mind.fit`.
        minutes: What limits its epochs, or None.
        losses: Whether Keras' bars of losses are shown in training.
    """

    target: ImageSource
    autoencoder: Autoencoder | StrPath
    loading: dict[str, Any]
    conditional: bool
    codes_dir: StrPath | None
    mind: dict[str, Any]
    training: dict[str, Any]
    minutes: float | None
    strategy: tf.distribute.Strategy | None
    verbose: Verbose
    losses: bool

    def __post_init__(self):
        _check_strategy(self.strategy)
        _check_is_alone(self.autoencoder, self.strategy)

    @property
    def choices(self):
        """What a file says of the arguments; not the seed, which it says apart."""
        path = isinstance(self.target, (str, os.PathLike))
        chosen = {name: value for name, value in self.mind.items() if name != "seed"}
        limited = {} if self.minutes is None else {"epochs": None, "minutes": self.minutes}
        return {
            "autoencoder": name_of(self.autoencoder),
            "target": os.fspath(self.target) if path else None,
            "conditional": self.conditional,
            **self.loading,
            **chosen,
            **self.training,
            **limited,
        }

    def run(self, working):
        """Returns the `Chosen`, model, target, history, and the seconds of each step."""
        seed, verbose = self.mind["seed"], self.verbose
        share = self.training["validation_split"]
        chosen = choose_autoencoder(
            self.autoencoder, self.target, working, share, seed, verbose, **self.loading
        )
        autoencoder = chosen.autoencoder
        images = data.load(self.target, autoencoder.image_shape, **self.loading)
        if self.conditional:
            _check_classes(images)
        codes = self._encode(autoencoder, images, self.codes_dir or working / "codes")
        length = f"{self.training['epochs']} epochs"
        length = length if self.minutes is None else f"{self.minutes:g} minutes"
        show_progress(verbose, f"Fitting the mind to {codes.count:,} codes, {length}")
        keras.utils.set_random_seed(seed)  # the networks' first weights
        with contextlib.nullcontext() if self.strategy is None else self.strategy.scope():
            classes = classes_of(codes.labels) if self.conditional else None
            model = Mind2Mind(autoencoder, classes=classes, **self.mind)
            model.compile()
        began = time.perf_counter()
        callbacks = self._callbacks(model, working)
        tells = self.verbose and not self.losses
        with never_silent(tells, "training"):  # the first step is compiled, for long
            history = model.fit(
                codes, checkpoint=working, callbacks=callbacks, verbose=verbose, **self.training
            )
        seconds = {"encode": codes.seconds, "train": time.perf_counter() - began}
        return chosen, model, images, history, seconds

    def _callbacks(self, model, working):
        """What limits the training, and what a person sees of it."""
        limit = None if self.minutes is None else StopAfter(self.minutes, working / SPENT)
        found = [StopEarly(verbose=int(bool(self.verbose))), *([limit] if limit else [])]
        if self.verbose and not self.losses:
            found.append(TrainingLine(limit))
        if not model.workers.are_many:
            found.append(RenewedSamples(working / "samples.png", self.mind["seed"]))
        return found

    def write(self, working):
        """Writes what `run` made; returns the model, the target, and what metrics.json holds."""
        chosen, model, images, history, seconds = self.run(working)
        model = local_copy(model) if model.workers.are_many else model
        folder, seed = working / RESULT, self.mind["seed"]
        seconds["generate"] = draw(folder, model, images, seed, self.verbose)
        model.save(folder / "model")
        figures = figures_of(model, self.choices, seed, history, seconds)
        metrics = {**figures, "autoencoder": chosen.facts}
        write_metrics(folder / "metrics.json", metrics)
        images.notes.extend(chosen.notes)
        if self.autoencoder == OWN:
            self._finish_own(folder, chosen, model, images)
        return model, images, metrics

    def _finish_own(self, folder, chosen, model, images):
        """Evaluates the model, and keeps its autoencoder beside it."""
        show_progress(self.verbose, "Evaluating the model")
        evaluating = 0 if self.verbose == 0 else 1 if self.verbose == "auto" else self.verbose
        settings = {"seed": self.mind["seed"], "checkpoint": folder.parent / LOOKED_AT}
        result = evaluate(model, images, verbose=evaluating, **settings)
        result.save(folder)
        if chosen.folder:  # a copy: a run that is killed here goes on with the first
            shutil.copytree(chosen.folder, folder / FOLDER)
        show_progress(self.verbose, str(result))

    def _encode(self, autoencoder, images, codes_dir):
        count = "the images" if images.count is None else f"{images.count:,} images"
        show_progress(self.verbose, f"Encoding {count} of {images.name}")
        codes = encode_once(
            autoencoder,
            images,
            codes_dir,
            verbose=self.verbose,
            labelled=self.conditional,
            strategy=self.strategy,
        )
        if codes.count < FEW:
            few = f"Note: {codes.count:,} images are few; m2m evaluate looks for copies of them"
            show_progress(self.verbose, few)
        return codes


def _written(out):
    """The paths of what was written, by name."""
    return {name: Path(out, name) for name in (*WRITTEN, *OF_OWN) if Path(out, name).exists()}


def _check_classes(images):
    """Refuses labels that are no classes, where they are known before the images are read."""
    known = images.known_labels()
    if known is not None:
        classes_of(known)


def _check_words(given):
    for name in given:
        if name != "value_range":
            near = did_you_mean(name, inspect.signature(transfer).parameters)
            raise TypeError(f"transfer has no argument {name!r}.{near}")


def _checked_mind(prior, loss, seed, axes):
    """Keyword arguments of `Mind2Mind`, checked."""
    if loss is not None:
        get_loss(loss)
    return {
        "prior": check_choice("prior", prior, PRIORS),
        "loss": loss,
        "seed": check_short_seed(seed, SEED_BITS),
        "axes": None if axes is None else check_whole("axes", axes),
    }


def _bars(verbose):
    """Keras' `verbose`."""
    return (1 if sys.stdout.isatty() else 2) if verbose == LOSSES else verbose


def _limits(epochs):
    """The number of epochs, and the minutes that they may take, or None."""
    if not isinstance(epochs, datetime.timedelta):
        return epochs, None
    minutes = epochs.total_seconds() / 60
    if minutes <= 0:
        raise ValueError(f"epochs, as a time, must be above 0; got {epochs}.")
    return MOST_EPOCHS, minutes


def _checked_training(epochs, batch_size, validation_split, on_nonfinite):
    """Keyword arguments of `Mind2Mind.fit`, checked."""
    return {
        "epochs": check_whole("epochs", epochs),
        "batch_size": check_whole("batch_size", batch_size),
        "validation_split": check_share(validation_split),
        "on_nonfinite": check_choice("on_nonfinite", on_nonfinite, ON_NONFINITE),
    }


def _check_strategy(strategy):
    if strategy is not None and not isinstance(strategy, tf.distribute.Strategy):
        raise ValueError(
            f"strategy must be a tf.distribute.Strategy, or None for one device; got {strategy!r}. "
            "For all GPUs of this machine give tf.distribute.MirroredStrategy()."
        )


def _check_is_alone(autoencoder, strategy):
    """Refuses several workers where an autoencoder of the run's own is to be trained."""
    if autoencoder == OWN and workers_of(strategy).are_many:
        raise ValueError(
            f'autoencoder="{OWN}" trains in one process; got several workers. Train it first, '
            "m2m pretrain --init universal, and give them its folder."
        )
