"""The pictures that transfer and thaw leave: a grid of samples, and targets beside them."""

import time

from m2m_tf import data, pictures
from m2m_tf.pictures.pixels import scale_to_show
from m2m_tf.progress import show_progress
from m2m_tf.runs.labels import rows_of_classes

SHOWN, COMPARED = 64, 10


def draw(folder, model, images, seed, verbose=0):
    """Draws samples.png and comparison.png.

    Args:
        folder: Where they go, a `Path`.
        model: A trained `Mind2Mind`.
        images: The target, `m2m.data.Images`.
        seed: Seed of the generated images.
        verbose: Whether to say what is done.

    Returns:
        The seconds that generating took.
    """
    show_progress(verbose, f"Generating {SHOWN} images")
    began = time.perf_counter()
    generated = draw_samples(folder / "samples.png", model, seed)
    seconds = time.perf_counter() - began
    targets = images.numpy(COMPARED)
    autoencoder = model.autoencoder
    reconstructions = autoencoder.decode(autoencoder.encode(data.scaled(targets)))
    compared = model.generate(COMPARED, seed) if model.classes else generated
    pictures.save_comparison(
        folder / "comparison.png", targets, reconstructions, compared[: len(targets)]
    )
    return seconds


def draw_samples(path, model, seed):
    """Draws a grid of generated images, one row a class; returns the images."""
    shown, columns = rows_of_classes(model, SHOWN) if model.classes else (None, None)
    generated = model.generate(SHOWN if shown is None else len(shown), seed, label=shown)
    scale = scale_to_show(generated.shape[1:3], 56)  # so that small ones can be read
    pictures.save_grid(path, generated, columns, scale=scale)
    return generated
