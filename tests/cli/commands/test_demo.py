"""`m2m demo` leaves what `m2m transfer` leaves, and a report."""

import json

import numpy as np
import pytest
from PIL import Image

from m2m_tf.minds import Mind2Mind

pytestmark = pytest.mark.slow


REPORT = ("report.html", "report.json")


def read_metrics(folder):
    return json.loads((folder / "metrics.json").read_text())


def test_the_demo_leaves_samples_comparison_model_metrics_and_a_report(
    m2m, tmp_path, tiny_autoencoder_folder
):
    flags = ("--autoencoder", tiny_autoencoder_folder, "--out", "runs/demo", "--epochs=2")
    result = m2m("demo", *flags, "--seed=3", "--num_images=100")
    assert result.status == 0, result.err
    assert result.err == ""
    folder = tmp_path / "runs" / "demo"
    names = sorted(("comparison.png", "samples.png", "model", "metrics.json", *REPORT))
    assert sorted(path.name for path in folder.iterdir()) == names
    assert [path.name for path in folder.parent.iterdir()] == ["demo"]

    report = json.loads((folder / "report.json").read_text())
    assert report["verdict"] in result.out
    assert report["held_out_images"] == 100
    assert set(report["memorisation"]) == {"features", "codes", "pixels"}

    metrics = read_metrics(folder)
    assert set(metrics["seconds"]) == {"encode", "train", "generate"}
    assert all(value > 0 for value in metrics["seconds"].values())
    assert all(len(values) == 2 for values in metrics["losses"].values())
    assert {"critic_loss", "generator_loss", "score_gap"} <= set(metrics["losses"])
    assert metrics["sizes"]["images"] == 10_000 and metrics["sizes"]["held_out"] == 1001
    assert metrics["sizes"]["code_shape"] == [16]
    assert all(count > 0 for count in metrics["sizes"]["parameters"].values())
    assert metrics["repeatable"]["the_same_again"] == ["codes", "losses", "weights", "images"]
    assert set(metrics["versions"]) == {"python", "m2m_tf", "tensorflow", "keras", "numpy"}
    assert metrics["seed"] == 3 and metrics["skipped"] == []

    images = Mind2Mind.load(folder / "model").generate(64, seed=3)
    samples = np.asarray(Image.open(folder / "samples.png"))
    first = np.rint((images[0, ..., 0] + 1) * 127.5)
    assert np.abs(samples[2:58:2, 2:58:2].astype(float) - first).max() <= 1


def test_the_demo_of_faces_is_of_the_universal_autoencoder(m2m, tmp_path):
    result = m2m("demo", "faces", "--out", "faces", "--epochs=1", "--num_images=60")
    assert result.status == 0, result.err
    metrics = read_metrics(tmp_path / "faces")
    assert metrics["choices"]["target"] == "demo:faces"
    assert metrics["choices"]["autoencoder"] == "universal"
    assert metrics["sizes"]["image_shape"] == [64, 64, 3]
    assert metrics["sizes"]["held_out"] == 150
    for name in ("samples.png", "report.html"):
        assert f"Wrote faces/{name}" in result.out and (tmp_path / "faces" / name).is_file()
