"""Images from tar files, as WebDataset packs them, read in place: nothing is unpacked.

A sample is what has one name before the first dot: `000012.jpg` is the image, `000012.cls` the
number of its class. Source: the WebDataset format, github.com/webdataset/webdataset.
"""

import hashlib
import io
import os
import tarfile
from pathlib import Path
from typing import NamedTuple

import numpy as np

from m2m_tf.data.readers.decode import UnreadableImage
from m2m_tf.data.readers.files import (
    BYTES_LIMIT,
    ImageFiles,
    is_image_name,
    no_images,
    only_files,
    unread_of,
)
from m2m_tf.data.readers.sub_folders import labels_of_names
from m2m_tf.files.printable import printable

CLASS = ".cls"
LONGEST_CLASS = 64  # bytes of a file that holds a class


class Member(NamedTuple):
    """A file in a tar: where its bytes lie."""

    tar: int  # the number of the tar
    name: str
    offset: int
    size: int


def tars_in(folder):
    """The tars in a folder, in the order of their names; none where it holds other files too."""
    return only_files(folder, is_tar)


def is_tar(path):
    """Whether a path is named as a tar that is not compressed."""
    return path.suffix.lower() == ".tar" and path.is_file()


def files_of(path):
    """The `ImageFiles` of a tar or of a folder of tars.

    Raises:
        ValueError: no tar, or no images in it.
    """
    path = Path(path)
    tars = tars_in(path) if path.is_dir() else [path]
    members = [member for number, tar in enumerate(tars) for member in _members(number, tar)]
    images = [member for member in members if is_image_name(member.name.split("/")[-1])]
    classes = {_key(each): each for each in members if each.name.endswith(CLASS)}
    if not images:
        what = f"{len(members)} other files" if members else "an empty tar"
        raise ValueError(no_images(path.name, what))

    def open_file(index):
        return io.BytesIO(_read(tars, images[index]))

    def read_labels():
        if not classes:
            return labels_of_names([each.name for each in images], path.name)
        return np.array([_class(tars, classes, each, path.name) for each in images])

    others = len(members) - len(images) - len(classes)
    unread = tuple(ending for each in members for ending in unread_of(each.name))
    names = _shown(images, tars)
    content = _fingerprint(tars, images)
    return ImageFiles(path.name, names, open_file, content, others, unread, read_labels)


def _members(number, tar):
    """The files in a tar that are not hidden."""
    try:
        with tarfile.open(tar, "r:") as archive:
            return [
                Member(number, each.name.removeprefix("./"), each.offset_data, each.size)
                for each in archive
                if each.isreg() and not each.issparse() and not _is_hidden(each.name)
            ]
    except (tarfile.TarError, OSError, ValueError) as error:
        raise ValueError(
            f"load expects a tar that is not compressed; '{tar.name}' is none, or is damaged "
            f"({error}). Fetch it again, or unpack it and pass the folder."
        ) from None


def _is_hidden(name):
    return any(part.startswith(".") and part != "." for part in name.split("/"))


def _key(member):
    """What the files of one sample share: the tar, the folder and the name to the first dot."""
    folder, _, name = member.name.rpartition("/")
    return member.tar, folder, name.split(".")[0]


def _read(tars, member):
    if member.size > BYTES_LIMIT:
        raise UnreadableImage(f"larger than {BYTES_LIMIT >> 20} MiB")
    content = _bytes(tars, member)
    if len(content) < member.size:
        raise UnreadableImage("the tar ends before it does")
    return content


def _bytes(tars, member):
    with open(tars[member.tar], "rb") as file:
        file.seek(member.offset)
        return file.read(member.size)


def _class(tars, classes, image, name):
    """The number of an image's class."""
    member = classes.get(_key(image))
    is_short = member is not None and member.size <= LONGEST_CLASS
    text = _bytes(tars, member).decode("utf-8", "replace").strip() if is_short else ""
    try:
        return int(text)
    except ValueError:
        raise ValueError(
            f"load_labels expects a whole number in a {CLASS} file beside each image of {name!r}; "
            f"{printable(image.name, None)} has {printable(text) or 'none'}."
        ) from None


def _shown(images, tars):
    """The images' names, that of their tar before them where several are read."""
    names = [printable(each.name, None) for each in images]
    if len(tars) == 1:
        return names
    return [f"{tars[each.tar].name}/{name}" for each, name in zip(images, names, strict=True)]


def _fingerprint(tars, images):
    digest = hashlib.sha256()
    for tar in tars:
        status = tar.stat()
        digest.update(
            os.fsencode(tar.name) + f"\0{status.st_size}\0{status.st_mtime_ns}\n".encode()
        )
    for each in images:
        digest.update(f"{each.tar}\0{each.name}\0{each.offset}\0{each.size}\n".encode())
    return digest.hexdigest()
