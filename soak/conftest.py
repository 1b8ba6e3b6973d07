"""Long tests of what must survive: `make soak`, bounded at 20 minutes."""

import collections
import time

import pytest

from tests.conftest import digits, tiny_autoencoder_folder

__all__ = ["digits", "tiny_autoencoder_folder"]

BOUND = 20 * 60
BEGAN = time.monotonic()


@pytest.fixture
def figures(record_property):
    """A function that notes what a test counted, `(what, number)`: the sums are printed at the end.

    A property, as a test may run in another process than the one that prints.
    """
    return record_property


def pytest_runtest_setup(item):
    if time.monotonic() - BEGAN > BOUND:
        pytest.fail(f"{item.name} was not begun: the bound of 20 minutes was over")


def pytest_terminal_summary(terminalreporter):
    sums = collections.Counter()
    for report in terminalreporter.stats.get("passed", []):
        sums.update(dict(report.user_properties))
    for what, number in sums.items():
        terminalreporter.write_line(f"{what}: {number:,}")
    terminalreporter.write_line(f"minutes: {(time.monotonic() - BEGAN) / 60:.1f}")
