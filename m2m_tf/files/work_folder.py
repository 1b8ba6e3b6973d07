"""A folder in which one process does long work, which the same call goes on with."""

import contextlib
import shutil
from pathlib import Path

from m2m_tf.files.durable import make_parents, remove_empty
from m2m_tf.files.lock import exclusive_lock


@contextlib.contextmanager
def work_folder(folder):
    """Makes a folder and keeps other processes from it for as long as the block runs.

    All of it goes when the block ends well, or when the input is refused at the first try; it stays
    when the work is interrupted or fails otherwise.

    Args:
        folder: The folder, with those above it made where it is missing.

    Yields:
        The folder, a `Path`.

    Raises:
        ValueError: If another process is at work in it.
    """
    folder = Path(folder)
    new, made = not folder.exists(), make_parents(folder)
    with contextlib.ExitStack() as stack:
        try:
            stack.enter_context(exclusive_lock(folder, wait=False))
        except BlockingIOError:
            raise ValueError(
                f"Another process is at work on this run, in '{folder}'. Wait for it, or give "
                "another output folder."
            ) from None
        try:
            yield folder
        except ValueError:
            if new:
                shutil.rmtree(folder)
                remove_empty(made[1:])
            raise
        shutil.rmtree(folder)
