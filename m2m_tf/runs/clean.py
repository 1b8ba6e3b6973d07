"""What killed commands left behind: found, told of, and removed where that is wanted."""

import contextlib
import dataclasses
import glob
import os
import re
import shutil
import tempfile
import time
from pathlib import Path

from m2m_tf.files.being_made import TEMPORARY, read_note
from m2m_tf.files.durable import REPLACED, UNFINISHED, remove_empty
from m2m_tf.files.lock import is_held
from m2m_tf.files.output_folder import LOCK, remove_locks
from m2m_tf.hints import StrPath
from m2m_tf.runs.unfinished import is_unfinished, unfinished_of

FILE = re.compile(re.escape(UNFINISHED) + rf"[0-9a-f]{{32}}(?!{re.escape(LOCK)})(\.\w+)?")
OLD = re.compile(rf"\.(.+)-[0-9a-f]{{8}}{re.escape(REPLACED)}")
NEW = "-new"  # how the names end of folders in which an autoencoder is trained anew
TRAINING = "training"  # in an autoencoder's folder
SECONDS = (("day", 86400), ("hour", 3600), ("minute", 60))
UNKNOWN = "an earlier version of m2m"


@dataclasses.dataclass(frozen=True)
class LeftBehind:
    """A folder or a file that a killed command left.

    Attributes:
        path: Where it lies, a `Path`.
        size: Its bytes.
        changed: When it last changed, seconds since 1970.
        command: The command that left it, in words.
        goes_on: Whether the same command goes on from it.
    """

    path: Path
    size: int
    changed: float
    command: str
    goes_on: bool

    def __str__(self) -> str:
        use = "it goes on from there" if self.goes_on else "of no more use"
        return (
            f"{self.path} ({in_bytes(self.size)}, {_age(self.changed)}), of {self.command}: {use}"
        )


def left_behind(*folders: StrPath) -> list[LeftBehind]:
    """Finds what killed commands left below folders, and nothing that a living one holds.

    Args:
        *folders: Where to look; without one, the working folder and the system's temporary one.

    Returns:
        A list of `LeftBehind`, in the order of their paths.

    Raises:
        ValueError: If a folder is not there.

    Example:

    ```python
    for left in left_behind("runs"):
        print(left)  # runs/.photos.unfinished (12 MB, 3 hours old), of m2m transfer ...
    ```
    """
    for folder in folders:
        if not Path(folder).is_dir():
            raise ValueError(f"clean expects folders to look in; '{folder}' is none.")
    paths = [path for folder in folders or (".",) for path in _below(Path(folder))]
    paths += [] if folders else _temporary()
    return [_described(path) for path in sorted(set(paths)) if not _is_at_work(path)]


def clean(*folders: StrPath) -> list[LeftBehind]:
    """Removes what killed commands left below folders; what a living one holds stays.

    Unfinished runs are among it: the command that began one then starts anew.

    Args:
        *folders: Where to look; without one, the working folder and the system's temporary one.

    Returns:
        What was removed, a list of `LeftBehind`.

    Raises:
        ValueError: If a folder is not there.

    Example:

    ```python
    for left in m2m.clean("runs"):
        print("Removed", left.path)
    ```
    """
    return [left for left in left_behind(*folders) if _remove(left.path)]


def left_of(out: StrPath) -> list[LeftBehind]:
    """What killed commands with this output left beside it or in it."""
    try:
        out = Path(out).resolve()
        beside = out.parent.glob(f".{glob.escape(out.name)}-*")
        found = [unfinished_of(out), out / TRAINING, *beside, *out.glob(".[1-9]*-*")]
        found += [path / TRAINING for path in found if path.name.endswith(NEW)]
        return [_described(path) for path in found if _is_ours(path) and not _is_at_work(path)]
    except (OSError, ValueError):  # a name that the system does not take, which is refused then
        return []


def _below(folder):
    """Yields what is unfinished in a folder and below, held or not."""
    if _is_ours(folder):
        yield folder
        return
    for place, names, files in os.walk(folder):
        inside = [Path(place, name) for name in names]
        ours = [path for path in inside if _is_ours(path)]
        yield from ours
        named = (Path(place, name) for name in files if FILE.fullmatch(name))
        yield from (path for path in named if path.is_file())
        names[:] = [path.name for path in inside if path not in ours and _is_to_enter(path)]


def _is_to_enter(path):
    """Hidden folders are others', but for an autoencoder's that is trained anew."""
    return not path.name.startswith(".") or (path.name.endswith(NEW) and (path / TRAINING).is_dir())


def _is_ours(path):
    """Whether a folder is one that a command began and did not end."""
    if path.is_symlink() or not path.is_dir():
        return False
    old = OLD.fullmatch(path.name)
    if old:  # what another one has replaced; where none did, it is all that there is
        return path.with_name(old[1]).exists()
    return read_note(path) is not None or is_unfinished(path)


def _temporary():
    """The temporary folders of this user's killed commands."""
    pattern = str(Path(tempfile.gettempdir(), f"{TEMPORARY}*"))
    return [path for path in map(Path, glob.glob(pattern)) if _is_ours(path) and _is_own(path)]


def _is_own(path):
    return os.name != "posix" or path.stat().st_uid == os.getuid()


def _is_at_work(path):
    """Whether a living process holds it, or it is gone meanwhile."""
    try:
        return is_held(path)
    except OSError:
        return True


def _described(path):
    note = read_note(path) if path.is_dir() else None
    note = note or {"command": UNKNOWN, "goes_on": is_unfinished(path)}
    if path.is_file() or OLD.fullmatch(path.name):
        note = {"command": "a command that was killed while it wrote", "goes_on": False}
    files = [each for each in (path, *path.rglob("*")) if each.is_file()]
    sizes, times = zip((0, path.stat().st_mtime), *map(_size_and_time, files), strict=True)
    return LeftBehind(path, sum(sizes), max(times), **note)


def _size_and_time(path):
    with contextlib.suppress(OSError):
        found = path.stat()
        return found.st_size, found.st_mtime
    return 0, 0.0  # gone meanwhile


def _remove(path):
    """Removes a folder or a file that nobody holds; whether it did."""
    if _is_at_work(path):
        return False
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()
    for folder in (path.parent, path.parent.parent):  # where the lock of its output lies
        remove_locks(folder)
    if path.name == TRAINING:
        remove_empty([path.parent])
    return True


def in_bytes(size):
    """A number of bytes for people."""
    for unit in ("bytes", "KB", "MB"):
        if size < 1000:
            return f"{size:.0f} {unit}"
        size /= 1000
    return f"{size:.1f} GB"


def _age(changed):
    """How long ago that was, in words."""
    ago = max(0.0, time.time() - changed)
    for name, seconds in SECONDS:
        if ago >= seconds:
            count = int(ago / seconds)
            return f"{count} {name}{'' if count == 1 else 's'} old"
    return "less than a minute old"
