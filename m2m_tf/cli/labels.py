"""Classes on the command line: those of a target, and those of the images to make."""

EACH = "each"


def read_labels(args, skipped=()):
    """The labels of the target where --conditional asks for them, else None.

    Args:
        args: the flags, with target and conditional.
        skipped: names of the files of the target that could not be read.
    """
    from m2m_tf import data

    return data.load_labels(args.target, skipped) if args.conditional else None


def rows_of_classes(model, most):
    """The labels of a grid of `most` images or a few less, one row a class, and its columns."""
    import numpy as np

    columns = max(1, most // model.num_classes)
    return np.repeat(np.arange(min(model.num_classes, most)), columns), columns


def asked_labels(model, args):
    """The labels of the images to make, as --label says; None for a model without classes.

    Args:
        model: the `Mind2Mind`.
        args: the flags, with label, num, seed and interpolate.

    Raises:
        ValueError: if the label is no class of the model, or it has none.
    """
    if args.label == EACH and model.classes:
        return rows_of_classes(model, args.num)[0]
    label = args.label
    names = model.classes if isinstance(model.classes, tuple) else ()
    if label is not None and label.isdecimal() and label not in names:
        label = int(label)
    if args.interpolate and model.classes and label is None:
        label = model.sample_labels(1, args.seed)[0]  # a walk stays in one class
    return model.sample_labels(args.num, args.seed, label)
