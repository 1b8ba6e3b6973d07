"""The classes of images to make: one of each row, or the one that a user names."""

EACH = "each"


def rows_of_classes(model, most):
    """The labels of a grid of `most` images or a few less, one row a class, and its columns."""
    import numpy as np  # here: the flags of generate need EACH alone

    columns = max(1, most // model.num_classes)
    return np.repeat(np.arange(min(model.num_classes, most)), columns), columns


def labels_to_make(model, num, label=None, seed=None, interpolate=False):
    """The labels of images to make; None for a model without classes.

    Args:
        model: The `Mind2Mind`.
        num: How many images.
        label: A class, its name or number, also as text; `"each"`; or None.
        seed: Seed of the classes that are drawn.
        interpolate: Whether they are a walk, which stays in one class.

    Raises:
        ValueError: If the label is no class of the model, or it has none.
    """
    if label == EACH and model.classes:
        return rows_of_classes(model, num)[0]
    names = model.classes if isinstance(model.classes, tuple) else ()
    if isinstance(label, str) and label.isdecimal() and label not in names:
        label = int(label)
    if interpolate and model.classes and label is None:
        label = model.sample_labels(1, seed)[0]
    return model.sample_labels(num, seed, label)
