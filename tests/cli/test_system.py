"""What the system refuses ends with status 4 and one message, and costs nothing."""

import resource
from functools import partial

import numpy as np
import pytest

from tests.cli.processes import fork_m2m

pytestmark = pytest.mark.slow


@pytest.fixture
def target(digits, tmp_path):
    np.save(tmp_path / "digits.npy", np.round((digits[:600] + 1) * 127.5).astype("uint8"))
    return tmp_path / "digits.npy"


def no_file_above(size):
    """Makes the system refuse longer files in a process, as a full disk refuses any."""
    return partial(resource.setrlimit, resource.RLIMIT_FSIZE, (size, size))


def test_a_disk_that_is_full_is_said_and_the_run_goes_on_when_it_is_not(
    tiny_autoencoder_folder, target, tmp_path
):
    arguments = ["transfer", "--autoencoder", tiny_autoencoder_folder, "--target", target]
    arguments += ["--out", tmp_path / "run", "--epochs", 2, "--batch_size", 64]
    for size in (20_000, 1_000_000):  # full while encoding, and while training
        process = fork_m2m(*arguments, before=no_file_above(size))
        _, err = process.communicate()
        assert process.returncode == 4, err
        assert "m2m transfer: File too large" in err and "Traceback" not in err
        assert "The same command goes on from there." in err
        assert not (tmp_path / "run").exists()
    process = fork_m2m(*arguments)
    out, err = process.communicate()
    assert process.returncode == 0, err
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_an_export_that_does_not_fit_leaves_nothing(model_folder, tmp_path):
    arguments = ["export", "--model", model_folder, "--out", tmp_path / "out"]
    process = fork_m2m(*arguments, before=no_file_above(100_000))
    _, err = process.communicate()
    assert process.returncode == 4, err
    assert "Traceback" not in err and "m2m export:" in err
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_may_not_be_written_is_said(tiny_autoencoder_folder, target):
    run = fork_m2m(
        "transfer",
        "--autoencoder",
        tiny_autoencoder_folder,
        "--target",
        target,
        "--out",
        "/sys/m2m",
    )
    _, err = run.communicate()
    assert run.returncode == 4, err
    assert "Traceback" not in err and "/sys" in err
