"""What a run's autoencoder is named by: a preset, a folder, a handle, or the best preset."""

import os

from m2m_tf import data
from m2m_tf.autoencoders import Autoencoder, resolve
from m2m_tf.autoencoders.pairs.tiny_hub import is_handle
from m2m_tf.data.paths import image_files
from m2m_tf.evaluation.rank import best_preset
from m2m_tf.progress import show_progress
from m2m_tf.runs.defaults import AUTO

LOOKED_AT = 2000  # images of the target; more change the ranking little


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


def choose_autoencoder(name, target, seed=0, verbose=0, **loading):
    """Loads an autoencoder as `load_autoencoder` does; `"auto"` ranks the presets that fit.

    Args:
        name, target, **loading: As `load_autoencoder` takes them.
        seed: Seed of the ranking.
        verbose: Whether to say what is taken.

    Returns:
        The `Autoencoder`.

    Raises:
        ValueError: As `load_autoencoder`, and if no preset takes the target's images.
    """
    if name != AUTO:
        show_progress(verbose, f"Loading the autoencoder {name_of(name)}")
        return load_autoencoder(name, target, **loading)
    ranked = best_preset(data.load(target, **loading), num_images=LOOKED_AT, seed=seed)
    for prediction in ranked:
        show_progress(verbose, f"  {prediction.autoencoder.name}: predicted {prediction.predicted}")
    show_progress(verbose, f"Taking {ranked[0].autoencoder.name}")
    return ranked[0].autoencoder


def plan_loading(target, autoencoder, loading, verbose=0):
    """How a target is to be loaded where no size is given: as `m2m.look` finds best.

    Only for files, and for an autoencoder that takes any size; a `fit` of one's own stays.

    Args:
        target, autoencoder: As `load_autoencoder` takes them.
        loading: `image_size`, `resize` and `fit`, checked.
        verbose: 1 says what was found.

    Returns:
        `loading`, with a size where images need one.
    """
    is_path = isinstance(target, (str, os.PathLike))
    if loading["image_size"] or not is_path or image_files(target) is None:
        return loading
    if not (autoencoder == AUTO or is_handle(autoencoder) or resolve(autoencoder).takes_any_size):
        return loading
    found = data.look(target)
    show_progress(verbose, str(found))
    if found.is_ready:
        return loading
    fit = found.fit if loading["fit"] == "crop" else loading["fit"]
    return {**loading, "image_size": found.image_size, "fit": fit}


def name_of(autoencoder):
    """What an autoencoder, or what names it, is called in a file."""
    return autoencoder.name if isinstance(autoencoder, Autoencoder) else str(autoencoder)
