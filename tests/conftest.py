"""What many tests share: real digits, and an autoencoder that was trained on them."""

import collections
import functools
import gc
import os
import signal
import sys
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
if "PYTEST_XDIST_WORKER" in os.environ:  # beside others: more threads than cores only wait
    for name in ("TF_NUM_INTRAOP_THREADS", "OMP_NUM_THREADS"):
        os.environ.setdefault(name, "1")  # of the processes that tests start, too

import keras
import pytest
import tensorflow as tf

import m2m_tf as m2m

FIXTURES = Path(__file__).parent / "fixtures"

# A graph that is traced is a hundred thousand objects: looking through them again and again took a
# tenth of the processor's time.
gc.set_threshold(20_000)

# Started in the background, a process ignores Ctrl-C and so do its children; some tests press it.
signal.signal(signal.SIGINT, signal.default_int_handler)

# Two CPU devices, so that replicas can be tested; TensorFlow takes this only before it starts.
tf.config.set_logical_device_configuration(
    tf.config.list_physical_devices("CPU")[0], [tf.config.LogicalDeviceConfiguration()] * 2
)


@pytest.fixture(scope="session")
def digits():
    """2,000 real digits, float32 `(2000, 28, 28, 1)` in [-1, 1]; not to be changed."""
    images = m2m.data.load("demo:digits").numpy(2000)
    images.setflags(write=False)
    return images


@pytest.fixture(scope="session")
def emoji():
    """Real emoji in colour, float32 `(n, 64, 64, 3)` in [-1, 1]; not to be changed."""
    images = m2m.data.load(FIXTURES / "emoji").numpy()
    images.setflags(write=False)
    return images


@pytest.fixture(scope="session")
def tiny_autoencoder_folder():
    """The folder of an autoencoder of 28x28 grey images with codes of 16, named `tiny`."""
    return FIXTURES / "tiny"  # fixtures/make_tiny.py trained it


@pytest.fixture(scope="session")
def shared_autoencoder(tiny_autoencoder_folder):
    """That autoencoder, loaded once: for tests that leave it as it is."""
    return m2m.Autoencoder.load(tiny_autoencoder_folder)


@pytest.fixture
def tiny_autoencoder(tiny_autoencoder_folder):
    """That autoencoder, loaded anew: for tests that change it."""
    return m2m.Autoencoder.load(tiny_autoencoder_folder)


@pytest.fixture(scope="session")
def two_replicas():
    """A strategy of two replicas, each on a CPU device of its own."""
    return tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])


class _Quick:
    """Whether the test at work is one of `make test-quick`, and what such a test may not do."""

    test = None

    def refuse(self, deed):
        if self.test is not None:
            pytest.fail(f"{self.test} {deed}: mark it with @pytest.mark.slow", pytrace=False)

    def hear(self, event, arguments):
        if event == "subprocess.Popen" and arguments[0] == sys.executable:
            self.refuse("starts a process of Python")
        if event == "tests.fork":
            self.refuse("forks a process")


_quick = _Quick()
sys.addaudithook(_quick.hear)
_fit = keras.Model.fit


@functools.wraps(_fit)
def _watched_fit(*arguments, **options):
    _quick.refuse("trains a network")
    return _fit(*arguments, **options)


keras.Model.fit = _watched_fit


def pytest_collection_modifyitems(items):
    """Files of many slow tests come first, so that no worker is left alone with one at the end."""
    slow = collections.Counter(item.path for item in items if item.get_closest_marker("slow"))
    items.sort(key=lambda item: -slow[item.path])


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item):
    """Holds a test without a mark to what `make test-quick` promises."""
    marks = {mark.name for mark in item.iter_markers()}
    _quick.test = None if marks & {"slow", "browser"} else item.nodeid
    try:
        return (yield)
    finally:
        _quick.test = None


def pytest_terminal_summary(terminalreporter):
    """Says what did not run, and why: a line each."""
    skipped = terminalreporter.stats.get("skipped", [])
    for reason in sorted({report.longrepr[2] for report in skipped}):
        terminalreporter.write_line(reason)
