"""JSON that a stranger may have written: looked at before it is believed."""

import collections
import json
import math
import stat
from pathlib import Path

from m2m_tf.files.printable import is_printable, printable

MOST_BYTES = 1 << 26
MOST_VALUES = 2_000_000  # a hundred thousand epochs of logs are half of that
DEEPEST = 100  # lists and objects inside each other; Keras' configs of ours have 20
LONGEST_NAME = 1_000  # characters


def read_json(path, kind="a file of JSON", mend="", finite=True):
    """The content of a file, as `parse` takes it.

    Args:
        path: The file.
        kind: What it should be, for the error.
        mend: What to do where it is damaged, a sentence.
        finite: As `parse` takes it.

    Returns:
        What the JSON holds.

    Raises:
        ValueError: If it is a pipe or a device, larger than 64 MiB, or refused by `parse`.
        OSError: If it is not there, or cannot be read.
    """
    try:
        return parse(_read(Path(path)), finite)
    except ValueError as error:
        said = f"Expected '{path}' to be {kind}; it is damaged: {error}. {mend}"
        raise ValueError(said.rstrip()) from None


def parse(content, finite=True):
    """The value of a JSON text that is neither too large nor too deep, nor says a thing twice.

    Args:
        content: Bytes or a text.
        finite: Whether NaN and infinities, which JSON does not have, are refused.

    Returns:
        The value.

    Raises:
        ValueError: With the reason, the end of a sentence.

    Example:

    ```python
    parse('{"seed": 0, "seed": 1}')  # ValueError: it has the name 'seed' twice
    ```
    """
    content = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
    if len(content) > MOST_BYTES:
        raise ValueError(f"it is larger than {MOST_BYTES:,} bytes")
    if sum(map(content.count, (b",", b"[", b"{"))) > MOST_VALUES:
        raise ValueError(f"it holds more than {MOST_VALUES:,} values")
    try:
        value = json.loads(content.decode("utf-8"), object_pairs_hook=_object)
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"it is no whole JSON ({error})") from None
    except RecursionError:
        raise ValueError(_too_deep()) from None
    _check_values(value, finite)
    return value


def _read(path):
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):  # to open a pipe would wait for its other end
        raise ValueError("it is no file")
    with open(path, "rb") as file:
        return file.read(MOST_BYTES + 1)


def _object(pairs):
    """A dictionary of names that are texts of letters, each there once."""
    for name, _ in pairs:
        if len(name) > LONGEST_NAME or not is_printable(name):
            raise ValueError(
                f"a name in it is longer than {LONGEST_NAME:,} characters or holds some that do "
                f"not print, '{printable(name, 40)}'"
            )
    found = dict(pairs)
    if len(found) < len(pairs):
        [(twice, _)] = collections.Counter(name for name, _ in pairs).most_common(1)
        raise ValueError(f"it has the name '{printable(twice)}' twice")
    return found


def _check_values(value, finite):
    level = [value]
    for _ in range(DEEPEST + 1):
        if finite and any(isinstance(each, float) and not math.isfinite(each) for each in level):
            raise ValueError("it holds a number that is NaN or infinite")
        level = [inner for each in level for inner in _inside(each)]
        if not level:
            return
    raise ValueError(_too_deep())


def _inside(value):
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _too_deep():
    return f"it nests deeper than {DEEPEST} brackets"
