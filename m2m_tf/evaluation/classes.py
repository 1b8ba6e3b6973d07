"""The figures of each class, where the target brings labels with its images."""

import dataclasses

import numpy as np

from m2m_tf.data.source_labels import check_labels
from m2m_tf.metrics import measure
from m2m_tf.minds.classes import number_labels

LEAST_IMAGES = 50  # of a class, on either side: figures of fewer tell of the draw, not of the model
METRICS = ("frechet_distance", "kernel_distance")


def measure_classes(model, held_out, generated, seed=0):
    """Compares what a model generates of each class with held-out images of that class.

    Args:
        model: A trained `Mind2Mind`. One without classes has no figures, its autoencoder has.
        held_out: A `Survey` with labels.
        generated: The `Contender` that the model generated with this seed.
        seed: The seed.

    Returns:
        None where the images have no labels, or others than the model's classes. Else a dict:
        `measured`, a dict of class to a dict of `held_out_images`, `floor` (the `Figure` of the
        FID of the reconstructions), `generated_images` and `generated` (a dict of metric to
        `Figure`); the last two None for a model without classes. And `too_few`, a dict of class to
        its held-out images, those of which there are fewer than 50.
    """
    classes = getattr(model, "classes", None)
    found = _numbered(held_out, classes)
    if found is None:
        return None
    names, numbers = found
    labels = model.sample_labels(len(generated.codes), seed) if classes else None
    measured, too_few = {}, {}
    for number, name in enumerate(names):
        reals = numbers == number
        fakes = None if labels is None else labels == number
        counts = [int(side.sum()) for side in (reals, fakes) if side is not None]
        if min(counts) < LEAST_IMAGES:
            too_few[name] = counts[0]
        else:
            measured[name] = _measure(held_out, generated, reals, fakes, seed)
    return {"measured": measured, "too_few": too_few}


def _numbered(held_out, classes):
    """The names of the classes, and the number of that of each held-out image."""
    if held_out is None or held_out.labels is None:
        return None
    try:
        labels = check_labels(held_out.labels, "held-out labels")
        if classes is None:
            names, numbers = np.unique(labels, return_inverse=True)
            return names.astype(str).tolist(), numbers
        names = range(classes) if isinstance(classes, int) else classes
        return list(map(str, names)), number_labels(labels, classes)
    except ValueError:  # one-hot rows, other classes: no reason to refuse all other figures
        return None


def _measure(held_out, generated, reals, fakes, seed):
    features = _chosen(held_out.features, reals)
    floor = measure(features, _chosen(held_out.reconstructed, reals), METRICS[0], seed)
    found = {"held_out_images": int(reals.sum()), "floor": floor[METRICS[0]]}
    if fakes is None:
        return {**found, "generated_images": None, "generated": None}
    figures = measure(features, _chosen(generated.features, fakes), METRICS, seed)
    return {**found, "generated_images": int(fakes.sum()), "generated": figures}


def _chosen(features, chosen):
    return dataclasses.replace(features, values=features.values[chosen])
