"""Outputs that are there whole or not at all, and never replace anything unasked."""

import contextlib
import os
from pathlib import Path

from m2m_tf.files.output_folder import locked_output, whole_folder

LONGEST = 200  # bytes of an output's name: the system takes 255, and work in progress adds to it


def check_folder(out, overwrite=False, inputs=()):
    """Refuses an output folder that must not be written.

    Args:
        out: the folder to come.
        overwrite: whether the user allows what it holds to be replaced.
        inputs: paths that are read; none may be inside `out`, nor `out` inside one.

    Raises:
        ValueError: if `out` is a file, below one or no name that a folder may have, already holds
            something, lies in an input, or replacing it would delete the working folder or an
            input.
    """
    out = Path(out)
    _check_place(out, inputs)
    held = sorted(path.name for path in out.iterdir()) if out.is_dir() else []
    if held and not overwrite:
        more = ", ..." if len(held) > 3 else ""
        raise ValueError(
            f"The output folder '{out}' already holds {', '.join(held[:3])}{more}. Give another"
            " one, or overwrite=True (--overwrite) to replace all that it holds."
        )
    for path in (Path.cwd(), *map(Path, inputs)):
        if held and path.exists() and path.resolve().is_relative_to(out.resolve()):
            raise ValueError(
                f"Replacing the output folder '{out}' would delete '{path}', which is in use."
                " Give another one."
            )


def _check_place(out, inputs):
    """Refuses a folder that cannot be made where it is to be, or that would join an input."""
    if not out.resolve().name:
        raise ValueError(f"Expected the output to be a folder to make; got '{out}'. Name one.")
    if len(os.fsencode(out.name)) > LONGEST:
        raise ValueError(
            f"Expected a name of {LONGEST} bytes at most for the output; '{out.name[:20]}...' has"
            f" {len(os.fsencode(out.name))}. Give a shorter one."
        )
    for path in (out, *out.parents):
        if path.exists() and not path.is_dir():
            raise ValueError(f"Expected the output to be a folder to make; '{path}' is a file.")
    for path in map(Path, inputs):
        inside = path.is_dir() and path.resolve() in out.resolve().parents
        if inside:
            raise ValueError(
                f"The output folder '{out}' lies in '{path}', and what is written would be read as"
                " part of it by the next command. Give one beside it."
            )


def check_file(out, overwrite=False):
    """Refuses an output file that is a folder, or is there without `overwrite`.

    Raises:
        ValueError: in both cases.
    """
    out = Path(out)
    if out.is_dir():
        raise ValueError(f"Expected the output to be a file to write; '{out}' is a folder.")
    if out.exists() and not overwrite:
        raise ValueError(
            f"The output file '{out}' is already there. Give another one, or overwrite=True "
            "(--overwrite)."
        )


@contextlib.contextmanager
def new_folder(out, overwrite=False, inputs=()):
    """Gives a temporary folder beside `out`, which becomes `out` when the block ends well.

    Args:
        out, overwrite, inputs: as `check_folder` takes them; checked before anything is done, and
            again where no other process can make it.

    Yields:
        The temporary folder, a `Path`; removed if the block fails.

    Raises:
        ValueError: as `check_folder`, or if another process makes it.
    """

    def check():
        check_folder(out, overwrite, inputs)

    check()
    with whole_folder(Path(out).resolve(), check) as temporary:  # through a link: it stays
        yield temporary


@contextlib.contextmanager
def new_file(out, overwrite=False):
    """Keeps other processes from an output file while the block writes it.

    Args:
        out, overwrite: as `check_file` takes them; checked where no other process can make it.

    Raises:
        ValueError: as `check_file`, or if another process makes it.
    """
    with locked_output(Path(out).absolute()):
        check_file(out, overwrite)
        yield


def paths_among(*inputs):
    """Those of a run's inputs that may be paths: neither images in memory, None, nor empty."""
    return [path for path in inputs if isinstance(path, (str, os.PathLike)) and os.fspath(path)]
