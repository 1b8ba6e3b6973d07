"""The files beside the package speak of the package that is there."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_what_comes_next_stands_first_in_the_changelog():
    assert re.findall(r"^## \[(.+?)\]", _read("CHANGELOG.md"), re.MULTILINE)[0] == "Unreleased"


def test_every_room_has_a_line_in_contributing():
    rooms = {init.parent.name for init in ROOT.glob("m2m_tf/*/__init__.py")}
    assert {room for room in rooms if f"`{room}/`" not in _read("CONTRIBUTING.md")} == set()


def test_every_file_that_contributing_names_is_there():
    named = re.findall(r"`((?:[a-z_0-9]+/)+(?:[a-z_0-9]+\.(?:py|md))?)`", _read("CONTRIBUTING.md"))
    roots = (ROOT, ROOT / "m2m_tf", ROOT / "m2m_tf" / "autoencoders", ROOT / "m2m_tf" / "cli")
    assert len(named) > 30
    assert [path for path in named if not any((root / path).exists() for root in roots)] == []


def test_the_workflow_tests_every_python_that_setup_cfg_names():
    named = re.findall(r"Python :: (3\.\d+)", _read("setup.cfg"))
    (tested,) = re.findall(r"python: \[(.+)\]", _read(".github/workflows/test.yml"))
    assert named == re.findall(r"3\.\d+", tested)


def _read(name):
    return (ROOT / name).read_text(encoding="utf-8")
