"""Every example runs as a user runs it, in a process of its own, on small real data."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import m2m_tf as m2m
from m2m_tf.codes.manifest import read_manifest
from tests.extras import needs
from tests.forks import fork_file

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
FIXTURES = ROOT / "tests" / "fixtures"


PATIENT_RAY = {  # on a busy machine, and it tells nobody
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_raylet_start_wait_time_s": "600",
    "RAY_worker_register_timeout_seconds": "600",
    "RAY_gcs_server_request_timeout_seconds": "600",
}


def run_example(name, *words, folder):
    path = ROOT / "examples" / name
    process = fork_file(path, "--smoke", "--out", folder / "run", *words, cwd=folder)
    _, err = process.communicate()
    assert process.returncode == 0, err
    return folder / "run"


def assert_generates(run, image_shape):
    assert (run / "samples.png").is_file()
    images = m2m.Mind2Mind.load(run / "model").generate(3, seed=0)
    assert images.shape == (3, *image_shape)


def test_fashion_mnist_to_mnist_turns_a_preset_into_a_generator_of_digits(tmp_path):
    run = run_example("fashion_mnist_to_mnist.py", folder=tmp_path)
    assert_generates(run, (28, 28, 1))


def test_mnist_to_kmnist_pretrains_on_digits_and_transfers_to_brush_glyphs(tmp_path):
    run = run_example("mnist_to_kmnist.py", "--target", FIXTURES / "brush_glyphs", folder=tmp_path)
    assert_generates(run, (28, 28, 1))
    assert m2m.Autoencoder.load(run / "autoencoder").code_shape == (64,)


@pytest.fixture(scope="module")
def colour_autoencoder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("colour") / "autoencoder"
    m2m.pretrain(FIXTURES / "emoji", folder, code_shape=(16,), width=8, epochs=1, batch_size=16)
    return folder


def test_ffhq_to_celeba_hq_takes_folders_of_an_autoencoder_and_of_colour_images(
    tmp_path, colour_autoencoder
):
    run = run_example(
        "ffhq_to_celeba_hq.py",
        *("--autoencoder", colour_autoencoder, "--target", FIXTURES / "emoji"),
        folder=tmp_path,
    )
    assert_generates(run, (64, 64, 3))


@pytest.mark.parametrize(("size", "thaw"), [(64, 1), (128, 0)])
def test_the_universal_preset_is_transferred_to_pictures_of_their_size(tmp_path, size, thaw):
    (tmp_path / "pictures").mkdir()
    for file in sorted((FIXTURES / "emoji").glob("*.png"))[:40]:
        Image.open(file).resize((size, size)).save(tmp_path / "pictures" / file.name)
    words = ("--target", tmp_path / "pictures", "--thaw", str(thaw))
    run = run_example("colour.py", *words, folder=tmp_path)
    assert_generates(run, (size, size, 3))
    name = m2m.Mind2Mind.load(run / "model").autoencoder.name
    assert name == ("universal_thawed" if thaw else "universal")


def test_avatars_1024_goes_the_whole_way_from_files_to_an_export(tmp_path):
    words = ("--source", FIXTURES / "emoji", "--target", FIXTURES / "emoji")
    run = run_example("avatars_1024.py", *words, folder=tmp_path)
    assert_generates(run, (64, 64, 3))
    assert (run / "export" / "1" / "saved_model.pb").is_file()


@pytest.mark.parametrize("path", sorted((ROOT / "examples").glob("*.py")), ids=lambda p: p.name)
def test_an_example_is_under_60_lines_and_says_its_command_and_time(path):
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) < 60
    assert f"python examples/{path.name}" in text.split('"""')[1]
    assert "2 cores" in text.split('"""')[1]


def test_encode_on_ray_leaves_the_codes_that_fit_reads(tmp_path):
    needs("dev", "ray")
    words = ["--out", tmp_path / "codes", "--epochs", "1"]
    run = subprocess.run(
        [sys.executable, ROOT / "examples" / "encode_on_ray.py", *words],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), **PATIENT_RAY},
    )
    assert run.returncode == 0, run.stderr
    assert "10,000 images by Ray" in run.stdout
    [folder] = [path for path in (tmp_path / "codes").iterdir() if path.is_dir()]
    manifest = read_manifest(folder)
    assert manifest.complete and manifest.count == 10_000 and len(manifest.shards) == 40
    autoencoder = m2m.Autoencoder.from_preset("fashion_mnist_28")
    codes = np.fromfile(folder / manifest.shards[3].name, "<f4").reshape(-1, 256)
    expected = autoencoder.encode(m2m.data.load("demo:digits").numpy(1024)[768:])
    np.testing.assert_array_equal(codes, expected)
