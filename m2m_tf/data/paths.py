"""Which reader reads a path or a name."""

import functools
import os
from pathlib import Path

from m2m_tf.data.labels import load_labels
from m2m_tf.data.readers.arrays import from_array
from m2m_tf.data.readers.demo import read_demo
from m2m_tf.data.readers.idx import find_in_folder, is_gzip, is_idx_name, read_idx
from m2m_tf.errors import did_you_mean

_GRAMMAR = (
    "a folder of images or a zip of one, a .npy or .npz file, an IDX file or folder, "
    "tfds:NAME[:SPLIT] or demo:digits"
)


def from_path(source, wanted):
    """Images from a path or a name in the grammar of `load`."""
    if source.startswith("demo:"):
        return from_array(read_demo(source[5:]), wanted, source, _labels_of(source))
    if source.startswith("tfds:"):
        from m2m_tf.data.readers.tfds import from_tfds

        return from_tfds(source, wanted)
    path = Path(source).expanduser()
    if not source or not path.exists():
        raise ValueError(_missing(source, path))
    return _from_folder(path, wanted) if path.is_dir() else _from_file(path, wanted)


def _from_folder(path, wanted):
    idx = find_in_folder(path)
    if idx is not None:
        return from_array(read_idx(idx), wanted, idx.name, _labels_of(idx))
    from m2m_tf.data.readers.folder import from_folder

    return from_folder(path, wanted)


def _from_file(path, wanted):
    suffix = path.suffix.lower()
    if suffix == ".zip":
        from m2m_tf.data.readers.archive import from_zip

        return from_zip(path, wanted)
    if suffix in (".npy", ".npz"):
        from m2m_tf.data.readers.numpy_files import read_numpy

        return from_array(read_numpy(path), wanted, path.name, _labels_of(path))
    if is_idx_name(path.name) or suffix in ("", ".gz", ".idx") or is_gzip(path):
        return from_array(read_idx(path), wanted, path.name, _labels_of(path))
    raise ValueError(_unknown_file(path))


def _labels_of(source):
    """The function that reads the labels of a source, called where they are asked for."""
    return functools.partial(load_labels, source)


def _unknown_file(path):
    from m2m_tf.data.readers.files import EXTENSIONS

    hint = " Pass the folder that it lies in." if path.suffix.lower() in EXTENSIONS else ""
    return f"load expects {_GRAMMAR}; got the file {path.name!r}.{hint}"


def _missing(source, path):
    folder = path.parent
    names = os.listdir(folder) if source and folder.is_dir() else []
    hint = did_you_mean(path.name, names, show=str)
    return f"load expects {_GRAMMAR}; nothing is at {source!r}.{hint}"
