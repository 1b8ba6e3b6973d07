"""Which reader reads a path or a name."""

import functools
import os
from pathlib import Path

from m2m_tf.data.readers import archive, folder, tars, tfrecords
from m2m_tf.data.readers.arrays import from_array
from m2m_tf.data.readers.demo import read_demo, read_demo_labels
from m2m_tf.data.readers.files import EXTENSIONS, from_files
from m2m_tf.data.readers.idx import (
    find_in_folder,
    is_gzip,
    is_idx_name,
    read_idx,
    read_labels_beside,
)
from m2m_tf.errors import did_you_mean
from m2m_tf.files.printable import printable

_GRAMMAR = (
    "a folder of images or a zip or tar of one, TFRecord files, a .npy or .npz file, an IDX file "
    "or folder, tfds:NAME[:SPLIT], demo:digits or demo:faces"
)

PACKED = {".tar", ".tgz", ".tbz2", ".txz", ".7z", ".rar", ".bz2", ".xz", ".zst"}


def from_path(source, options):
    """Images from a path or a name in the grammar of `load`."""
    if source.startswith("demo:"):
        name = source.removeprefix("demo:")
        read_labels = functools.partial(read_demo_labels, name)
        return from_array(read_demo(name), options, source, read_labels)
    if source.startswith("tfds:"):
        from m2m_tf.data.readers.tfds import from_tfds

        return from_tfds(source, options)
    path = _there(source)
    return _from_folder(path, options) if path.is_dir() else _from_file(path, options)


def image_files(source):
    """The `ImageFiles` of a folder, a zip, tars or TFRecord files; None for another source.

    Raises:
        ValueError: nothing is there, or it holds no image files.
    """
    source = os.fspath(source)
    if source.startswith(("demo:", "tfds:")):
        return None
    path = _there(source)
    if path.is_dir() and find_in_folder(path) is not None:
        return None
    reader = _reader_of_files(path)
    return reader and reader.files_of(path)


def _reader_of_files(path):
    """The module that finds the image files in a folder, a zip, tars or TFRecord files; None for a
    file of another kind."""
    if path.is_dir():
        return tars if tars.tars_in(path) else tfrecords if tfrecords.tfrecords_in(path) else folder
    if path.suffix.lower() == ".zip":
        return archive
    return tars if tars.is_tar(path) else tfrecords if tfrecords.is_tfrecord(path) else None


def _there(source):
    """The path of a folder or a file; to open a pipe would wait for its other end."""
    path = Path(os.path.expanduser(source))  # as it is where there is no such user
    if not source or not os.path.exists(path):  # not there either where a name is too long
        raise ValueError(_missing(source, path))
    if not path.is_dir() and not path.is_file():
        raise ValueError(f"load expects {_GRAMMAR}; {source!r} is a pipe, a socket or a device.")
    return path


def _from_folder(path, options):
    idx = find_in_folder(path)
    if idx is not None:
        return _from_idx(idx, options)
    return from_files(_reader_of_files(path).files_of(path), options)


def _from_file(path, options):
    suffix = path.suffix.lower()
    reader = _reader_of_files(path)
    if reader is not None:
        return from_files(reader.files_of(path), options)
    if set(map(str.lower, path.suffixes[-2:])) & PACKED:
        raise ValueError(
            f"load expects {_GRAMMAR}; got the archive {path.name!r}. Unpack it and pass the "
            "folder, or pack the images as a zip."
        )
    if suffix in (".npy", ".npz"):
        from m2m_tf.data.readers.numpy_files import read_numpy, read_numpy_labels

        read_labels = functools.partial(read_numpy_labels, path)
        return from_array(read_numpy(path), options, path.name, read_labels)
    if is_idx_name(path.name) or suffix in ("", ".gz", ".idx") or is_gzip(path):
        return _from_idx(path, options)
    raise ValueError(_unknown_file(path))


def _from_idx(path, options):
    read_labels = functools.partial(read_labels_beside, path)
    return from_array(read_idx(path), options, path.name, read_labels)


def _unknown_file(path):
    hint = " Pass the folder that it lies in." if path.suffix.lower() in EXTENSIONS else ""
    return f"load expects {_GRAMMAR}; got the file {path.name!r}.{hint}"


def _missing(source, path):
    folder = path.parent
    names = os.listdir(folder) if source and os.path.isdir(folder) else []
    hint = did_you_mean(path.name, names, show=str)
    return f"load expects {_GRAMMAR}; nothing is at '{printable(source)}'.{hint}"
