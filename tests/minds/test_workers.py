"""Several processes train as one does. One that is lost: soak/test_workers.py."""

import json

import numpy as np
import pytest

import m2m_tf as m2m
from benchmarks.shared.local_workers import cluster_of
from m2m_tf.codes.manifest import read_manifest
from tests.forks import fork_module

pytestmark = pytest.mark.slow

SETTINGS = {
    "model": {"seed": 3},
    "fit": {"epochs": 2, "batch_size": 61, "validation_split": 0.1},
}
PROGRAM = "tests.minds.train_as_worker"


@pytest.fixture(scope="module")
def images(digits, tmp_path_factory):
    path = tmp_path_factory.mktemp("images") / "digits.npy"
    np.save(path, np.round((digits[:600] + 1) * 127.5).astype("uint8"))
    return path


def ended(processes):
    """What each of the processes wrote, after all have ended well."""
    written = [process.communicate() for process in processes]
    for process, (_, err) in zip(processes, written, strict=True):
        assert process.returncode == 0, err
    return written


@pytest.fixture(scope="module")
def two(tiny_autoencoder_folder, images, tmp_path_factory):
    """The folder of a run by two workers."""
    out = tmp_path_factory.mktemp("two")
    words = (tiny_autoencoder_folder, images, out, json.dumps(SETTINGS))
    configs = [{"TF_CONFIG": config} for config in cluster_of(2)]
    ended([fork_module(PROGRAM, *words, configure=config) for config in configs])
    return out


def state_of(path):
    with np.load(path) as file:
        return dict(file)


def test_two_workers_end_with_the_weights_of_one_process(
    two, tiny_autoencoder_folder, images, tmp_path
):
    words = (tiny_autoencoder_folder, images, tmp_path, json.dumps(SETTINGS))
    ended([fork_module(PROGRAM, *words)])
    one, many = state_of(tmp_path / "worker-0.npz"), state_of(two / "worker-0.npz")
    assert one.keys() == many.keys()
    for name in one:
        scale = max(np.linalg.norm(one[name]), 0.1 if one[name].size == 1 else 0)
        assert np.linalg.norm(many[name] - one[name]) <= 1e-4 * scale, name


def test_both_workers_end_with_the_same_bits(two):
    chief, other = (state_of(two / f"worker-{number}.npz") for number in range(2))
    for name in chief:
        np.testing.assert_array_equal(other[name], chief[name], name)


def test_each_worker_encodes_a_part(two):
    [*manifests] = (read_manifest(path) for path in sorted(two.glob("run/codes/part-*/*/")))
    assert [manifest.count for manifest in manifests] == [256, 344]
    assert all(manifest.complete for manifest in manifests)


def test_the_chief_saves_a_model_that_one_process_loads(two, images, tiny_autoencoder_folder):
    model = m2m.Mind2Mind.load(two / "model")
    assert model.replicas == 1 and model.trained_on["images"] == 600
    assert model.generate(3, seed=0).shape == (3, 28, 28, 1)
    frozen = m2m.Autoencoder.load(tiny_autoencoder_folder)
    assert model.autoencoder.fingerprint == frozen.fingerprint  # the encoder's
    codes = np.ones((2, 16), "float32")
    np.testing.assert_array_equal(model.autoencoder.decode(codes), frozen.decode(codes))
    weights = state_of(two / "worker-0.npz")
    np.testing.assert_array_equal(model.average.weights[0], weights["average/0"])
