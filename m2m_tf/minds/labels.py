"""The labels of a class-conditional mind: those it trains on, and those it generates for."""

import dataclasses

import numpy as np

from m2m_tf.data.source_labels import check_labels
from m2m_tf.data.value_range import like
from m2m_tf.minds.classes import number_labels

PAIRED = (
    "Labels that are given beside images are paired with them, unlike those that a tf.data.Dataset "
    "of (image, label) brings"
)


def labels_beside(target, labels, classes):
    """Checks labels that are given beside a target, before it is encoded.

    Args:
        target: What `Mind2Mind.fit` takes, or a pair of it and its labels.
        labels: The labels given, or None.
        classes: What `check_classes` returned.

    Returns:
        The target alone; the numbers of its labels, int32 `(n,)`, or None where the target brings
        them or there are no classes.

    Raises:
        ValueError: If labels are no classes of the model, or it has none.
    """
    if isinstance(target, tuple) and len(target) == 2 and labels is None:
        target, labels = target
    if labels is None:
        return target, None
    if classes is None:
        raise ValueError(
            "Labels came with the target, but the model has no classes. Construct it with "
            "them: Mind2Mind(autoencoder, classes=10), or classes=('cat', 'dog')."
        )
    return target, number_labels(check_labels(labels, "labels"), classes)


def from_target(labels, classes):
    """How `encode_once` is to take the labels: from the target, where none are given beside it.

    Args:
        labels: The numbers of those given, or None.
        classes: What `check_classes` returned.

    Returns:
        The arguments `labelled`, `check` and `paired`, a dictionary.
    """

    def check(found, start):
        number_labels(found, classes, start)

    paired = None if labels is None else PAIRED
    return {"labelled": classes is not None and labels is None, "check": check, "paired": paired}


def in_range_of(model, loading):
    """How images are loaded for a model: where their range cannot be told, it is that of its fit.

    Args:
        model: A `Mind2Mind`, or what generates as one does.
        loading: Keyword arguments of `m2m.data.load`.
    """
    if loading.get("value_range", "auto") != "auto":
        return loading
    return {**loading, "value_range": like(getattr(model, "trained_on", None))}


def label_codes(store, labels, classes):
    """The store with numbers for labels: those given, or those that it brings; or without any."""
    if classes is None:
        return store if store.labels is None else dataclasses.replace(store, labels=None)
    if labels is None:
        labels = number_labels(check_labels(store.labels, "labels"), classes)
    if len(labels) != store.count:
        skipped = f" ({len(store.skipped)} files were skipped)" if store.skipped else ""
        raise ValueError(
            f"Each image has one label, in the same order; got {len(labels):,} labels for "
            f"{store.count:,} images{skipped}. Give as many labels as images."
        )
    return dataclasses.replace(store, labels=labels)


def draw_labels(model, count, seed, label):
    """The numbers of the labels to generate for: those given, or drawn from the target's law.

    Raises:
        ValueError: If a label is no class, their number is another, or the model has no classes.
    """
    if model.classes is None:
        if label is not None:
            raise ValueError(
                f"The model '{model.name}' has no classes; got label={label!r}. Train one that "
                "has: Mind2Mind(autoencoder, classes=10)."
            )
        return None
    if label is None:
        return model.sampler.draw_labels(count, seed).numpy()
    numbers = number_labels(label, model.classes)
    if numbers.shape not in ((), (count,)):
        raise ValueError(
            f"label is one class, or one for each of the {count} images; got {len(numbers)}."
        )
    return np.broadcast_to(numbers, (count,))
