"""Runs are tried through their commands, too."""

from tests.cli.conftest import m2m, model_folder, refused

__all__ = ["m2m", "model_folder", "refused"]
