"""A thaw that does no good says so, and leaves the model as it was."""

import json

import keras
import numpy as np
import pytest

import m2m_tf as m2m
from m2m_tf.files.checkpoint_folder import CheckpointFolder
from m2m_tf.minds import Mind2Mind
from m2m_tf.runs.thaw import floors, thaw

pytestmark = pytest.mark.slow


def linear(shape, matrix, out_shape):
    """A linear network of a matrix that is given."""
    layers = [keras.Input(shape), keras.layers.Flatten()]
    layers += [keras.layers.Dense(len(matrix[0]), use_bias=False), keras.layers.Reshape(out_shape)]
    network = keras.Sequential(layers)
    network.set_weights([matrix])
    return network


@pytest.fixture
def half_seen():
    """Noise, an autoencoder that sees half of it and draws that twice, and a judge of the rest.

    Drawn twice, the unseen half has the right law. The least squared error is at its mean: blur.
    """
    one, none, shape = np.eye(8), np.zeros((8, 8)), (4, 4, 1)
    encoder = linear(shape, np.concatenate([one, none]), (8,))
    decoder = linear((8,), np.concatenate([one, one], axis=1), shape)
    judge = linear(shape, np.concatenate([none, one]), (8,))
    noise = np.random.default_rng(0).uniform(-1, 1, (256, *shape)).astype("float32")
    return noise, m2m.Autoencoder(encoder, decoder, name="half"), judge


def test_a_thaw_that_blurs_keeps_the_frozen_decoder(half_seen, tmp_path):
    noise, frozen, judge = half_seen
    model = Mind2Mind(frozen, prior="uniform", latent_dim=4, seed=0)
    model.compile(jit_compile=False)
    model.fit(noise, epochs=1, batch_size=64, validation_split=0.25, verbose=0)
    before = model.generate(3, seed=0)
    settings = {"epochs": 8, "learning_rate": 0.02, "verbose": 0}
    done = thaw(model, noise, tmp_path / "out", extractor=judge, **settings)
    assert done.training.after < 0.8 * done.training.before
    row, floor, thawed = floors(done.frozen, done.thawed)
    assert row == "held_out_floor" and thawed > floor and not done.kept
    assert "Thawing did no good, and the model is as it was" in str(done)
    assert f"was {floor:.3f} and came to {thawed:.3f}" in str(done)
    loaded = Mind2Mind.load(tmp_path / "out" / "model")
    assert loaded.autoencoder.name == "half" and model.autoencoder is frozen
    np.testing.assert_allclose(loaded.generate(3, seed=0), before, atol=1e-5)
    assert json.loads((tmp_path / "out" / "thaw.json").read_text())["kept"] is False


def test_a_thaw_that_lowers_the_floor_is_kept(model_folder, digits, tmp_path):
    settings = {"epochs": 1, "learning_rate": 1e-4, "validation_split": 0.2, "verbose": 0}
    done = thaw(model_folder, digits[:128], tmp_path / "out", "digits_fashion", **settings)
    assert done.kept and "did no good" not in str(done)
    assert Mind2Mind.load(tmp_path / "out" / "model").autoencoder.name == "tiny_thawed"


def test_cut_off_the_same_call_goes_on_and_another_is_refused(
    model_folder, digits, tmp_path, monkeypatch
):
    settings = {"epochs": 2, "learning_rate": 1e-4, "validation_split": 0.2, "verbose": 0}
    arguments = (model_folder, digits[:128], tmp_path / "out", "digits_fashion")
    write = CheckpointFolder.write

    def write_and_cut(*arguments):
        write(*arguments)
        if arguments[1] == 1:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(CheckpointFolder, "write", write_and_cut)
        thaw(*arguments, **settings)
    assert [path.name for path in tmp_path.iterdir()] == [".out.unfinished"]
    with pytest.raises(ValueError, match="epochs 2 there, 3 now"):
        thaw(*arguments, **{**settings, "epochs": 3})
    thawed = thaw(*arguments, **settings)
    whole = thaw(*arguments[:2], tmp_path / "whole", "digits_fashion", **settings)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "whole"]
    assert thawed.thawed == whole.thawed and thawed.training.history == whole.training.history
    ours, theirs = (each.model.autoencoder.decoder.get_weights() for each in (thawed, whole))
    for each, other in zip(ours, theirs, strict=True):
        np.testing.assert_array_equal(each, other)
