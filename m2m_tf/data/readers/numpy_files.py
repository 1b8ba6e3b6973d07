"""Images and labels from .npy and .npz files: never pickled, never larger than what is there."""

import zipfile
from pathlib import Path

import numpy as np

from m2m_tf.data.source_labels import GIVE
from m2m_tf.files.npz_file import read_array

_KEYS = ("images", "x_train")
_LABEL_KEYS = ("labels", "y", "y_train")


def read_numpy(path):
    """The array of a .npy file, mapped from the disk, or of a .npz, in memory.

    Raises:
        ValueError: a damaged file, pickled objects, or a .npz that does not say which array it is.
    """
    path = Path(path)
    try:
        return _read_npz(path) if zipfile.is_zipfile(path) else _read_npy(path)
    except Exception as error:  # a damaged header may raise anything
        pickled = "allow_pickle" in str(error) or "Python objects" in str(error)
        reason = "it holds Python objects, or is of another format" if pickled else error
    raise ValueError(
        f"load expects one array of numbers in {path.name!r}, as numpy.save or numpy.savez write "
        f"it; got an unusable file: {reason}. Save the images again as uint8."
    )


def read_numpy_labels(path):
    """The labels that a .npz file holds beside its images.

    Raises:
        ValueError: a damaged file, pickled objects, or no labels, as in a .npy file.
    """
    path = Path(path)
    if path.suffix.lower() == ".npy":
        raise ValueError(f"A .npy file holds images alone; got {path.name!r}. {GIVE}")
    try:
        with zipfile.ZipFile(path) as archive:
            members = {m.filename.removesuffix(".npy"): m for m in archive.infolist()}
            key = next((key for key in _LABEL_KEYS if key in members), None)
            if key is None:
                raise _Unusable(f"none of {', '.join(_LABEL_KEYS)} among {', '.join(members)}")
            return read_array(archive, members[key])
    except Exception as error:  # a damaged header may raise anything
        reason = error
    raise ValueError(
        f"load_labels expects an array 'labels' in {path.name!r}, as numpy.savez(images=images, "
        f"labels=labels) writes it; got an unusable file: {reason}."
    )


class _Unusable(Exception):
    pass


def _read_npy(path):
    with path.open("rb") as file:
        if file.read(2) == b"PK":  # numpy.load would leave the file open
            raise zipfile.BadZipFile("File is not a zip file")
    return np.load(path, "r")


def _read_npz(path):
    with zipfile.ZipFile(path) as archive:
        members = {m.filename.removesuffix(".npy"): m for m in archive.infolist()}
        key = next((key for key in _KEYS if key in members), None)
        if key is None and len(members) != 1:
            raise _Unusable(f"no 'images' or 'x_train' among its arrays {', '.join(members)}")
        return read_array(archive, members[key or next(iter(members))])
