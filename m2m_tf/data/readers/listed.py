"""Images from a list of files."""

import hashlib
import os
import stat

from m2m_tf.data.readers.decode import UnreadableImage
from m2m_tf.data.readers.files import BYTES_LIMIT, ImageFiles, from_files
from m2m_tf.files.printable import printable


def from_list_of_files(paths, options):
    """Images of the files of a list, in its order.

    Args:
        paths: Strings or `os.PathLike`s, each an image file.
        options: A `LoadOptions`.

    Raises:
        ValueError: A file is not there, or what `from_files` refuses.
    """
    paths = [os.path.expanduser(os.fspath(path)) for path in paths]
    digest = hashlib.sha256()
    for path in paths:
        digest.update(os.fsencode(path) + _state(path))
    names = [printable(path, None) for path in paths]

    def open_file(index):
        if os.path.getsize(paths[index]) > BYTES_LIMIT:
            raise UnreadableImage(f"larger than {BYTES_LIMIT >> 20} MiB")
        return open(paths[index], "rb")

    return from_files(ImageFiles("list", names, open_file, digest.hexdigest()), options)


def _state(path):
    """What changes when a file does.

    Raises:
        ValueError: It is no file.
    """
    try:
        status = os.stat(path)
    except OSError:
        status = None
    if status is None or not stat.S_ISREG(status.st_mode):
        raise ValueError(
            f"load expects a list of image files; {printable(path)!r} is none. Pass the folder "
            "itself, or the paths of its files."
        )
    return f"\0{status.st_size}\0{status.st_mtime_ns}\n".encode()
