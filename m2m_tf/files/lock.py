"""Who is in a folder: one process that writes, any number that read."""

import contextlib
import os
import weakref
from pathlib import Path

LOCK = ".lock"


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
