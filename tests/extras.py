"""Modules of the extras: what needs one that is not installed is skipped, and says so."""

import importlib
import importlib.util
import os

import pytest

NEEDED = os.environ.get("M2M_EXTRAS") == "needed"  # then it is a failure that one is missing


def module_of(extra, name):
    """The module `name`; without it, what is being collected or run is skipped."""
    if NEEDED:
        return importlib.import_module(name)
    return pytest.importorskip(name, reason=f"needs {name}: pip install 'm2m_tf[{extra}]'")


def needs(extra, name):
    """Skips, as `module_of`, what needs a package; where it is there it is not imported yet."""
    if importlib.util.find_spec(name) is None:
        module_of(extra, name)
