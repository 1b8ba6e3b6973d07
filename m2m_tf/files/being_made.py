"""Folders that are being made: each says by what command, and is held while that is at work.

So what a killed command left can be told from what is in work, and from folders of strangers.
"""

import contextlib
import contextvars
import json
import shutil
import sys
import tempfile
import weakref
from pathlib import Path

from m2m_tf.files.lock import held
from m2m_tf.files.printable import printable
from m2m_tf.files.strict_json import read_json

NOTE = ".being_made.json"
TEMPORARY = "m2m-"  # how the names of temporary folders begin
LONGEST = 2_000  # characters that are said of a command
_command = contextvars.ContextVar("the command at work, in words", default=None)


@contextlib.contextmanager
def named_command(words):
    """Lets what is made inside the block say that this command makes it."""
    token = _command.set(words)
    try:
        yield
    finally:
        _command.reset(token)


@contextlib.contextmanager
def being_made(folder, goes_on=False):
    """Holds a folder for as long as the block runs, with a note in it of the command.

    The note goes when the block ends well; it stays in what a killed or failed command leaves.

    Args:
        folder: The folder; made where it is missing.
        goes_on: Whether the same command goes on from what it leaves.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    with held(folder):
        command = _command.get() or f"a program, {Path(sys.argv[0]).name or 'Python'}"
        note = json.dumps({"command": command, "goes_on": goes_on}) + "\n"
        (folder / NOTE).write_text(note, encoding="utf-8")
        yield
        (folder / NOTE).unlink(missing_ok=True)


def read_note(folder):
    """The note in a folder that was being made, a dict; None where there is none."""
    try:
        note = read_json(Path(folder, NOTE))
        command = printable(note["command"], LONGEST)
        return {"command": command, "goes_on": bool(note["goes_on"])}
    except (OSError, ValueError, KeyError, TypeError):
        return None


class TemporaryFolder:
    """A temporary folder that is held while it is there, and says of what command it is.

    It goes with its last user, at the end of a `with`, or when the process ends.

    Args:
        what: What it holds, a word for its name.

    Attributes:
        name: Its path.

    Example:

    ```python
    with TemporaryFolder("codes") as folder:
        Path(folder).name  # "m2m-codes-..."
    ```
    """

    def __init__(self, what):
        self.name = tempfile.mkdtemp(prefix=f"{TEMPORARY}{what}-")
        holding = contextlib.ExitStack()
        holding.enter_context(being_made(self.name))
        self._end = weakref.finalize(self, _remove, self.name, holding)

    def __enter__(self):
        return self.name

    def __exit__(self, *failure):
        self._end()


def _remove(folder, holding):
    holding.close()
    shutil.rmtree(folder, ignore_errors=True)
