"""Workers: one is killed, the others say so, and all go on to the same bits."""

import json
import time

import numpy as np
import pytest

from benchmarks.shared.local_workers import cluster_of, start_workers
from tests.cli.processes import start_m2m
from tests.minds.test_workers import PROGRAM, ended, state_of

SETTINGS = {"model": {"seed": 3}, "fit": {"epochs": 4, "batch_size": 64}}


@pytest.mark.parametrize("lost", [0, 2], ids=["the chief", "another"])
def test_a_lost_worker_of_three(tiny_autoencoder_folder, digits, tmp_path, figures, lost):
    np.save(tmp_path / "digits.npy", np.round((digits + 1) * 127.5).astype("uint8"))

    def start(folder):
        folder.mkdir(exist_ok=True)
        command = (tiny_autoencoder_folder, tmp_path / "digits.npy", folder, json.dumps(SETTINGS))
        return start_workers(3, *PROGRAM, *command)

    ended(start(tmp_path / "whole"))
    processes = start(tmp_path / "killed")
    while not (tmp_path / "killed/run/epoch-00000001").exists():
        assert processes[lost].poll() is None, processes[lost].communicate()[1]
        time.sleep(0.002)
    processes[lost].kill()
    written = [process.communicate()[1] for process in processes]
    for number, process in enumerate(processes):
        if number != lost:
            assert process.returncode == 1, written[number]
            assert f"Worker {number} of 3 ended, since another one is gone" in written[number]
    ended(start(tmp_path / "killed"))
    for number in range(3):
        ours, theirs = (
            state_of(tmp_path / folder / f"worker-{number}.npz") for folder in ("killed", "whole")
        )
        for name in theirs:
            np.testing.assert_array_equal(ours[name], theirs[name], name)
    figures("workers lost and survived", 1)


def test_the_command_on_two_workers_goes_on_after_a_loss(tmp_path, figures):
    arguments = ["transfer", "--autoencoder=fashion_mnist_28_compact", "--target=demo:digits"]
    arguments += ["--epochs=30", f"--out={tmp_path / 'out'}"]

    def start():
        return [start_m2m(*arguments, configure={"TF_CONFIG": config}) for config in cluster_of(2)]

    chief, other = start()
    while not list(tmp_path.glob(".out.unfinished/epoch-0000000[1-9]")):
        assert other.poll() is None, other.communicate()[1]
        time.sleep(0.01)
    other.kill()
    _, err = chief.communicate()
    assert chief.returncode == 5, err
    assert "m2m transfer: Worker 0 of 2 ended, since another one is gone" in err
    processes = start()
    written = [process.communicate() for process in processes]
    assert [process.returncode for process in processes] == [0, 0], written
    assert "Going on after epoch" in written[0][0] and "the chief writes" in written[1][0]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out"]
    assert (tmp_path / "out/samples.png").stat().st_size > 1000
    figures("workers lost and survived", 1)
