"""A command's output: one process makes it, it is there whole or not at all, and nothing is lost.

What a killed process left beside it is found by the next one that makes the same output.
"""

import contextlib
import hashlib
import os
import re
import shutil
import uuid

from m2m_tf.files.being_made import being_made, read_note
from m2m_tf.files.durable import (
    REPLACED,
    UNFINISHED,
    make_parents,
    remove_empty,
    replace_folder,
)
from m2m_tf.files.lock import is_held, locked_file

LOCK = ".lock"  # how the names of outputs' locks end


@contextlib.contextmanager
def whole_folder(out, check=None):
    """Gives a temporary folder beside `out`, which becomes `out` when the block ends well.

    Args:
        out: The folder, an absolute `Path`; one that is there is replaced.
        check: A function that raises a ValueError where `out` must not be written; asked when
            nobody else can make it, and again before it is replaced.

    Yields:
        The temporary folder, a `Path`; removed if the block fails, with the folders above it that
        were missing.

    Raises:
        ValueError: If another process makes `out`, or as `check` does.
    """
    check = check or (lambda: None)
    with locked_output(out):
        check()
        working = out.with_name(f".{out.name}-{uuid.uuid4().hex[:8]}")
        try:
            with being_made(working):  # its note stays outside of what will be the output
                (working / out.name).mkdir()
                yield working / out.name
                check()
                replace_folder(working / out.name, out)
        finally:
            shutil.rmtree(working, ignore_errors=True)


@contextlib.contextmanager
def locked_output(out):
    """Keeps other processes from an output for as long as the block runs.

    First, what killed ones left is put right: the folder that one had moved aside and not yet
    replaced is put back, and what is of no more use removed. Each is told of in a line.

    Args:
        out: The output, a folder or a file, an absolute `Path`; the folders above it are made where
            they are missing, and removed again where nothing came to be in them.

    Raises:
        ValueError: If another process makes this output.
    """
    made = make_parents(out.parent)
    name = hashlib.blake2b(os.fsencode(out.name), digest_size=16).hexdigest()
    lock = out.with_name(f"{UNFINISHED}{name}{LOCK}")
    with contextlib.ExitStack() as stack:
        stack.callback(remove_empty, made)
        try:
            stack.enter_context(locked_file(lock))
        except BlockingIOError:
            raise ValueError(
                f"Another process is at work on this output, '{out}'. Wait for it, or give "
                "another output."
            ) from None
        except OSError as error:  # by the name that users gave
            raise OSError(error.errno, error.strerror, str(out)) from error
        _put_back(out)
        _remove_left(out)
        yield


def remove_locks(folder):
    """Removes the locks in a folder that killed commands left; those of living ones stay."""
    for path in folder.glob(f"{UNFINISHED}*{LOCK}"):
        if path.is_file():
            with contextlib.suppress(OSError), locked_file(path):  # a living one has it
                pass


def put_aside(out):
    """The folders that another one was to replace, and still lie beside it: the newest last."""
    found = [path for path in _beside(out) if path.name.endswith(REPLACED)]
    return sorted(found, key=lambda path: path.stat().st_ctime_ns)


def _put_back(out):
    aside = put_aside(out)
    if aside and not out.exists():
        os.replace(aside[-1], out)
        print(f"Put back '{out}': a command was killed just before it replaced it", flush=True)


def _remove_left(out):
    """Removes what killed commands with this output left and none goes on from."""
    for path in _beside(out):
        note = read_note(path)
        is_ours = path.name.endswith(REPLACED) or note or not any(path.iterdir())
        if is_ours and not is_held(path):
            shutil.rmtree(path)
            of = note["command"] if note else "a command"
            print(f"Removed '{path}', which {of} left when it was killed", flush=True)


def _beside(out):
    """The hidden folders beside an output that are called as `whole_folder` calls them."""
    name = re.compile(rf"\.{re.escape(out.name)}-[0-9a-f]{{8}}({re.escape(REPLACED)})?")
    found = (path for path in out.parent.iterdir() if name.fullmatch(path.name))
    return sorted(path for path in found if path.is_dir() and not path.is_symlink())
