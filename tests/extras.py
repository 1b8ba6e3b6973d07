"""Modules of the extras: what needs one that is not installed is skipped, and says so."""

import importlib
import os

import pytest

NEEDED = os.environ.get("M2M_EXTRAS") == "needed"  # then it is a failure that one is missing


def module_of(extra, name):
    """The module `name`; without it, what is being collected or run is skipped."""
    if NEEDED:
        return importlib.import_module(name)
    return pytest.importorskip(name, reason=f"needs {name}: pip install 'm2m_tf[{extra}]'")
