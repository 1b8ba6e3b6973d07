"""A pretraining and a thawing that are killed at random moments end as ones that were not."""

import random
import signal

import numpy as np
import pytest

from m2m_tf.autoencoders import Autoencoder
from m2m_tf.minds import Mind2Mind
from tests.cli.processes import fork_m2m, wait_for

SEED, KILLS = 0, 10
SECONDS = {"pretrain": 6.0, "thaw": 6.0}  # after the first epoch began, at most


@pytest.fixture
def start(digits, tiny_autoencoder_folder, tmp_path):
    """Functions that start a command with an output folder, by its name."""
    np.save(tmp_path / "digits.npy", np.round((digits + 1) * 127.5).astype("uint8"))
    target = ("--target", tmp_path / "digits.npy")
    flags = ("--autoencoder", tiny_autoencoder_folder, "--out", tmp_path / "run", "--epochs", 2)
    process = fork_m2m("transfer", *flags, *target)
    _, err = process.communicate()
    assert process.returncode == 0, err
    model = ("--model", tmp_path / "run" / "model", *target, "--extractor", "pixels")
    source = ("--source", tmp_path / "digits.npy", "--width", 4, "--code_dim", 8)
    commands = {
        "pretrain": ("pretrain", *source, "--epochs", 8, "--code_noise", 0.1),
        "thaw": ("thaw", *model, "--epochs", 8),
    }
    return lambda name, out: fork_m2m(*commands[name], "--out", out)


def decoder(name, folder):
    if name == "pretrain":
        return Autoencoder.load(folder).decoder.get_weights()
    return Mind2Mind.load(folder / "model").autoencoder.decoder.get_weights()


@pytest.mark.parametrize("name", SECONDS)
def test_killed_at_ten_random_moments_it_ends_as_one_that_was_not(start, tmp_path, figures, name):
    moments, killed, runs = random.Random(SEED), 0, [tmp_path / "killed-0"]
    while killed < KILLS:
        process = start(name, runs[-1])
        wait_for(process, "Epoch ")
        _, err = process.communicate(timeout=moments.uniform(0.0, SECONDS[name]))
        if process.returncode == -signal.SIGKILL:
            killed += 1
        else:
            assert process.returncode == 0, err
            runs.append(tmp_path / f"killed-{len(runs)}")  # that one had ended before
    for folder in (runs[-1], tmp_path / "whole"):
        process = start(name, folder)
        _, err = process.communicate()
        assert process.returncode == 0, err
    theirs = decoder(name, tmp_path / "whole")
    for folder in runs:
        for each, other in zip(decoder(name, folder), theirs, strict=True):
            np.testing.assert_array_equal(each, other)
    figures[f"interruptions survived, {name}"] = killed
