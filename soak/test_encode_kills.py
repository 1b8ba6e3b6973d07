"""Encoding whose workers are killed at random moments loses nothing, and doubles nothing."""

import os
import random
import signal
import threading
import time

import numpy as np

import m2m_tf as m2m
from m2m_tf import data
from m2m_tf.codes.manifest import read_manifest
from tests.runs.beam_workers import workers_of_this_process

SEED, KILLS, TIMES = 0, 10, 100
PRESET = "fashion_mnist_28"


def kill_two(stop, killed):
    """Ten times kills two workers at a random moment after they began."""
    moments = random.Random(SEED)
    while len(killed) < KILLS and not stop.is_set():
        time.sleep(0.2)
        if len(workers := workers_of_this_process()) == 2:
            time.sleep(moments.uniform(3.0, 15.0))  # the first seconds load TensorFlow
            for worker in workers:
                if worker in workers_of_this_process():
                    os.kill(worker, signal.SIGKILL)
            killed.append(workers)
            while set(workers) & set(workers_of_this_process()):
                time.sleep(0.1)


def test_two_workers_killed_ten_times_cost_nothing_but_time(digits, tmp_path, figures):
    pixels = np.round((digits + 1) * 127.5).astype("uint8")
    np.save(tmp_path / "digits.npy", np.tile(pixels, (TIMES, 1, 1, 1)))
    stop, killed, runs = threading.Event(), [], 0
    killer = threading.Thread(target=kill_two, args=(stop, killed), daemon=True)
    killer.start()
    while len(killed) < KILLS:  # a run may end before the next kill
        out = tmp_path / f"codes-{runs}"
        codes = m2m.encode(tmp_path / "digits.npy", out, PRESET, workers=2, verbose=0)
        runs += 1
        check(codes, out, digits)
    stop.set()
    killer.join()
    figures("interruptions survived, encode", 2 * len(killed))


def check(codes, out, digits):
    """Every shard is there once, and codes are those of one process."""
    [folder] = [path for path in out.iterdir() if path.is_dir()]
    shards = read_manifest(folder).shards
    ends = np.cumsum([shard.blocks for shard in shards])
    assert [shard.first_block for shard in shards] == [0, *ends[:-1]]
    whole = m2m.Autoencoder.from_preset(PRESET).encode(data.load(digits))
    np.testing.assert_array_equal(np.asarray(codes.codes), np.tile(whole, (TIMES, 1)))
