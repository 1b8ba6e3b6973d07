"""Each file of the package has its test: `m2m_tf/files/lock.py` has `tests/files/test_lock.py`.

A file that another test covers is listed here with that test. The list may only become shorter.
"""

from pathlib import Path

ROOT = Path(__file__).parents[1]
COVERED = {
    "evaluation/features.py": "evaluation/test_moved_rooms.py",
    "evaluation/metrics.py": "evaluation/test_moved_rooms.py",
    "evaluation/theory.py": "evaluation/test_moved_rooms.py",
    "serving/check.py": "serving/test_export.py",
    "serving/server/app.py": "serving/server/test_server.py",
    "serving/server/model.py": "serving/server/test_server.py",
    "serving/server/serve.py": "serving/server/test_server.py",
}
MOST = 7  # lower it with the list


def mirror(path):
    """The test that mirrors a file of the package."""
    return ROOT / "tests" / Path(path).parent / f"test_{Path(path).name}"


def test_each_file_of_the_package_has_a_test_or_is_listed_with_the_one_that_covers_it():
    package = ROOT / "m2m_tf"
    files = {path.relative_to(package).as_posix() for path in package.rglob("*.py")}
    files = {file for file in files if not file.endswith("__init__.py")}
    assert {file for file in files if not mirror(file).is_file()} == set(COVERED)


def test_what_the_list_names_is_there():
    assert {test for test in COVERED.values() if not (ROOT / "tests" / test).is_file()} == set()


def test_the_list_becomes_shorter():
    assert len(COVERED) <= MOST
