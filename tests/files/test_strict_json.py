"""JSON of a stranger's is read where it is plain, and refused with a reason where it is not."""

import json
import math
import os
import re
from pathlib import Path

import pytest

from m2m_tf.files import strict_json
from m2m_tf.files.strict_json import parse, read_json

PACKAGE = Path(__file__).parents[2] / "m2m_tf"


@pytest.mark.parametrize("value", [{"a": [1, 2.5, None, True, "é\n\x1b"]}, [], 3, "", {}])
def test_plain_json_is_what_it_says(value, tmp_path):
    (tmp_path / "a.json").write_text(json.dumps(value, indent=2))
    assert read_json(tmp_path / "a.json") == value == parse(json.dumps(value).encode())


REFUSED = {
    "cut short": ('{"a": [1', "no whole JSON"),
    "nothing": ("", "no whole JSON"),
    "no UTF-8": (b"\xff{}", "no whole JSON"),
    "lists in lists": ("[" * 900 + "]" * 900, "nests deeper than 100"),
    "objects in objects": ('{"a":' * 101 + "1" + "}" * 101, "nests deeper than 100"),
    "brackets without end": ("[" * 100_000, "nests deeper than 100|no whole JSON"),
    "a name twice": ('{"a": 1, "b": 2, "a": 3}', "the name 'a' twice"),
    "a name twice, within": ('[{"x": {"a": 1, "a": 1}}]', "the name 'a' twice"),
    "NaN": ('{"a": NaN}', "NaN or infinite"),
    "infinity": ("[[-Infinity]]", "NaN or infinite"),
    "a number too large": ('{"a": 1e999}', "NaN or infinite"),
    "digits without end": ("9" * 5000, "4300 digits"),
    "an escape in a name": ('{"a\\u001b[2J": 1}', r"do not print, 'a\\x1b\[2J'"),
    "a name of 5,000 letters": (json.dumps({"a" * 5000: 1}), r"longer than 1,000 .* 'a{40}\.\.\.'"),
    "too many values": ("[" + "0," * 2_000_000 + "0]", "more than 2,000,000 values"),
}


@pytest.mark.parametrize("content, reason", REFUSED.values(), ids=REFUSED)
def test_what_is_not_plain_is_refused_with_the_reason(content, reason, tmp_path):
    with pytest.raises(ValueError, match=reason):
        parse(content)
    content = content if isinstance(content, bytes) else content.encode()
    (tmp_path / "a.json").write_bytes(content)
    with pytest.raises(
        ValueError, match=f"Expected '.*a.json' to be a note; it is damaged: .*{reason}"
    ):
        read_json(tmp_path / "a.json", "a note")


def test_one_hundred_brackets_are_not_too_deep():
    assert parse("[" * 100 + "]" * 100)


def test_a_number_that_is_not_finite_is_let_pass_where_that_is_said():
    assert parse('{"loss": Infinity}', finite=False) == {"loss": math.inf}


def test_spaces_without_end_are_not_read(tmp_path):
    with open(tmp_path / "a.json", "wb") as file:
        file.truncate(1 << 40)  # takes nothing of the disk
    with pytest.raises(ValueError, match="larger than 67,108,864 bytes"):
        read_json(tmp_path / "a.json")


def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "a.json")
    with pytest.raises(ValueError, match="it is no file"):
        read_json(tmp_path / "a.json")
    with pytest.raises(FileNotFoundError):
        read_json(tmp_path / "b.json")


def test_all_json_of_files_is_read_here():
    """But for texts that json has just written itself."""
    reads = re.compile(r"(?<![\w.])json\.loads?\((?!json\.dumps\()")
    own = Path(strict_json.__file__)
    found = [
        f"{path.relative_to(PACKAGE)}: {match[0]}"
        for path in PACKAGE.rglob("*.py")
        for match in reads.finditer(path.read_text(encoding="utf-8"))
        if path != own
    ]
    assert not found, "Read it with m2m_tf.files.strict_json, which a stranger's file cannot harm."
