"""Files that are there whole or not at all, also after a power cut."""

import contextlib
import os
import shutil
import uuid
from pathlib import Path


def write_durably(path, content):
    """Writes a file under a temporary name, flushes it to the disk and renames it.

    Args:
        path: The file; one that is there is replaced in one step.
        content: Its bytes.

    Raises:
        OSError: As the disk does, a full one for instance; the file is then as it was.
    """
    path = Path(path)
    unfinished = path.with_name(f".{path.name}.part")
    try:
        with open(unfinished, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(unfinished, path)
    except BaseException as error:
        unfinished.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.filename is None:  # that of a write names no file
            raise OSError(error.errno, error.strerror, str(path)) from error
        raise
    sync_folder(path.parent)


def sync_folder(folder):
    """Makes the names in a folder as durable as what they name."""
    if os.name != "posix":
        return  # elsewhere a folder cannot be opened
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextlib.contextmanager
def whole_folder(out):
    """Gives a temporary folder beside `out`, which becomes `out` when the block ends well.

    Args:
        out: The folder, an absolute `Path`; one that is there is replaced.

    Yields:
        The temporary folder, a `Path`; removed if the block fails, with the folders above it that
        were missing.
    """
    made = make_parents(out.parent)
    temporary = out.with_name(f".{out.name}-{uuid.uuid4().hex[:8]}")
    try:
        temporary.mkdir()
        yield temporary
        replace_folder(temporary, out)
        made = []
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
        remove_empty(made)


def replace_folder(new, out):
    """Puts the folder `new` in the place of `out`, and only then removes what was there."""
    if not out.exists():
        os.replace(new, out)
        return
    old = out.with_name(f".{out.name}-{uuid.uuid4().hex[:8]}")
    os.replace(out, old)
    try:
        os.replace(new, out)
    except BaseException:
        os.replace(old, out)
        raise
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
