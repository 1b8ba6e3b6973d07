"""The classes of a class-conditional mind: their names, their labels, and how often each occurs."""

import numbers

import keras
import numpy as np
import tensorflow as tf

from m2m_tf.errors import did_you_mean
from m2m_tf.minds.priors import sample_uniform


def check_classes(classes):
    """Returns the classes as None, a number of 2 or more, or a tuple of names.

    Raises:
        ValueError: If they are none of these, or a name comes twice.
    """
    if classes is None:
        return None
    if isinstance(classes, numbers.Integral) and not isinstance(classes, bool) and classes >= 2:
        return int(classes)
    names = tuple(classes) if isinstance(classes, list | tuple | np.ndarray) else ()
    if len(names) < 2 or not all(isinstance(name, str) for name in names):
        raise ValueError(
            "classes is a number of 2 or more, or a sequence of 2 or more names such as "
            f"('cat', 'dog'); got {classes!r}. None makes a model without classes."
        )
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"Each class has a name of its own; {twice!r} comes twice in {names!r}.")
    return tuple(map(str, names))


def count_classes(classes):
    """The number of classes; 0 for None."""
    return classes if isinstance(classes, int) else len(classes or ())


def classes_of(labels):
    """The classes that labels are of: their sorted names, or how many numbers there are.

    Args:
        labels: What `m2m.data.load_labels` returned; None gives None.

    Raises:
        ValueError: If numbers do not run from 0 without a gap.
    """
    if labels is None:
        return None
    found = np.unique(labels)
    if found.dtype.kind == "U":
        names = found.tolist()
        numbered = all(name.isdecimal() for name in names)
        return check_classes(sorted(names, key=int) if numbered else names)
    if not np.array_equal(found, np.arange(len(found))):
        raise ValueError(
            f"Classes are numbered from 0 without a gap; the labels are {found[:20].tolist()}. "
            "Number them anew, or give names."
        )
    return check_classes(len(found))


def number_labels(labels, classes, start=0):
    """The numbers of labels, which are numbers or names of classes.

    Args:
        labels: A label, or a sequence of labels `(n,)`: whole numbers from 0, or names. Classes
            without names take the names "0", "1" and so on.
        classes: What `check_classes` returned.
        start: How many labels came before these, to say which one is no class.

    Returns:
        int32 array `()` or `(n,)`.

    Raises:
        ValueError: If a label is no class.

    Example:

    ```python
    number_labels(["dog", "cat"], ("cat", "dog"))  # array([1, 0])
    ```
    """
    labels = np.asarray(labels)
    if labels.dtype.kind == "U":
        found, places = np.unique(labels, return_inverse=True)
        known = np.array([_number_of(str(name), classes) for name in found], "int32")
        labels = known[places].reshape(labels.shape)
    if labels.ndim > 1 or labels.dtype.kind not in "iu":
        raise ValueError(
            "Labels are whole numbers or names of classes, one an image; got an array of "
            f"{labels.dtype} of shape {labels.shape}."
        )
    _check_numbers(labels, count_classes(classes), start)
    return labels.astype("int32")


def _check_numbers(labels, count, start):
    """Refuses a label that is no class' number."""
    bad = np.flatnonzero((labels < 0) | (labels >= count))
    if len(bad):
        where = f" at place {start + bad[0]}" if labels.ndim else ""
        raise ValueError(
            f"The model has {count} classes, so labels run from 0 to {count - 1}; got "
            f"{labels.reshape(-1)[bad[0]]}{where}. Number the classes from 0, or construct the "
            "model with more: Mind2Mind(autoencoder, classes=...)."
        )


def _number_of(name, classes):
    if isinstance(classes, int):
        if name.isdecimal():
            return int(name)
        raise ValueError(
            f"The model's {classes} classes have no names; got the label {name!r}. Construct it "
            "with names: Mind2Mind(autoencoder, classes=('cat', 'dog'))."
        )
    if name in classes:
        return classes.index(name)
    hint = did_you_mean(name, classes, most=1)
    shown = ", ".join(map(repr, classes[:20])) + (", ..." if len(classes) > 20 else "")
    raise ValueError(f"The model has no class {name!r}; its classes are {shown}.{hint}")


def check_every_class_occurs(labels, classes):
    """Refuses numbers of labels among which a class is missing: it could not be learned."""
    missing = np.flatnonzero(np.bincount(labels, minlength=count_classes(classes)) == 0)
    if len(missing):
        which = missing[0] if isinstance(classes, int) else repr(classes[missing[0]])
        raise ValueError(
            f"Every class needs images to train on; class {which} has none ({len(missing)} of "
            f"{count_classes(classes)} classes have none). Give some, or construct the model "
            "without it."
        )


@keras.saving.register_keras_serializable(package="m2m_tf")
class ClassLaw(keras.layers.Layer):
    """How often each class occurs in the target; draws labels accordingly.

    The shares are a weight, so they are saved and exported with the model that uses them.

    Args:
        count: Number of classes.
    """

    def __init__(self, count, **kwargs):
        super().__init__(**{**kwargs, "trainable": False})
        self.count = count
        even = keras.initializers.Constant(1 / count)
        self.shares = self.add_weight(shape=(count,), initializer=even, name="shares")
        self.built = True

    def adapt(self, labels):
        """Measures labels, an int array `(n,)`."""
        self.shares.assign(np.bincount(labels, minlength=self.count) / len(labels))

    def sample(self, count, seed):
        """Draws labels: int32 `(count,)`. `seed` is two integers or scalar tensors."""
        share = (sample_uniform((count,), seed) + 1.0) / 2.0
        # Below the last edge only: shares that sum to a little less than 1 leave nobody out.
        edges = tf.cumsum(tf.convert_to_tensor(self.shares))[:-1]
        return tf.searchsorted(edges, share, side="right", out_type=tf.int32)

    def call(self, seed, count):
        return self.sample(count, seed)

    def get_config(self):
        return {**super().get_config(), "count": self.count}
