"""Datasets of latents and labels, as `predict` takes them."""

import tensorflow as tf

from m2m_tf.minds import checks

NO_CLASS = "A label of the dataset is no class"  # what the pipeline says, and the error tells


def parts_of(element):
    """Latent and label or None: of an element of a dataset, or of what describes one."""
    if isinstance(element, tuple) and len(element) == 1:
        element = element[0]
    if isinstance(element, dict):
        return element.get("latent"), element.get("label")
    if isinstance(element, tuple):
        return element[:2]
    return element, None


def checked_batches(dataset, latent_dim, classes):
    """A dataset whose labels are checked as they are read.

    Args:
        dataset: A `tf.data.Dataset` of batches of latents, pairs of latents and labels, or
            dictionaries of both.
        latent_dim: Width of the latents.
        classes: The number of classes; 0 for a model without.

    Returns:
        With classes and labels a dataset of dictionaries, else the dataset as it is.

    Raises:
        ValueError: If its elements are no batches, or the labels no whole numbers.
    """
    latent, label = parts_of(dataset.element_spec)
    if latent is not None and latent.shape.rank == 1:
        raise ValueError(
            f"Mind2Mind.predict expects a dataset of batches of latents, (n, {latent_dim}); got "
            f"one of single latents, {tuple(latent.shape)}. Make batches: dataset.batch(64)."
        )
    if latent is not None and latent.shape.rank is not None:
        checks.check_latent_shape(latent, latent_dim)
    if label is None or not classes:
        return dataset
    if not label.dtype.is_integer or label.shape.rank not in (1, None):
        raise ValueError(
            "Mind2Mind.predict expects a dataset whose labels are the numbers of classes, whole "
            f"and of shape (n,); got {label.dtype.name} of shape {tuple(label.shape)}."
        )

    def checked(*element):
        latent, label = parts_of(element)
        label = tf.cast(label, tf.int32)
        known = tf.reduce_all((label >= 0) & (label < classes))
        with tf.control_dependencies([tf.debugging.Assert(known, [NO_CLASS])]):
            return {"latent": latent, "label": tf.identity(label)}

    return dataset.map(checked)


def as_no_class(error, classes):
    """What an error in reading such a dataset means: a `ValueError`, or the error itself."""
    if NO_CLASS not in error.message:
        return error
    return ValueError(
        f"{NO_CLASS}: the model has {classes}, so labels run from 0 to {classes - 1}. Number the "
        "classes from 0."
    )
