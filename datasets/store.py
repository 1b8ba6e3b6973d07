"""Finished data sets: a folder appears under its name whole, or not at all."""

import hashlib
import json
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path

RECORD = "source.json"


def is_finished(folder):
    """Whether the folder was made by `new_folder` (its last act is the record).

    Raises:
        ValueError: if something else lies under that name.
    """
    folder = Path(folder)
    if folder.exists() and not (folder / RECORD).is_file():
        raise ValueError(
            f"{folder} is there already and was not made by this script (it has no {RECORD}): "
            f"move it away, or give another folder with --cache."
        )
    return folder.exists()


@contextmanager
def new_folder(final, record):
    """A temporary folder to fill; renamed to `final` when the block ends well, else removed.

    Args:
        final: path the folder is to have; its parent exists.
        record: dict, stored as `source.json` with the number of files and their SHA-256; what
            the block adds to it is stored too.
    """
    final = Path(final)
    folder = Path(tempfile.mkdtemp(prefix=f".{final.name}-", dir=final.parent))
    try:
        yield folder
        record |= {"files": _count(folder), "sha256": _sha256(folder)}
        (folder / RECORD).write_text(json.dumps(record, indent=2, ensure_ascii=False) + "\n")
        folder.chmod(0o755)  # mkdtemp's 0o700 would hide a shared cache from the other users
        folder.rename(final)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _files(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _count(folder):
    return len(_files(folder))


def _sha256(folder):
    """One hash over the names and the bytes of all files, in order of name."""
    total = hashlib.sha256()
    for path in _files(folder):
        total.update(path.relative_to(folder).as_posix().encode() + b"\0")
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()
