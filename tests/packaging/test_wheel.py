"""What is installed is what is in the tree: no package forgotten, no test shipped."""

import configparser
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel_names(tmp_path_factory):
    """The names in a wheel built from a copy of the tree, so that nothing is left in the tree."""
    tree = tmp_path_factory.mktemp("tree")
    for name in ("setup.cfg", "pyproject.toml", "LICENSE", "README.md"):
        shutil.copy(ROOT / name, tree)
    for name in ("m2m_tf", "saved_models", "tests"):
        shutil.copytree(ROOT / name, tree / name, ignore=shutil.ignore_patterns("__pycache__"))
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-index"]
    command += ["--no-build-isolation", "--wheel-dir", str(tree / "dist"), str(tree)]
    built = subprocess.run(command, capture_output=True, text=True)
    assert built.returncode == 0, built.stderr
    (wheel,) = (tree / "dist").glob("*.whl")
    return zipfile.ZipFile(wheel).namelist()


def test_every_package_of_the_tree_is_listed_in_setup_cfg():
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg")
    listed = set(config["options"]["packages"].split())
    found = {
        ".".join(init.parent.relative_to(ROOT).parts) for init in ROOT.glob("m2m_tf/**/__init__.py")
    }
    assert listed == found | {"m2m_tf.saved_models"}


def test_every_module_of_the_tree_is_in_the_wheel(wheel_names):
    modules = {path.relative_to(ROOT).as_posix() for path in ROOT.glob("m2m_tf/**/*.py")}
    assert modules <= set(wheel_names)


def test_the_digits_are_in_the_wheel(wheel_names):
    assert "m2m_tf/data/digits/images-idx3-ubyte.gz" in wheel_names


def test_the_extractors_weights_and_the_reports_style_are_in_the_wheel(wheel_names):
    weights = [path.relative_to(ROOT).as_posix() for path in ROOT.glob("m2m_tf/features/weights/*")]
    assert len(weights) == 4
    assert {*weights, "m2m_tf/reports/page.css"} <= set(wheel_names)


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
