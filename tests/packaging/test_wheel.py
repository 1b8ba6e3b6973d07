"""What is installed is what is in the tree: no package forgotten, no test shipped."""

import shutil
import subprocess
import sys
import zipfile
from email import message_from_bytes
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """A wheel built from a copy of the tree, so that nothing is left in the tree."""
    tree = tmp_path_factory.mktemp("tree")
    for name in ("setup.cfg", "setup.py", "pyproject.toml", "LICENSE", "README.md"):
        shutil.copy(ROOT / name, tree)
    for name in ("m2m_tf", "saved_models", "tests"):
        shutil.copytree(ROOT / name, tree / name, ignore=shutil.ignore_patterns("__pycache__"))
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-index"]
    command += ["--no-build-isolation", "--wheel-dir", str(tree / "dist"), str(tree)]
    built = subprocess.run(command, capture_output=True, text=True)
    assert built.returncode == 0, built.stderr
    (path,) = (tree / "dist").glob("*.whl")
    with zipfile.ZipFile(path) as wheel:
        yield wheel


@pytest.fixture(scope="module")
def wheel_names(wheel):
    return wheel.namelist()


def test_every_module_of_the_tree_is_in_the_wheel(wheel_names):
    modules = {path.relative_to(ROOT).as_posix() for path in ROOT.glob("m2m_tf/**/*.py")}
    assert modules <= set(wheel_names)


def test_the_digits_and_the_faces_are_in_the_wheel_with_their_licences(wheel_names):
    names = ("digits/images-idx3-ubyte.gz", "digits/LICENSE", "faces/sheet.webp", "faces/LICENSE")
    assert {f"m2m_tf/data/{name}" for name in names} <= set(wheel_names)


def test_the_extractors_weights_and_the_reports_style_are_in_the_wheel(wheel_names):
    weights = [path.relative_to(ROOT).as_posix() for path in ROOT.glob("m2m_tf/features/weights/*")]
    assert len(weights) == 4
    assert {*weights, "m2m_tf/reports/page.css"} <= set(wheel_names)


def test_hints_are_in_the_wheel(wheel_names):
    assert {"m2m_tf/py.typed", "m2m_tf/__init__.pyi"} <= set(wheel_names)


def test_every_preset_of_the_tree_is_in_the_wheel(wheel_names):
    presets = [card.parent.name for card in ROOT.glob("saved_models/*/card.json")]
    assert presets
    for preset in presets:
        for name in ("encoder.keras", "decoder.keras", "card.json"):
            assert f"m2m_tf/saved_models/{preset}/{name}" in wheel_names


def test_nothing_but_the_package_is_in_the_wheel(wheel_names):
    tops = {name.split("/")[0] for name in wheel_names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"m2m_tf"}
    assert not [name for name in wheel_names if "__pycache__" in name or name.endswith(".pyc")]


def test_the_wheel_says_who_made_it_and_after_which_paper(wheel):
    (name,) = [name for name in wheel.namelist() if name.endswith(".dist-info/METADATA")]
    metadata = message_from_bytes(wheel.read(name))
    assert metadata["Author"] == "The m2m_tf authors"
    assert metadata.get_all("Project-URL") == ["Paper, https://arxiv.org/abs/1906.11613"]
