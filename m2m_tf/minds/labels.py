"""The labels of a class-conditional mind: those it trains on, and those it generates for."""

import dataclasses

import numpy as np

from m2m_tf.codes import CodeStore
from m2m_tf.data.labels import check_labels, load_labels
from m2m_tf.minds.classes import number_labels


def labels_of_target(target, labels, classes):
    """Finds a target's labels before it is encoded, so that bad ones are refused at once.

    Args:
        target: What `Mind2Mind.fit` takes, or a pair of it and its labels.
        labels: The labels given, or None.
        classes: What `check_classes` returned.

    Returns:
        The target alone; a function from the files that encoding skipped to the numbers of the
        labels, int32 `(n,)`, or None without classes.

    Raises:
        ValueError: If there are no labels, or they are no classes of the model; or labels are
            given to a model without classes.
    """
    if isinstance(target, tuple) and len(target) == 2 and labels is None:
        target, labels = target
    if classes is None:
        if labels is not None:
            raise ValueError(
                "Labels came with the target, but the model has no classes. Construct it with "
                "them: Mind2Mind(autoencoder, classes=10), or classes=('cat', 'dog')."
            )
        return target, None
    if labels is None and isinstance(target, CodeStore):
        labels = target.labels
    given = load_labels(target) if labels is None else check_labels(labels, "labels")
    numbered = number_labels(given, classes)
    if labels is not None:
        return target, lambda skipped: numbered
    return (
        target,
        lambda skipped: (
            number_labels(load_labels(target, skipped), classes) if skipped else numbered
        ),
    )


def label_codes(store, labels, classes):
    """The store with the labels that `labels_of_target` found, or without any."""
    if classes is None:
        return store if store.labels is None else dataclasses.replace(store, labels=None)
    numbers = labels([name for name, _ in store.skipped])
    if len(numbers) != store.count:
        skipped = f" ({len(store.skipped)} files were skipped)" if store.skipped else ""
        raise ValueError(
            f"Each image has one label, in the same order; got {len(numbers):,} labels for "
            f"{store.count:,} images{skipped}. Give as many labels as images."
        )
    return dataclasses.replace(store, labels=numbers)


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
        return model.class_law.sample(count, [seed, 1]).numpy()
    numbers = number_labels(label, model.classes)
    if numbers.shape not in ((), (count,)):
        raise ValueError(
            f"label is one class, or one for each of the {count} images; got {len(numbers)}."
        )
    return np.broadcast_to(numbers, (count,))
