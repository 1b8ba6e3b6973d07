"""The package is built as it says it is."""

import ast
from pathlib import Path

import pytest

from tools.house import ANCHORS, PACKAGE, ROOT, House, circles, main, measure, public


@pytest.fixture(scope="module")
def house():
    return measure(ROOT / PACKAGE, ROOT / "tests")


@pytest.mark.parametrize("rooms", [True, False])
def test_no_room_and_no_file_imports_one_that_imports_it(rooms):
    assert circles(rooms) == []


@pytest.mark.parametrize(
    ("figure", "most"),
    [
        ("small_files", 24),
        ("longest_file", 688),
        ("median_function", 7),
        ("function_90", 25),
        ("longest_function", 117),
        ("long_functions", 2.4),
        ("many_parameters", 0.62),  # 8 of 1,296
        ("most_parameters", 19),
    ],
)
def test_no_figure_is_larger_than_it_was_when_the_house_was_reviewed(house, figure, most):
    assert getattr(house, figure) <= most


@pytest.mark.parametrize(
    ("figure", "least"),
    [("median_file", 74), ("public_docstrings", 93), ("comments", 2), ("tests_to_code", 0.89)],
)
def test_no_figure_is_smaller_than_it_was_when_the_house_was_reviewed(house, figure, least):
    assert getattr(house, figure) >= least


def test_the_figures_of_a_small_package_are_those_that_are_counted_by_hand(tmp_path):
    package, tests = tmp_path / "package", tmp_path / "tests"
    package.mkdir()
    tests.mkdir()
    (package / "one.py").write_text(
        '# Why.\nclass Cat:\n    """Purrs."""\n\n    def purr(self, loud: bool, long):\n'
        "        return loud  # not a line\n\n    def _hide(self):\n        pass\n"
    )
    (package / "two.py").write_text(
        "\n" * 40 + "def many(a, b, c, d, e, f, g, h, i, *j):\n    pass\n"
    )
    (tests / "test_one.py").write_text("\n" * 102)
    measured = measure(package, tests)
    expected = House(
        files=2,
        lines=51,
        median_file=25.5,
        small_files=50,
        longest_file=42,
        median_function=2,
        function_90=2,
        longest_function=2,
        long_functions=0,
        public_docstrings=pytest.approx(100 / 3),
        typed_parameters=pytest.approx(100 / 11),
        comments=pytest.approx(1000 / 51),
        many_parameters=pytest.approx(100 / 3),
        most_parameters=9,
        tests_to_code=2,
    )
    assert measured == expected


def test_what_a_private_class_holds_is_not_public():
    tree = ast.parse("class _Hidden:\n    def seen(self): ...\ndef shown(): ...\n")
    assert [node.name for node in public(tree)] == ["shown"]


def test_the_table_has_the_package_beside_its_anchors(capsys):
    main()
    first, *lines = capsys.readouterr().out.splitlines()
    assert first.split() == f"{PACKAGE} {' '.join(ANCHORS)}".split()
    assert lines[0].split() == ["files", *(f"{len(_files()):,} 18 662 71 72 30".split())]
    assert lines[-1] == "circles among files: none"


def _files():
    return list(Path(ROOT / PACKAGE).rglob("*.py"))
