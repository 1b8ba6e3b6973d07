"""The folder of a run that is not finished: the same command goes on from it."""

import contextlib
import json
import shutil
from pathlib import Path

from m2m_tf.files.being_made import being_made
from m2m_tf.files.durable import make_parents, remove_empty, write_durably
from m2m_tf.files.lock import exclusive_lock

RUN, RESULT, SUFFIX = "run.json", "result", ".unfinished"


@contextlib.contextmanager
def unfinished(out, settings, overwrite=False):
    """Gives the folder beside `out` in which the run keeps codes and checkpoints.

    In it is an empty folder, `RESULT`, for what will be `out`. All is removed when the block ends
    well, or when the input is refused at the first try; it stays when the run is interrupted or
    fails otherwise.

    Args:
        out: The output folder to come.
        settings: What the run depends on, `{argument: value}`, as JSON gives it back.
        overwrite: Whether a run with other settings may be replaced.

    Yields:
        The folder, a `Path`.

    Raises:
        ValueError: If the folder holds a run with other settings, unless `overwrite`; or another
            process is at work in it.
    """
    folder, settings = unfinished_of(out), json.loads(json.dumps(settings))
    if folder.exists() and overwrite and _read(folder) != settings:
        shutil.rmtree(folder)
    new, made = not folder.exists(), make_parents(folder.parent)
    folder.mkdir(exist_ok=True)
    with contextlib.ExitStack() as stack:
        _hold(stack, folder)
        _check(folder, settings)
        stack.enter_context(being_made(folder, goes_on=True))
        write_durably(folder / RUN, (json.dumps(settings, indent=2) + "\n").encode())
        shutil.rmtree(folder / RESULT, ignore_errors=True)
        (folder / RESULT).mkdir()
        try:
            yield folder
        except ValueError:
            if new:
                shutil.rmtree(folder)
                remove_empty(made)
            raise
        shutil.rmtree(folder)


def unfinished_of(out):
    """That folder's path; workers know it too, and do not make it."""
    out = Path(out).resolve()
    return out.with_name(f".{out.name}{SUFFIX}")


def is_unfinished(folder):
    """Whether a folder is one of a run that is not finished."""
    return folder.name.startswith(".") and folder.name.endswith(SUFFIX) and bool(_read(folder))


def _hold(stack, folder):
    try:
        stack.enter_context(exclusive_lock(folder, wait=False))
    except BlockingIOError:
        raise ValueError(
            f"Another process is at work on this run, in '{folder}'. Wait for it, or give another "
            "output folder."
        ) from None


def _check(folder, settings):
    """Refuses a folder with another run's settings."""
    found = _read(folder)
    if found is None or found == settings:
        return
    others = "; ".join(
        f"{name} {found.get(name)} there, {settings.get(name)} now"
        for name in sorted({*found, *settings})
        if found.get(name) != settings.get(name)
    )
    raise ValueError(
        f"A run that is not finished lies in '{folder}', with other settings ({others}). Give "
        "those to go on with it, overwrite=True (--overwrite) to start anew, or another output "
        "folder; m2m clean removes it."
    )


def _read(folder):
    """The settings in the folder; None where there are none, or they are damaged."""
    try:
        return json.loads((folder / RUN).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
