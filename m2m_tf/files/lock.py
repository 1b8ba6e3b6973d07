"""Who is in a folder: one process that writes, any number that read."""

import contextlib
import os
import time
import weakref
from pathlib import Path

LOCK = ".lock"
RECENT = 3600  # seconds in which what has changed counts as held, where there are no locks


@contextlib.contextmanager
def exclusive_lock(folder, verbose=1, wait=True):
    """Waits until no other process writes into the folder, and keeps others from it.

    The system lets go of a lock when its process ends, however it ends. Where there are no such
    locks (Windows, some network drives) nothing is held.

    Args:
        folder: A folder that is there.
        verbose: 1 says that it waits.
        wait: Whether to wait at all.

    Raises:
        BlockingIOError: If another process is there, and nobody waits for it.
    """
    with _opened(folder) as file:
        if not _lock(file, "LOCK_EX"):
            if not wait:
                raise BlockingIOError(f"Another process writes into '{folder}'.")
            if verbose:
                print(f"Another process writes into '{folder}': waiting for it", flush=True)
            _lock(file, "LOCK_EX", wait=True)
        yield


class SharedLock:
    """Marks a folder as read for as long as it lives."""

    def __init__(self, folder):
        file = _opened(folder)
        _lock(file, "LOCK_SH")
        weakref.finalize(self, file.close)


def is_locked(folder):
    """Whether a process reads the folder."""
    with _opened(folder) as file:
        return not _lock(file, "LOCK_EX")


@contextlib.contextmanager
def held(path):
    """Marks a folder or a file as being worked on for as long as the block runs.

    It is the folder itself that is locked, so nothing lies in it, and it may be renamed.
    """
    if os.name != "posix":
        yield
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        _lock(handle, "LOCK_EX")
        yield
    finally:
        os.close(handle)


@contextlib.contextmanager
def locked_file(path):
    """Makes a file that one process has, for as long as the block runs; then it is removed.

    One that a killed process left is taken over.

    Raises:
        BlockingIOError: If another process has it.
    """
    if os.name != "posix":
        yield
        return
    handle = _taken(path)
    try:
        yield
    finally:
        Path(path).unlink(missing_ok=True)
        os.close(handle)


def _taken(path):
    """The number of the open, locked file that is at the path."""
    while True:
        handle = os.open(path, os.O_CREAT | os.O_RDWR, 0o666)
        if not _lock(handle, "LOCK_EX"):
            os.close(handle)
            raise BlockingIOError(f"Another process has '{path}'.")
        with contextlib.suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(handle), os.stat(path)):
                return handle
        os.close(handle)  # the one that had it has just removed it


def is_held(path):
    """Whether a process works on a folder or a file: holds it, or a lock that lies in it.

    Where there are no locks, what has changed within the hour counts as held.
    """
    path = Path(path)
    if os.name != "posix":
        return time.time() - path.stat().st_mtime < RECENT
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK)  # a pipe would wait for its other end
    try:
        free = _lock(handle, "LOCK_EX")
    finally:
        os.close(handle)
    return not free or ((path / LOCK).is_file() and is_locked(path))


def _opened(folder):
    return open(Path(folder) / LOCK, "ab")


def _lock(file, kind, wait=False):
    """Locks an open file; False where another process holds it otherwise."""
    if os.name != "posix":
        return True
    import fcntl

    try:
        fcntl.flock(file, getattr(fcntl, kind) | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        return False
    except OSError:  # a drive without locks
        return True
    return True
