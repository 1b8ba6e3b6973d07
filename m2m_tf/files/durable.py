"""Files that are there whole or not at all, also after a power cut."""

import contextlib
import os
import shutil
import uuid
from pathlib import Path

from m2m_tf.files.lock import held

UNFINISHED = ".unfinished-"  # how the names of files begin that are being written
REPLACED = ".old"  # how the names of folders end that another one has replaced


@contextlib.contextmanager
def replacing(path, flush=True):
    """Gives a path beside `path`, whose file becomes `path` when the block ends well.

    Args:
        path: The file to write; its folder is made where it is missing, and a file that is there is
            replaced in one step.
        flush: Whether to wait until the disk has it. Without, the file is whole or not at all if
            the program is killed, but perhaps not after a power cut.

    Yields:
        A `Path` of the same suffix in the same folder, removed if the block fails.

    Raises:
        OSError: As the disk does, a full one for instance; the file is then as it was.

    Example:

    ```python
    with replacing("weights.npz") as unfinished:
        np.savez(unfinished, **arrays)
    ```
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{UNFINISHED}{uuid.uuid4().hex}{path.suffix}")
    try:
        unfinished.touch()
        with held(unfinished):
            yield unfinished
        if flush:
            _sync(unfinished)
        os.replace(unfinished, path)
    except OSError as error:
        if error.errno is None or error.filename not in (None, str(unfinished)):
            raise
        raise OSError(error.errno, error.strerror, str(path)) from error  # the name that users know
    finally:
        unfinished.unlink(missing_ok=True)
    if flush:
        _sync(path.parent)


def write_durably(path, content):
    """Writes the bytes `content` as `replacing` does."""
    with replacing(path) as unfinished:
        unfinished.write_bytes(content)


def remove_unfinished(folder):
    """Removes what killed programs left half written, from a folder that no other one writes to."""
    for path in folder.glob(f"{UNFINISHED}*"):
        path.unlink()


def replace_folder(new, out):
    """Puts the folder `new` in the place of `out`, and only then removes what was there."""
    _sync_tree(new)
    if not out.exists():
        os.replace(new, out)
        _sync(out.parent)
        return
    old = out.with_name(f".{out.name}-{uuid.uuid4().hex[:8]}{REPLACED}")
    os.replace(out, old)
    try:
        os.replace(new, out)
    except BaseException:
        os.replace(old, out)
        raise
    _sync(out.parent)
    shutil.rmtree(old, ignore_errors=True)


def make_parents(folder):
    """Makes a folder; returns those that were missing, the innermost first."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    return missing


def remove_empty(folders):
    """Removes folders, the innermost first, in which nothing came to be."""
    for folder in folders:
        with contextlib.suppress(OSError):
            folder.rmdir()


def _sync_tree(folder):
    """Flushes all that is below a folder to the disk."""
    for place, _, names in os.walk(folder):
        for name in names:
            _sync(Path(place, name))
        _sync(place)


def _sync(path):
    """Flushes a file to the disk, or the names in a folder."""
    posix = os.name == "posix"
    if not posix and os.path.isdir(path):
        return  # a folder cannot be opened there, and only what may be written is flushed
    handle = os.open(path, os.O_RDONLY if posix else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
