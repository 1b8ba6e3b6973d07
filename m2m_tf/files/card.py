"""The card of a folder of weights: what it is, where it came from, and the sha256 of each file."""

import hashlib
import json
from pathlib import Path

from m2m_tf.files.being_made import NOTE
from m2m_tf.files.durable import UNFINISHED, write_durably
from m2m_tf.files.output_folder import put_aside
from m2m_tf.files.printable import is_printable, printable
from m2m_tf.files.strict_json import read_json

CARD = "card.json"
LONGEST_PART = 255  # bytes of a name between two slashes: no disk has longer ones
PICTURES = ("reconstructions.png",)  # beside the files that cards name; nobody loads them


def write_card(folder, facts):
    """Writes `card.json` with `facts` and the sha256 of every file below `folder`.

    The card is written last, so a folder with a card is a whole one.

    Args:
        folder: The folder of weights.
        facts: A dictionary that JSON can hold.
    """
    folder = Path(folder)
    card = {**facts, "sha256": _sha256_of_all(folder)}
    write_durably(folder / CARD, (json.dumps(card, indent=2) + "\n").encode())


def read_card(folder, kind):
    """Reads `card.json` and checks that the folder holds what it names, and nothing else.

    Args:
        folder: A folder that `write_card` has finished.
        kind: What the folder should be, for the error: `"autoencoder"` or `"model"`.

    Returns:
        The card, a dictionary.

    Raises:
        ValueError: If the folder, its card or a file is missing, a file has changed, or there is
            one that the card does not name.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise ValueError(
            f"Expected the folder of {_a(kind)}; got '{folder}', which is no folder."
            f"{_aside(folder)}"
        )
    if not (folder / CARD).is_file():
        raise ValueError(
            f"Expected '{folder}' to hold {_a(kind)} with its {CARD}; there is no {CARD}. "
            f"It is not a folder that m2m_tf wrote, or writing it was interrupted: make it again."
        )
    card = _parse(folder / CARD, kind)
    digests = {}
    for name, digest in card["sha256"].items():
        _check_file(folder, name, digest, kind, digests)
    _check_no_others(folder, card["sha256"], kind)
    return card


def sha256(path):
    """Returns the sha256 of a file, in hexadecimal."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _parse(path, kind):
    what = "a card, a JSON object with the 'sha256' of each file"
    mend = "Take the folder again from where it came, or make it again."
    finite = kind != "checkpoint"  # the logs of a user's own callbacks may hold a NaN
    card = read_json(path, what, mend, finite)
    reason = _what_is_wrong(card)
    if reason:
        raise ValueError(f"Expected '{path}' to be {what}; it is damaged: {reason}. {mend}")
    return card


def _what_is_wrong(card):
    """Why a JSON value is no card, the end of a sentence; None where it is one."""
    digests = card.get("sha256") if isinstance(card, dict) else None
    if not isinstance(digests, dict) or not all(isinstance(x, str) for x in digests.values()):
        return "it has none"
    name = card.get("name", "")
    if not isinstance(name, str) or len(name) > LONGEST_PART or not is_printable(name):
        return f"its name is no text of at most {LONGEST_PART} characters that print"
    return None


def _check_file(folder, name, digest, kind, digests):
    """Refuses a file that is not the one that was saved.

    Args:
        digests: Those of the files that were looked at, by number: many names may be one file's.
    """
    path, shown = folder / name, printable(name)
    if not path.resolve().is_relative_to(folder.resolve()):
        raise ValueError(f"'{folder / CARD}' names a file outside its folder: '{shown}'. Refused.")
    parts = name.split("/")
    if max(len(part.encode()) for part in parts) > LONGEST_PART or {"", ".", ".."} & set(parts):
        raise ValueError(f"'{folder / CARD}' names what is no file's name: '{shown}'. Refused.")
    if not path.is_file():
        raise ValueError(
            f"The {kind} in '{folder}' has lost its file '{shown}'. Copy the whole folder again, "
            "or make it again."
        )
    status = path.stat()
    number = (status.st_dev, status.st_ino)
    if number not in digests:
        digests[number] = sha256(path)
    if digests[number] != digest:
        raise ValueError(
            f"The file '{shown}' of the {kind} in '{folder}' is not the one that was saved: its "
            f"sha256 differs from {CARD}. Copy the whole folder again, or make it again."
        )


def _check_no_others(folder, named, kind):
    others = [name for name in _files(folder) if name not in named and name not in PICTURES]
    if others:
        more = f" and {len(others) - 1} more" if len(others) > 1 else ""
        raise ValueError(
            f"The {kind} in '{folder}' holds '{printable(others[0])}'{more}, which its {CARD} does "
            "not name: somebody added it. Move it elsewhere, or take the folder again from where "
            "it came."
        )


def _sha256_of_all(folder):
    names = (name for name in _files(folder) if (folder / name).is_file())
    return {name: sha256(folder / name) for name in names}


def _aside(folder):
    """Where a folder is that a killed command was about to replace, or one above it, in words."""
    for path in (folder, *folder.parents):
        if path.parent.is_dir():
            moved = put_aside(path)
            return f" A killed command moved '{path}' to '{moved[-1]}'." if moved else ""
    return ""


def _files(folder):
    own = (CARD, UNFINISHED, NOTE)
    paths = (path for path in sorted(folder.rglob("*")) if not path.is_dir())
    return [path.relative_to(folder).as_posix() for path in paths if not path.name.startswith(own)]


def _a(kind):
    return f"an {kind}" if kind[0] in "aeiou" else f"a {kind}"
