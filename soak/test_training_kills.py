"""Long commands that are killed at random moments end as ones that were not."""

import json
import random
import signal
import time

import numpy as np
import pytest

from m2m_tf.autoencoders import Autoencoder
from m2m_tf.minds import Mind2Mind
from tests.cli.processes import fork_m2m

SEED, KILLS = 0, 10
LATEST = {"pretrain": 12.0, "thaw": 12.0, "assess": 5.0}  # seconds after the first line, at most
DONE = {
    "pretrain": "card.json",
    "thaw": "thaw.json",
    "assess": "report.json",
}  # what a whole output holds


@pytest.fixture
def start(digits, tiny_autoencoder_folder, tmp_path):
    """A function that starts a command with an output folder, by its name."""
    np.save(tmp_path / "digits.npy", np.round((digits + 1) * 127.5).astype("uint8"))
    target = ("--target", tmp_path / "digits.npy")
    flags = ("--autoencoder", tiny_autoencoder_folder, "--out", tmp_path / "run", "--epochs", 2)
    end(fork_m2m("transfer", *flags, *target))
    model = ("--model", tmp_path / "run" / "model", *target, "--extractor", "pixels")
    source = ("--source", tmp_path / "digits.npy", "--width", 4, "--code_dim", 8)
    commands = {
        "pretrain": ("pretrain", *source, "--epochs", 12, "--code_noise", 0.1),
        "thaw": ("thaw", *model, "--epochs", 12),
        "assess": ("assess", "--autoencoder", tiny_autoencoder_folder, *target),
    }
    return lambda name, out: fork_m2m(*commands[name], "--out", out)


def end(process):
    """Waits for a process that must end well."""
    _, err = process.communicate()
    assert process.returncode == 0, err


def made(name, folder):
    """What must be the same: the decoder's weights, and the figures."""
    if name == "pretrain":
        return Autoencoder.load(folder).decoder.get_weights()
    found = json.loads((folder / DONE[name]).read_text())
    if name == "assess":
        return [found["rows"], found["reconstruction"], found["bound"]]
    decoder = Mind2Mind.load(folder / "model").autoencoder.decoder
    return [*decoder.get_weights(), found["frozen"], found["thawed"]]


@pytest.mark.parametrize("name", DONE)
def test_killed_at_ten_random_moments_it_ends_as_one_that_was_not(start, tmp_path, figures, name):
    moments, killed, runs = random.Random(SEED), 0, [tmp_path / "killed-0"]
    while killed < KILLS:
        process = start(name, runs[-1])
        process.stdout.readline()
        time.sleep(moments.uniform(0.0, LATEST[name]))
        process.kill()
        _, err = process.communicate()
        assert process.returncode in (0, -signal.SIGKILL), err
        if (runs[-1] / DONE[name]).exists():
            runs.append(tmp_path / f"killed-{len(runs)}")  # that one had ended before
        else:
            killed += 1
    for folder in (runs[-1], tmp_path / "whole"):
        end(start(name, folder))
    theirs = made(name, tmp_path / "whole")
    for folder in runs:
        for each, other in zip(made(name, folder), theirs, strict=True):
            np.testing.assert_array_equal(each, other)
    figures(f"interruptions survived, {name}", killed)
