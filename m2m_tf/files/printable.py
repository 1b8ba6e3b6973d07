"""Texts of strangers on a terminal, which obeys some characters instead of showing them."""

import re

LONGEST = 200
# controls, marks that turn the direction of writing round, line ends of Unicode, halves of letters
_OBEYED = re.compile("[\0-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def printable(text, most=LONGEST, keep=""):
    """A text that a terminal shows as it is: what it would obey is escaped, and its end cut off.

    Args:
        text: What came, such as a file's name.
        most: Its characters at most; None leaves them all.
        keep: Characters that are let pass, such as line ends.

    Returns:
        The text.

    Example:

    ```python
    printable(path.name)  # with "\\x1b[2J" spelt out where the name would clear the screen
    ```
    """
    text = str(text)
    cut = most is not None and len(text) > most
    shown = _OBEYED.sub(lambda found: _spelt(found[0], keep), text[:most] if cut else text)
    return f"{shown}..." if cut else shown


def is_printable(text):
    """Whether a terminal shows a text as it is."""
    return not _OBEYED.search(text)


def _spelt(letter, keep):
    return letter if letter in keep else letter.encode("unicode_escape").decode()
