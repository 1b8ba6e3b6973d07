"""What a run's autoencoder is named by: a preset, a folder, a handle, the best preset, its own."""

import dataclasses
import os
from pathlib import Path
from typing import Any

from m2m_tf import data
from m2m_tf.autoencoders import Autoencoder, resolve
from m2m_tf.autoencoders.pairs.tiny_hub import is_handle
from m2m_tf.autoencoders.resolve import check_names_one
from m2m_tf.data.passes import count_of
from m2m_tf.data.paths import image_files
from m2m_tf.evaluation.rank import best_preset
from m2m_tf.evaluation.verdict import judge_target
from m2m_tf.files.kept_work import KeptWork
from m2m_tf.progress import never_silent, show_progress
from m2m_tf.runs.defaults import AUTO, OWN
from m2m_tf.runs.own import FOLDER, how_to_mend, pretrain_own
from m2m_tf.runs.unfinished import LOOKED_AT

LOOKED_AT_MOST = 2000  # images of the target; more change the ranking little


def load_autoencoder(name, target, **loading):
    """Loads an autoencoder at the size of a target's images.

    Args:
        name: A preset's name, a folder, a handle such as `"hf://madebyollin/taef1"`, or an
            `Autoencoder`. One that takes any size takes the target's images as they come.
        target: The images, as `m2m.data.load` takes them.
        **loading: `image_size`, `resize` and `fit`, for `m2m.data.load`.

    Returns:
        The `Autoencoder`.

    Raises:
        ValueError: If there is none of that name, the folder does not hold one, or the target's
            size is none that it takes.
    """
    if is_handle(name):
        return Autoencoder.from_hub(name, image_shape=data.load(target, **loading).image_shape)
    autoencoder = resolve(name)
    if autoencoder.takes_any_size:
        return autoencoder.at(data.load(target, **loading).image_shape)
    return autoencoder


@dataclasses.dataclass(frozen=True)
class Chosen:
    """The autoencoder of a run, and what was found out while it was chosen.

    Attributes:
        autoencoder: The `Autoencoder`.
        facts: What metrics.json says of it, a dict; `"note"` is for people.
        folder: Where the run's own one lies, a `Path`; else None.
    """

    autoencoder: Autoencoder
    facts: dict[str, Any] | None = None
    folder: Path | None = None

    @property
    def notes(self):
        """What people should read of it beside figures."""
        note = (self.facts or {}).get("note")
        return [note] if note else []


def choose_autoencoder(name, target, working, share=0.0, seed=0, verbose=0, **loading):
    """Loads an autoencoder as `load_autoencoder` does, takes the best preset, or trains one.

    Args:
        name, target, **loading: As `load_autoencoder` takes them; `"auto"` ranks the presets that
            fit, `"own"` trains the universal one on with the target.
        working: A folder in which one that is trained is kept, and what was looked at, a `Path`.
        share: The share of the images that the run holds out.
        seed: Seed of what is drawn.
        verbose: Whether to say what is done.

    Returns:
        A `Chosen`.

    Raises:
        ValueError: As `load_autoencoder`, and if no preset takes the target's images.
    """
    if name == AUTO:
        return _best_preset(target, KeptWork(working / LOOKED_AT), seed, verbose, loading)
    if name == OWN:
        images = data.load(target, **loading)
        own = pretrain_own(images, working / FOLDER, share, seed, verbose)
        return Chosen(own.autoencoder, own.facts, own.folder)
    show_progress(verbose, f"Loading the autoencoder {name_of(name)}")
    return Chosen(load_autoencoder(name, target, **loading))


def _best_preset(target, kept_work, seed, verbose, loading):
    """The preset that promises most, and whether it suits the target, as `assess` judges it."""
    images = data.load(target, **loading)
    with never_silent(verbose, "looking at autoencoders"):
        settings = {"num_images": LOOKED_AT_MOST, "seed": seed, "verbose": verbose}
        ranked = best_preset(images, **settings, kept_work=kept_work)
    for prediction in ranked:
        show_progress(verbose, f"  {prediction.autoencoder.name}: predicted {prediction.predicted}")
    best = ranked[0]
    name = best.autoencoder.name
    show_progress(verbose, f"Taking {name}")
    level, verdict = judge_target(best, best.lost)
    facts = {"name": name, "level": level, "verdict": verdict}
    if level == "poor":
        mend = how_to_mend(target, count_of(images), images.image_shape, loading)
        facts["note"] = (
            f"The best autoencoder there is for these images is poor, {name}: no mind with it is "
            f"expected below FID {best.floor.value:.3g} ({best.floor.extractor}). One that was "
            f"trained on them mends it, in some minutes (--autoencoder {OWN} does it all): {mend}"
        )
        facts["mend"] = mend
        show_progress(verbose, f"Note: {facts['note']}")
    return Chosen(best.autoencoder, facts)


def plan_loading(target, autoencoder, loading, verbose=0):
    """How a target is to be loaded where no size is given: as `m2m.look` finds best.

    Only for files, and for an autoencoder that takes any size; a `fit` of one's own stays.

    Args:
        target, autoencoder: As `load_autoencoder` takes them.
        loading: `image_size`, `resize` and `fit`, checked.
        verbose: 1 says what was found.

    Returns:
        `loading`, with a size where images need one.

    Raises:
        ValueError: If the autoencoder is none, and no name of one.
    """
    check_names_one(autoencoder)
    is_path = isinstance(target, (str, os.PathLike))
    if loading["image_size"] or not is_path or image_files(target) is None:
        return loading
    if not (
        autoencoder in (AUTO, OWN) or is_handle(autoencoder) or resolve(autoencoder).takes_any_size
    ):
        return loading
    found = data.look(target, verbose=int(bool(verbose)))
    show_progress(verbose, str(found))
    if found.is_ready:
        return loading
    fit = found.fit if loading["fit"] == "crop" else loading["fit"]
    return {**loading, "image_size": found.image_size, "fit": fit}


def name_of(autoencoder):
    """What an autoencoder, or what names it, is called in a file."""
    return autoencoder.name if isinstance(autoencoder, Autoencoder) else str(autoencoder)
