"""A transfer that is killed at random moments ends with the bits of one that was not."""

import random
import signal
import subprocess
import sys
import time

import numpy as np

from m2m_tf.minds import Mind2Mind
from m2m_tf.minds.checkpoints import state_of
from tests.cli.processes import start_m2m, wait_for

SEED = 0
KILLS = 10 * [("Encoding", 1.5)] + 5 * [("Fitting", 20.0)]  # at most so many seconds after a line
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
    moments, killed = random.Random(SEED), {"encoding": 0, "training": 0}
    runs = [tmp_path / "killed-0"]
    for line, latest in KILLS:
        seconds = moments.uniform(0.0, latest)
        while not (phase := kill(runs[-1], tmp_path / "digits.npy", line, seconds)):
            runs.append(tmp_path / f"killed-{len(runs)}")  # that one had ended before
        killed[phase] += 1
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
    assert min(killed.values()) > 0, killed
    for phase, count in killed.items():
        figures(f"interruptions survived, {phase}", count)


def kill(folder, target, line, seconds):
    """Starts a transfer and kills it some seconds after it printed a line that begins so.

    Returns what it was doing then; "" where it had ended.
    """
    process = transfer(folder, target)
    wait_for(process, line)
    try:
        _, err = process.communicate(timeout=seconds)
        assert process.returncode == 0, err
    except subprocess.TimeoutExpired:
        process.kill()
        out, err = process.communicate()
        assert process.returncode == -signal.SIGKILL, err or out
    if folder.exists():
        return ""
    return "training" if "Fitting" in line + out else "encoding"


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
