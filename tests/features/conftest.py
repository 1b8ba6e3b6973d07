"""A cache without weights."""

import pytest


@pytest.fixture
def home(tmp_path, monkeypatch):
    """The cache folder, which is not there yet."""
    monkeypatch.setenv("M2M_TF_HOME", str(tmp_path / "home"))
    return tmp_path / "home"
