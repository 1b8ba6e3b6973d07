"""`m2m thaw` leaves a thawed model and the figures of before and after."""

import json

import numpy as np
import pytest

from m2m_tf.minds import Mind2Mind

pytestmark = pytest.mark.slow

FEW = ("--epochs=3", "--batch_size=32", "--learning_rate=1e-4", "--extractor=pixels")


@pytest.fixture
def target(tmp_path, digits):
    """The flags that name the images which the model was fitted to."""
    np.save(tmp_path / "target.npy", digits[:128])
    return ("--target", "target.npy", "--out", "thawed")


def test_a_thawed_model_and_both_floors_are_left(m2m, tmp_path, model_folder, target, digits):
    result = m2m("thaw", "--model", model_folder, *target, *FEW, "--validation_split=0.2")
    assert result.status == 0, result.err
    folder = tmp_path / "thawed"
    written = ["comparison.png", "model", "samples.png", "thaw.json"]
    assert sorted(path.name for path in folder.iterdir()) == written
    figures = json.loads((folder / "thaw.json").read_text())
    frozen, thawed = figures["frozen"], figures["thawed"]
    assert frozen.keys() == thawed.keys() and len(frozen) == 4
    training = figures["training"]
    assert training["images"] + training["held_out_images"] == 128
    assert training["after"] < training["before"]
    lines = [line for line in result.out.splitlines() if "reconstructions of held-out" in line]
    values = [figure["held_out_floor"]["frechet_distance"]["value"] for figure in (frozen, thawed)]
    assert lines[0].split()[-2:] == [f"{value:.3f}" for value in values]
    model = Mind2Mind.load(folder / "model")
    assert model.autoencoder.name == "tiny_thawed"
    old = Mind2Mind.load(model_folder)
    np.testing.assert_allclose(
        model.generate_codes(3, seed=0), old.generate_codes(3, seed=0), atol=1e-6
    )
    assert np.abs(model.generate(3, seed=0) - old.generate(3, seed=0)).max() > 1e-4


def test_other_images_than_the_models_are_refused(refused, tmp_path, model_folder, digits):
    np.save(tmp_path / "others.npy", digits[200:400])
    message = refused("thaw", "--model", model_folder, "--target", "others.npy", "--out", "thawed")
    assert "validation_split" in message
