"""The folder of a run that is not finished: the same command goes on from it."""

import contextlib
import json
import shutil
from pathlib import Path

from m2m_tf.files.being_made import being_made, read_note
from m2m_tf.files.durable import replace_folder, write_durably
from m2m_tf.files.lock import is_held
from m2m_tf.files.output_folder import locked_output
from m2m_tf.files.strict_json import read_json
from m2m_tf.runs.output import check_folder

RUN, RESULT, SUFFIX = "run.json", "result", ".unfinished"
LOOKED_AT = "looked_at"  # where what was measured is kept


@contextlib.contextmanager
def unfinished(out, settings, overwrite=False):
    """Gives the folder beside `out` in which the run keeps codes and checkpoints.

    In it is an empty folder, `RESULT`, which becomes `out` when the block ends well. All else is
    removed then, and all when the input is refused at the first try; it stays when the run is
    interrupted or fails otherwise.

    Args:
        out: The output folder to come.
        settings: What the run depends on, `{argument: value}`, as JSON gives it back.
        overwrite: Whether `out`, and a run with other settings, may be replaced.

    Yields:
        The folder, a `Path`.

    Raises:
        ValueError: If the folder holds a run with other settings, unless `overwrite`; `out` must
            not be written; or another process makes it.
    """
    out, settings = Path(out).resolve(), json.loads(json.dumps(settings))
    folder = unfinished_of(out)
    with locked_output(out):
        check_folder(out, overwrite)  # again: another process may have made it meanwhile
        _make_room(folder, settings, overwrite)
        new = not folder.exists()
        with being_made(folder, goes_on=True):
            write_durably(folder / RUN, (json.dumps(settings, indent=2) + "\n").encode())
            shutil.rmtree(folder / RESULT, ignore_errors=True)
            (folder / RESULT).mkdir()
            try:
                yield folder
            except ValueError:
                if new:
                    shutil.rmtree(folder)
                raise
            check_folder(out, overwrite)  # again: somebody may have made it meanwhile
            replace_folder(folder / RESULT, out)
            shutil.rmtree(folder)


def unfinished_of(out):
    """That folder's path; workers know it too, and do not make it."""
    out = Path(out).resolve()
    return out.with_name(f".{out.name}{SUFFIX}")


def is_unfinished(folder):
    """Whether a folder is one of a run that is not finished."""
    return folder.name.startswith(".") and folder.name.endswith(SUFFIX) and bool(_read(folder))


def _make_room(folder, settings, overwrite):
    """Refuses what another process has, another run left, or no run; or removes another run's."""
    if not folder.exists():
        return
    if is_held(folder):
        raise ValueError(f"Another process is at work in '{folder}'. Wait for it.")
    if not is_unfinished(folder) and read_note(folder) is None and any(folder.iterdir()):
        raise ValueError(
            f"'{folder}' is where this command keeps its work, and holds what no run left. Move it "
            "elsewhere, or give another output folder."
        )
    if overwrite and _read(folder) != settings:
        shutil.rmtree(folder)
    _check(folder, settings)


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
        found = read_json(folder / RUN)
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None
