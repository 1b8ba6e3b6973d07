"""Images from a folder, its sub-folders included."""

import hashlib
import os
import stat
from pathlib import Path

from m2m_tf.data.readers.decode import UnreadableImage
from m2m_tf.data.readers.files import (
    BYTES_LIMIT,
    ImageFiles,
    is_image_name,
    no_images,
    unread_of,
)
from m2m_tf.files.printable import printable


def files_of(folder):
    """The `ImageFiles` of a folder.

    Raises:
        ValueError: no folder that can be read, or no images in it.
    """
    folder = Path(folder)
    files, others = list_images(folder)
    if not files:
        what = f"{len(others)} other files" if others else "an empty folder"
        raise ValueError(no_images(folder.name, what))
    names = [_shown(name) for name, _ in files]

    def open_file(index):
        path = os.path.join(folder, files[index][0])
        status = os.stat(path)
        if not stat.S_ISREG(status.st_mode):  # it was one when it was listed
            raise UnreadableImage("no file any more")
        if status.st_size > BYTES_LIMIT:
            raise UnreadableImage(f"larger than {BYTES_LIMIT >> 20} MiB")
        return open(path, "rb")

    unread = tuple(ending for name in others for ending in unread_of(name))
    content = _fingerprint(files)
    return ImageFiles(_shown(folder.name), names, open_file, content, len(others), unread)


def list_names(folder):
    """The names of a folder's images, in the order in which they are read."""
    return [_shown(name) for name, _ in list_images(Path(folder))[0]]


def list_images(folder):
    """([(relative path, stat)] sorted by path, names of other files), sub-folders included."""
    found, others, seen = [], [], set()
    waiting = [""]
    while waiting:
        inside = waiting.pop()
        for entry, relative in _entries(folder, inside, seen):
            status = _status(entry)
            if stat.S_ISDIR(status.st_mode):
                waiting.append(relative)
            elif stat.S_ISREG(status.st_mode) and is_image_name(entry.name):
                found.append((relative, status))
            else:
                others.append(entry.name)
    return sorted(found, key=lambda file: file[0]), others


def _entries(folder, inside, seen):
    """The entries of a folder that are not hidden, or none if links led here before."""
    path = os.path.join(folder, inside)
    try:
        status = os.stat(path)
        if (status.st_dev, status.st_ino) in seen:
            return []
        seen.add((status.st_dev, status.st_ino))
        with os.scandir(path) as entries:
            names = sorted(entries, key=lambda entry: entry.name)
    except OSError as error:
        raise ValueError(
            f"load expects folders that it may read; {_shown(inside or folder.name)!r} cannot be "
            f"read ({error.strerror}). Change its permissions, or move it out."
        ) from None
    prefix = inside + "/" if inside else ""
    return [(entry, prefix + entry.name) for entry in names if not entry.name.startswith(".")]


def _status(entry):
    try:
        return entry.stat()
    except OSError:  # a link to nothing or to itself
        return entry.stat(follow_symlinks=False)


def _fingerprint(files):
    digest = hashlib.sha256()
    for name, status in files:
        digest.update(os.fsencode(name) + f"\0{status.st_size}\0{status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _shown(name):
    """A name that prints: its bytes are UTF-8 or not, whatever letters the locale knows."""
    return printable(os.fsencode(name).decode("utf-8", "replace"), None)
