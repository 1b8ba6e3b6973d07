"""What many tests share: real digits, and an autoencoder trained on them for seconds."""

import os
import signal
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
def tiny_autoencoder_folder(digits, tmp_path_factory):
    """The folder of an autoencoder of 28x28 grey images with codes of 16, named `tiny`."""
    folder = tmp_path_factory.mktemp("autoencoders") / "tiny"
    m2m.pretrain(digits, folder, code_dim=16, width=4, epochs=1, augment=0, verbose=0, name="tiny")
    keras.utils.clear_session()
    return folder


@pytest.fixture
def tiny_autoencoder(tiny_autoencoder_folder):
    """That autoencoder, loaded anew for each test."""
    return m2m.Autoencoder.load(tiny_autoencoder_folder)


@pytest.fixture(scope="session")
def two_replicas():
    """A strategy of two replicas, each on a CPU device of its own."""
    return tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])


def pytest_terminal_summary(terminalreporter):
    """Says what did not run, and why: a line each."""
    skipped = terminalreporter.stats.get("skipped", [])
    for reason in sorted({report.longrepr[2] for report in skipped}):
        terminalreporter.write_line(reason)
