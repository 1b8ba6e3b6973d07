"""A transfer that is killed at random moments ends with the bits of one that was not."""

import random
import signal
import subprocess
import sys
import time

import numpy as np

from m2m_tf.minds import Mind2Mind
from m2m_tf.minds.checkpoints import state_of
from tests.cli.processes import start_m2m

KILLS, LATEST, SEED = 10, 40.0, 0
IMAGES = 30_000


def transfer(folder, target):
    return start_m2m(
        "transfer",
        "--autoencoder=fashion_mnist_28",
        f"--target={target}",
        f"--out={folder}",
        "--epochs=15",
    )


def weights(folder):
    return state_of(Mind2Mind.load(folder / "model"))


def test_killed_at_ten_random_moments_it_ends_as_one_that_was_not(digits, tmp_path, figures):
    pixels = np.round((digits + 1) * 127.5).astype("uint8")
    np.save(tmp_path / "digits.npy", np.tile(pixels, (IMAGES // len(pixels), 1, 1, 1)))
    moments, killed = random.Random(SEED), {"encoding": 0, "training": 0, "before": 0}
    runs = [tmp_path / "killed-0"]
    while sum(killed.values()) < KILLS:
        phase = kill(runs[-1], tmp_path / "digits.npy", moments.uniform(2.0, LATEST))
        if phase:
            killed[phase] += 1
        else:  # it had ended before
            runs.append(tmp_path / f"killed-{len(runs)}")
    for folder in (runs[-1], tmp_path / "whole"):
        process = transfer(folder, tmp_path / "digits.npy")
        _, err = process.communicate()
        assert process.returncode == 0, err
    theirs = weights(tmp_path / "whole")
    for folder in runs:
        ours = weights(folder)
        for name in theirs:
            np.testing.assert_array_equal(ours[name], theirs[name], name)
        samples = [(path / "samples.png").read_bytes() for path in (folder, tmp_path / "whole")]
        assert samples[0] == samples[1]
    for phase, count in killed.items():
        figures[f"interruptions survived, {phase}"] = count


def kill(folder, target, seconds):
    """Starts a transfer and kills it; returns what it was doing, "" where it had ended before."""
    process = transfer(folder, target)
    try:
        _, err = process.communicate(timeout=seconds)
        assert process.returncode == 0, err
        return ""
    except subprocess.TimeoutExpired:
        process.kill()
        out, err = process.communicate()
        assert process.returncode == -signal.SIGKILL, err or out
        assert not folder.exists()
        return phase_of(out)


def phase_of(out):
    """What a process was doing when it was killed, by what it had printed."""
    if "Fitting the mind" in out:
        return "training"
    return "encoding" if "Encoding" in out else "before"


TRAIN = """
import sys, keras, numpy as np, m2m_tf as m2m
from m2m_tf.minds import checkpoints
checkpoints.SECONDS = 0.0
autoencoder, digits, folder, out = sys.argv[1:]
keras.utils.set_random_seed(5)  # the networks' first weights
model = m2m.Mind2Mind(m2m.Autoencoder.load(autoencoder), seed=0)
model.compile()
model.fit(digits, epochs=60, batch_size=50, checkpoint=folder, verbose=0)
np.savez(out, **checkpoints.state_of(model))
"""


def test_kill_costs_nothing_but_time(tiny_autoencoder_folder, digits, tmp_path):
    np.save(tmp_path / "digits.npy", digits[:1000])
    arguments = [sys.executable, "-c", TRAIN, tiny_autoencoder_folder, tmp_path / "digits.npy"]
    subprocess.run([*arguments, tmp_path / "whole", tmp_path / "whole.npz"], check=True)
    arguments += [tmp_path / "killed", tmp_path / "killed.npz"]
    process = subprocess.Popen(arguments)
    while not list(tmp_path.glob("killed/epoch-*20")) and process.poll() is None:
        time.sleep(0.001)
    process.kill()
    assert process.wait() == -signal.SIGKILL
    subprocess.run(arguments, check=True)
    with np.load(tmp_path / "whole.npz") as whole, np.load(tmp_path / "killed.npz") as killed:
        for name in whole:
            np.testing.assert_array_equal(whole[name], killed[name], name)
