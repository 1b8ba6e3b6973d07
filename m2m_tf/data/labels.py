"""The labels of a source's images: which class each belongs to."""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import tensorflow as tf

from m2m_tf.data.errors import clear_errors
from m2m_tf.data.readers.elements import label_path, packed, pick
from m2m_tf.data.readers.idx import find_in_folder, find_labels, read_idx_labels
from m2m_tf.data.readers.sub_folders import labels_of_names
from m2m_tf.data.source_labels import GIVE
from m2m_tf.hints import StrPath

_REREAD = 1000  # elements that are read twice, to see whether their order stays


def load_labels(
    source: StrPath | tf.data.Dataset[Any] | tuple[Any, npt.ArrayLike], skipped: Iterable[str] = ()
) -> npt.NDArray[Any]:
    """Reads the labels of a source that `load` reads the images of, in the same order.

    Args:
        source: A folder or a zip of images with one sub-folder a class, whose name is the label;
            an IDX file or folder whose labels file lies beside (train-images-idx3-ubyte.gz,
            train-labels-idx1-ubyte.gz); a `.npz` with `labels`, `y` or `y_train`;
            "tfds:NAME[:SPLIT]"; "demo:digits"; a pair (images, labels); or a `tf.data.Dataset` of
            (image, label) or {"image": ..., "label": ...}, batched or not, which is read once,
            and its beginning twice: an order that changes would give images another's label.
        skipped: Names of the files that could not be read, which have no label here.

    Returns:
        An array `(n,)` of int64, or of names.

    Raises:
        ValueError: If the source has no labels, or they are no whole numbers or names.

    Example:
        >>> m2m_tf.data.load_labels("demo:digits")[:3]
        array([9, 0, 2])
    """
    if isinstance(source, tuple) and len(source) == 2:
        return check_labels(source[1], "labels")
    if isinstance(source, tf.data.Dataset):
        return _of_dataset(source, "dataset")
    if isinstance(source, (str, os.PathLike)):
        return _of_path(os.fspath(source), set(skipped))
    raise ValueError(f"load_labels finds none in an object of {type(source).__name__}. {GIVE}")


def check_labels(labels, name):
    """Returns labels as an array `(n,)` of int64 or of strings; a column (n, 1) is let pass.

    Raises:
        ValueError: If they are neither whole numbers nor names, or not one an image.
    """
    labels = np.asarray(labels)
    if labels.dtype.kind in "OS":
        texts = [x.decode() if isinstance(x, bytes) else x for x in labels.reshape(-1).tolist()]
        if all(isinstance(text, str) for text in texts):
            labels = np.array(texts, "U").reshape(labels.shape)
    if labels.ndim == 2 and labels.shape[1] == 1:
        labels = labels[:, 0]
    if labels.ndim != 1 or labels.dtype.kind not in "iuU":
        hint = " One-hot rows become numbers with numpy.argmax(labels, axis=1)."
        hint = hint if labels.ndim == 2 else " Convert them: labels.astype('int64')."
        raise ValueError(
            f"load_labels expects whole numbers or names, one an image; got {labels.dtype} of "
            f"shape {labels.shape} from {name!r}.{hint}"
        )
    return labels if labels.dtype.kind == "U" else labels.astype("int64")


def _of_path(source, skipped):
    if source.startswith("demo:"):
        from m2m_tf.data.readers.demo import demo_file

        return check_labels(read_idx_labels(find_labels(demo_file(source[5:]))), source)
    if source.startswith("tfds:"):
        from m2m_tf.data.readers.tfds import read_tfds

        return _of_dataset(read_tfds(source)[0], source)
    path = Path(source).expanduser()
    if not source or not path.exists():
        raise ValueError(f"load_labels expects a source of images; nothing is at {source!r}.")
    if path.suffix.lower() == ".npz":
        from m2m_tf.data.readers.numpy_files import read_numpy_labels

        return check_labels(read_numpy_labels(path), path.name)
    idx = find_in_folder(path) if path.is_dir() else path
    if idx is not None and path.suffix.lower() not in (".zip", ".npy"):
        return check_labels(read_idx_labels(find_labels(idx)), idx.name)
    if path.suffix.lower() == ".npy":
        raise ValueError(f"A .npy file holds images alone; got {path.name!r}. {GIVE}")
    return labels_of_names([name for name in _names(path) if name not in skipped], path.name)


def _names(path):
    """The names of the image files of a folder or zip, in the order in which they are read."""
    if path.is_dir():
        from m2m_tf.data.readers.folder import list_names

        return list_names(path)
    from m2m_tf.data.readers.archive import list_names

    return list_names(path)


def _of_dataset(dataset, name):
    where = label_path(dataset.element_spec, name)
    labels = dataset.map(lambda *parts: pick(packed(dataset.element_spec, parts), where))
    with clear_errors():
        found = [_rows(label) for label in labels]
        again = [_rows(label) for label in labels.take(_REREAD)]
    for first, second in zip(found, again, strict=False):
        if not np.array_equal(first, second):
            raise ValueError(
                f"load_labels expects {name!r} to give its elements in the same order each time; "
                "its labels came in another order the second time. Leave the shuffling out (codes "
                "are shuffled anyway), or pass shuffle(..., reshuffle_each_iteration=False)."
            )
    if not found:
        raise ValueError(f"load_labels found no element in {name!r}. Give it more.")
    return check_labels(np.concatenate(found), name)


def _rows(label):
    """A label, or a batch of labels, as rows."""
    label = label.numpy()
    return np.atleast_1d(np.asarray(label, object if isinstance(label, bytes) else None))
