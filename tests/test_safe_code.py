"""Nothing in the package loads by a way that could run what it loads."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FILES = sorted(
    path
    for folder in ("m2m_tf", "examples", "datasets", "benchmarks", "scripts")
    for path in (ROOT / folder).rglob("*.py")
)
UNSAFE = {
    "pickle": r"^\s*(import|from) (pickle|cPickle|dill|joblib|shelve|marshal)\b",
    "numpy's pickles": r"allow_pickle\s*=\s*True",
    "numpy's default, said out": r"np\.load\((?![^)]*allow_pickle=False)[^)]*\)",
    "code in models": r"safe_mode\s*=\s*False|enable_unsafe_deserialization",
    "models past the checks": r"(?<!def )(?<!folder\.)\bload_model\(",
    "whole PyTorch files": r"torch\.load\((?![^;]{0,120}weights_only=True)",
    "code": r"(?<![\w.])(eval|exec|__import__)\(",
    "yaml": r"yaml\.load\(",
    "a shell": r"shell\s*=\s*True|os\.system\(",
}
ALLOWED = {
    ("models past the checks", "m2m_tf/files/keras_file.py"),
    ("models past the checks", "benchmarks/peers/source_gan.py"),  # its own file, in safe mode
    # mapped, which refuses objects
    ("numpy's default, said out", "m2m_tf/data/readers/numpy_files.py"),
}


@pytest.mark.parametrize("what", UNSAFE)
def test_no_file_loads_unsafely(what):
    found = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in FILES
        if (what, str(path.relative_to(ROOT))) not in ALLOWED
        for match in re.finditer(UNSAFE[what], path.read_text(encoding="utf-8"), re.MULTILINE)
    ]
    assert not found


def test_the_floor_of_keras_excludes_releases_that_could_be_made_to_run_code():
    """CVE-2025-1550, -8747, -9905, -9906, and the HDF5 and path flaws of 2026."""
    floor = re.search(r"^\s*keras>=([\d.]+)$", (ROOT / "setup.cfg").read_text(), re.MULTILINE)
    assert tuple(map(int, floor[1].split("."))) >= (3, 14)
