"""The card of a folder of weights: what it is, where it came from, and the sha256 of each file."""

import hashlib
import json
from pathlib import Path

from m2m_tf.files.being_made import NOTE
from m2m_tf.files.durable import UNFINISHED, write_durably

CARD = "card.json"
PICTURES = ("reconstructions.png",)  # beside the files that cards name; nobody loads them


def write_card(folder, facts):
    """Writes `card.json` with `facts` and the sha256 of every file below `folder`.

    The card is written last, so a folder with a card is a whole one.

    Args:
        folder: The folder of weights.
        facts: A dictionary that JSON can hold.
    """
    folder = Path(folder)
    card = {**facts, "sha256": {name: sha256(folder / name) for name in _files(folder)}}
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
        raise ValueError(f"Expected the folder of {_a(kind)}; got '{folder}', which is no folder.")
    if not (folder / CARD).is_file():
        raise ValueError(
            f"Expected '{folder}' to hold {_a(kind)} with its {CARD}; there is no {CARD}. "
            f"It is not a folder that m2m_tf wrote, or writing it was interrupted: make it again."
        )
    card = _parse(folder / CARD)
    for name, digest in card["sha256"].items():
        _check_file(folder, name, digest, kind)
    _check_no_others(folder, card["sha256"], kind)
    return card


def sha256(path):
    """Returns the sha256 of a file, in hexadecimal."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _parse(path):
    try:
        card = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(card["sha256"], dict) and all(
            isinstance(digest, str) for digest in card["sha256"].values()
        ):
            return card
    except (ValueError, KeyError, TypeError, RecursionError):
        pass
    raise ValueError(
        f"Expected '{path}' to be a card, a JSON object with the 'sha256' of each file; it is "
        "damaged. Take the folder again from where it came, or make it again."
    )


def _check_file(folder, name, digest, kind):
    path = folder / name
    if not path.resolve().is_relative_to(folder.resolve()):
        raise ValueError(f"'{folder / CARD}' names a file outside its folder: '{name}'. Refused.")
    if not path.is_file():
        raise ValueError(
            f"The {kind} in '{folder}' has lost its file '{name}'. Copy the whole folder again, "
            "or make it again."
        )
    if sha256(path) != digest:
        raise ValueError(
            f"The file '{name}' of the {kind} in '{folder}' is not the one that was saved: its "
            f"sha256 differs from {CARD}. Copy the whole folder again, or make it again."
        )


def _check_no_others(folder, named, kind):
    others = [name for name in _files(folder) if name not in named and name not in PICTURES]
    if others:
        more = f" and {len(others) - 1} more" if len(others) > 1 else ""
        raise ValueError(
            f"The {kind} in '{folder}' holds '{others[0]}'{more}, which its {CARD} does not name: "
            "somebody added it. Move it elsewhere, or take the folder again from where it came."
        )


def _files(folder):
    own = (CARD, UNFINISHED, NOTE)
    paths = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return [path.relative_to(folder).as_posix() for path in paths if not path.name.startswith(own)]


def _a(kind):
    return f"an {kind}" if kind[0] in "aeiou" else f"a {kind}"
