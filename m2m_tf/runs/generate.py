"""New images of a model, as files: a grid, an animation or a folder."""

import math
import os
from pathlib import Path

from tqdm import tqdm

from m2m_tf.checks import check_short_seed, check_whole
from m2m_tf.evaluation.checks import SEED_BITS
from m2m_tf.files.npz_file import free_memory
from m2m_tf.minds import Mind2Mind
from m2m_tf.minds.checks import check_truncation
from m2m_tf.pictures import save_folder, save_grid, save_interpolation, walk
from m2m_tf.pictures.interpolation import keys_for
from m2m_tf.runs.labels import EACH, labels_to_make, rows_of_classes
from m2m_tf.runs.output import check_file, check_folder, new_file, new_folder, paths_among

TIMES = 4  # as much memory as the result takes while it is made


def generate(
    model,
    out,
    num=64,
    seed=None,
    interpolate=False,
    label=None,
    truncation=1.0,
    overwrite=False,
):
    """Makes new images and writes them as the name of `out` says.

    Args:
        model: A trained `Mind2Mind`, or the folder of one.
        out: A `.png` file, a grid of all images; a `.gif` or `.webp` file, an animated walk; or a
            folder, which may end in `/`, of one numbered PNG file an image.
        num: Images to make, or frames of the walk.
        seed: The same seed gives the same images; None draws one.
        interpolate: Whether to walk between latents instead of drawing each.
        label: For a model with classes the class to make, its name or number, or `"each"`, one row
            a class; None draws each class as often as it occurs in the target.
        truncation: In [0, 1]; below 1 images are more typical and less diverse.
        overwrite: Whether what `out` holds may be replaced.

    Returns:
        How many images were written.

    Raises:
        ValueError: If an argument is out of range, the model has no such class, or `out` cannot or
            must not be written.
    """
    check_whole("num", num)
    if seed is not None:
        check_short_seed(seed, SEED_BITS)
    check_truncation(truncation)
    suffix = _suffix_of(out)
    _check_kind(out, suffix, interpolate, label)
    inputs = paths_among(model)
    if suffix:
        check_file(out, overwrite)
    else:
        check_folder(out, overwrite, inputs)
    model = model if isinstance(model, Mind2Mind) else Mind2Mind.load(model)
    _check_memory(model, num, suffix)
    labels = labels_to_make(model, num, label, seed, interpolate)
    latents = _draw_latents(model, num, seed, interpolate, labels, truncation)
    if suffix:
        columns = rows_of_classes(model, num)[1] if label == EACH else None
        with new_file(out, overwrite):
            _write_file(out, model, latents, labels, columns)
    else:
        with new_folder(out, overwrite, inputs) as folder:
            _write_folder(folder, model, latents, labels)
    return len(latents)


def _suffix_of(out):
    """What kind of file `out` is, in lower case; "" for a folder."""
    is_folder = os.fspath(out).endswith("/") or Path(out).is_dir()
    return "" if is_folder else Path(out).suffix.lower()


def _check_kind(out, suffix, interpolate, label):
    """Refuses an output that cannot be."""
    if suffix not in ("", ".png", ".gif", ".webp"):
        raise ValueError(
            f"The output is a .png, .gif or .webp file, or a folder; got '{out}'. Let a folder with"
            " a dot in its name end in /."
        )
    if suffix in (".gif", ".webp") and not interpolate:
        raise ValueError(
            f"'{out}' would be an animation, which needs interpolate=True (--interpolate). Pass it,"
            " or give a .png file or a folder."
        )
    if interpolate and label == EACH:
        raise ValueError(f"A walk stays in one class; got label={EACH!r}. Name the class.")


def _check_memory(model, num, suffix):
    """Refuses more images than there is memory for: of a folder their latents, else all of them."""
    values = model.latent_dim + (math.prod(model.autoencoder.image_shape) if suffix else 0)
    most = free_memory() / (TIMES * 4 * values)
    if num > most:
        raise ValueError(
            f"{num:,} images are more than there is memory for, some {most:,.0f}. Give a smaller"
            f" num (--num){', or a folder, which takes more' if suffix else ''}; another seed makes"
            " others."
        )


def _draw_latents(model, num, seed, interpolate, labels, truncation):
    """The latents of images of these labels: drawn one by one, or points of a walk."""
    if not interpolate:
        count = num if labels is None else len(labels)
        return model.sample_latent(count, seed, labels, truncation)
    label = None if labels is None else labels[0]
    return walk(model.sample_latent(keys_for(num), seed, label, truncation), num)


def _write_file(out, model, latents, labels, columns):
    """Writes a grid with a row a class, where columns are given; else as the suffix says."""
    images = model.generate_from(latents, label=labels)
    if columns is None:
        save_interpolation(out, images)
    else:
        save_grid(out, images, columns)


def _write_folder(folder, model, latents, labels):
    """Writes one PNG an image; memory does not grow with their number."""
    batch_size = model.autoencoder.default_batch_size
    for start in tqdm(range(0, len(latents), batch_size), unit="batch", disable=None):
        rows = slice(start, start + batch_size)
        label = None if labels is None else labels[rows]
        save_folder(folder, model.generate_from(latents[rows], label=label), start)
