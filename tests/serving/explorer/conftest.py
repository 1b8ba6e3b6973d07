"""A small model and its training images, to look at, and their page."""

import re

import numpy as np
import pytest

import m2m_tf as m2m
from m2m_tf.serving.explorer.explore import Explorer
from m2m_tf.serving.explorer.training_images import load_training_images
from tests.cli.processes import fork_m2m


@pytest.fixture(scope="session")
def run_folder(tiny_autoencoder_folder, digits, tmp_path_factory):
    """A folder with `model/`, fitted for two epochs, and `digits.npy` that it was fitted to."""
    folder = tmp_path_factory.mktemp("explored")
    np.save(folder / "digits.npy", np.rint((digits[:600] + 1) * 127.5).astype("uint8"))
    model = m2m.Mind2Mind(m2m.Autoencoder.load(tiny_autoencoder_folder), seed=0)
    model.compile(jit_compile=False)
    model.fit(folder / "digits.npy", epochs=2, batch_size=64, validation_split=0.1, verbose=0)
    model.save(folder / "model")
    return folder


@pytest.fixture(scope="session")
def explorer(run_folder):
    model = m2m.Mind2Mind.load(run_folder / "model")
    images = m2m.data.load(run_folder / "digits.npy", model.autoencoder.image_shape)
    return Explorer(model, load_training_images(model, images))


@pytest.fixture(scope="session")
def address(run_folder):
    """The address of the page of a model and its training images."""
    target = run_folder / "digits.npy"
    process, address = open_page("--model", run_folder / "model", "--target", target)
    yield address
    process.terminate()
    out, err = process.communicate()
    assert process.returncode == 0 and "Stopped" in out and "Traceback" not in err, err


def open_page(*arguments, **options):
    """(the process of `m2m explore`, the address that it prints)."""
    process = fork_m2m("explore", *arguments, "--port", 0, **options)
    for line in process.stdout:
        if found := re.search(r"http://\S+", line):
            return process, found[0].rstrip("/")
    raise AssertionError(process.communicate()[1])
