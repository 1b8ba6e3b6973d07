"""Long tests of what must survive: `make soak`, bounded at 20 minutes."""

import time

import pytest

from tests.conftest import digits, tiny_autoencoder_folder

__all__ = ["digits", "tiny_autoencoder_folder"]

BOUND = 20 * 60
BEGAN = time.monotonic()
FIGURES = {}


@pytest.fixture
def figures():
    """What the tests counted, printed at the end: `{what: number}`."""
    return FIGURES


def pytest_runtest_setup(item):
    if time.monotonic() - BEGAN > BOUND:
        pytest.fail(f"{item.name} was not begun: the bound of 20 minutes was over")


def pytest_terminal_summary(terminalreporter):
    for what, number in FIGURES.items():
        terminalreporter.write_line(f"{what}: {number:,}")
    terminalreporter.write_line(f"minutes: {(time.monotonic() - BEGAN) / 60:.1f}")
