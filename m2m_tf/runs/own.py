"""An autoencoder of a target's own: the universal one, trained on with the target's images."""

import dataclasses
import os
import shlex
from pathlib import Path

import numpy as np

from m2m_tf import data
from m2m_tf.autoencoders import Autoencoder, ReconstructionLoss, pretrain
from m2m_tf.autoencoders.pairs.universal import LEAST, SHRINKAGE
from m2m_tf.autoencoders.pretraining.pretrain import TRAINING
from m2m_tf.codes import held_out_rows
from m2m_tf.data.passes import check_same_order, count_of
from m2m_tf.evaluation.survey import choose_rows
from m2m_tf.files.card import CARD, read_card
from m2m_tf.pictures.pixels import to_pixels
from m2m_tf.progress import show_progress
from m2m_tf.runs.defaults import AUTOENCODER

FOLDER = "autoencoder"  # in a run's folder
CROPS = 24_000  # seen in all: about five minutes on 2 cores, after which error falls slowly
MOST_IMAGES = 8_000  # so that there are three passes or more, and a kill costs one of them
MOST_EPOCHS = 30
WINDOW = 64  # pixels a side that a step sees: images of any size then cost the same
HELD_OUT = 0.1  # where the run holds none out
MOST_HELD_OUT = 500
STEP = {"batch_size": 16, "learning_rate": 2e-4}
LOSS = ReconstructionLoss()


def plan_of(count, image_shape):
    """How to train on so many images in a few minutes: keyword arguments of `m2m.pretrain`."""
    sides = tuple(min(WINDOW, side) for side in image_shape[:2])
    epochs = max(1, min(MOST_EPOCHS, round(CROPS / max(1, min(count, MOST_IMAGES)))))
    window = {} if sides == tuple(image_shape[:2]) else {"window": sides}
    return {"epochs": epochs, **window, **STEP}


def how_to_mend(target, count, image_shape, loading):
    """The command that pretrains on a target, to be pasted; for images in memory the call."""
    size = tuple(max(LEAST, SHRINKAGE * round(side / SHRINKAGE)) for side in image_shape[:2])
    plan = plan_of(count, size)
    if not isinstance(target, (str, os.PathLike)):
        settings = "".join(f", {name}={value!r}" for name, value in plan.items())
        return f'm2m.pretrain(images, "autoencoders/mine", init="{AUTOENCODER}"{settings})'
    plan |= {"image_size": size, "fit": loading["fit"]}
    out = Path("autoencoders", Path(os.fspath(target).replace(":", "-")).stem or "mine")
    words = ["m2m", "pretrain", "--init", AUTOENCODER, "--source", os.fspath(target)]
    for name, value in plan.items():
        words += [f"--{name}", _flag_of(value)]
    if isinstance(given := loading.get("value_range"), tuple):
        words.append(f"--value_range={given[0]:g},{given[1]:g}")
    return shlex.join([*words, "--out", str(out)])


def _flag_of(value):
    """A setting as a flag takes it: 64 for a square."""
    if isinstance(value, tuple):
        return "x".join(map(str, value[: len(set(value))]))
    return str(value)


@dataclasses.dataclass(frozen=True)
class Own:
    """An autoencoder of a target's own, and whether it is any better than the universal one.

    Attributes:
        autoencoder: The one to take: its own where the held-out error fell, else the universal.
        folder: Where its own lies, a `Path`; None where the universal one is taken.
        before, after: The held-out mean squared error of the universal one, and of its own.
        held_out: How many images were held out.
        seconds: What training took.
    """

    autoencoder: Autoencoder
    folder: Path | None
    before: float
    after: float
    held_out: int
    seconds: int

    @property
    def facts(self):
        """What metrics.json says of it."""
        return {
            "name": self.autoencoder.name,
            "held_out_mse_before": self.before,
            "held_out_mse": self.after,
            "held_out_images": self.held_out,
            "seconds": self.seconds,
            "note": str(self),
        }

    def __str__(self):
        """What came of it, in a sentence."""
        errors = f"the error of {self.held_out:,} held-out images"
        if self.folder:
            return (
                f"Trained on these images, {errors} fell from {self.before:.4f} to {self.after:.4f}"
            )
        return (
            f"Training on these images did no good: {errors} was {self.before:.4f} and came to "
            f"{self.after:.4f}. Going on with {AUTOENCODER}"
        )


def pretrain_own(images, folder, share, seed=0, verbose=0):
    """Trains the universal autoencoder on with a target's images, some minutes.

    Never with those that the run holds out. Called again, it goes on after its last whole pass.

    Args:
        images: The target, `m2m.data.Images` whose sides are multiples of 8.
        folder: Where it is written, a `Path`.
        share: The share that the run holds out; a tenth where it holds none out.
        seed: Seed of all that is drawn.
        verbose: As Keras takes it.

    Returns:
        An `Own`.

    Raises:
        ValueError: If the universal autoencoder does not take images of that size, or they are
            fewer than a batch.
    """
    universal = Autoencoder.from_preset(AUTOENCODER, image_shape=images.image_shape)
    if not (folder / CARD).is_file() or (folder / TRAINING).is_dir():
        train, held_out = _split(images, share or HELD_OUT, seed)
        plan = plan_of(len(train), images.image_shape)
        show_progress(
            verbose,
            f"Training {AUTOENCODER} on {len(train):,} of these images, {plan['epochs']} epochs",
        )
        pretrain(
            train,
            folder,
            held_out,
            init=AUTOENCODER,
            loss=LOSS,
            seed=seed,
            verbose=verbose,
            name="own",
            data=images.name,
            **plan,
        )
    card = read_card(folder, "autoencoder")
    before, after = card["start_held_out_mse"], card["held_out_mse"]
    fell = after < before
    taken = Autoencoder.load(folder, image_shape=images.image_shape) if fell else universal
    folder = folder if fell else None
    own = Own(taken, folder, before, after, card["held_out_images"], card["seconds"])
    show_progress(verbose, str(own))
    return own


def _split(images, share, seed):
    """The images to train on and those to judge by, as bytes in colour, uint8 arrays."""
    images = data.load(images, channels=3)
    check_same_order(images, None, "The autoencoder and the mind are to leave out the same images")
    unseen = held_out_rows(count_of(images), share)
    train = choose_rows(np.flatnonzero(~unseen), MOST_IMAGES, seed)
    held_out = choose_rows(np.flatnonzero(unseen), MOST_HELD_OUT, seed)
    return tuple(_pixels(images, rows) for rows in (train, held_out))


def _pixels(images, rows):
    """The images of those numbers; past the last one, where files were skipped, there is none."""
    parts, seen = [], 0
    for batch in images.batches(data.default_batch_size(images.image_shape)):
        places = rows[(rows >= seen) & (rows < seen + len(batch))] - seen
        parts.append(to_pixels(batch.numpy()[places]))
        seen += len(batch)
    return np.concatenate(parts)
