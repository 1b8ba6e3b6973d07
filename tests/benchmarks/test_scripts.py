"""Each script of the benchmarks says how it is run."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCRIPTS = sorted(
    path.relative_to(ROOT).as_posix()
    for folder in ("quality", "speed", "serving")
    for path in (ROOT / "benchmarks" / folder).glob("*.py")
)


@pytest.mark.parametrize("script", SCRIPTS)
def test_the_docstring_has_the_command_from_the_root(script):
    docstring = (ROOT / script).read_text(encoding="utf-8").split('"""')[1]
    assert f"python {script}" in docstring


@pytest.mark.parametrize("script", SCRIPTS)
def test_helpers_are_found_from_the_root(script):
    before, found, _ = (ROOT / script).read_text(encoding="utf-8").partition("\nfrom benchmarks.")
    assert not found or "sys.path.insert(0, str(Path(__file__).resolve().parents[2]))" in before
