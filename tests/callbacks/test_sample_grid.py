"""SampleGrid shows the same latents after each epoch."""

import io

import keras
import numpy as np
import pytest
from PIL import Image

import m2m_tf as m2m
from m2m_tf.callbacks import SampleGrid
from m2m_tf.pictures import grid

pytestmark = pytest.mark.slow


def fit(model, target, *callbacks, epochs=2, **settings):
    settings = {"batch_size": 300, "verbose": 0, **settings}
    return model.fit(target, epochs=epochs, callbacks=list(callbacks), **settings)


def pixels(path):
    return np.asarray(Image.open(path))


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def expected(model, count, seed):
    return grid(model.generate_from(model.sample_latent(count, seed)), scale=2)[..., 0]


class KeepPictures(keras.callbacks.Callback):
    """Keeps what the model makes of the latents of seed 5 after each epoch."""

    def __init__(self):
        super().__init__()
        self.pictures = []

    def on_epoch_end(self, epoch, logs=None):
        self.pictures.append(expected(self.model, 9, 5))


def test_each_grid_shows_the_same_latents_as_the_mind_is_then(make_mind, some_codes, tmp_path):
    kept = KeepPictures()
    fit(make_mind(), some_codes, SampleGrid(tmp_path / "new", 9, seed=5), kept, epochs=3)
    assert names(tmp_path / "new") == ["epoch-0001.png", "epoch-0002.png", "epoch-0003.png"]
    for name, picture in zip(names(tmp_path / "new"), kept.pictures, strict=True):
        np.testing.assert_array_equal(pixels(tmp_path / "new" / name), picture)
    assert (kept.pictures[0] != kept.pictures[-1]).any()


def test_a_grid_comes_every_few_epochs_and_at_the_end(make_mind, some_codes, tmp_path):
    fit(make_mind(), some_codes, SampleGrid(tmp_path, 4, every=2), epochs=5)
    assert names(tmp_path) == ["epoch-0002.png", "epoch-0004.png", "epoch-0005.png"]


@pytest.mark.parametrize("first", [0, 1])
def test_training_that_is_stopped_early_ends_with_its_last_minds_grid(
    make_mind, some_codes, tmp_path, first
):
    model = make_mind()
    stop = keras.callbacks.EarlyStopping("score_gap", min_delta=1e9, patience=1, mode="min")
    grids, kept = SampleGrid(tmp_path, 9, every=10, seed=5), KeepPictures()
    callbacks = [stop, grids] if first else [grids, stop]
    fit(model, some_codes, *callbacks, kept, epochs=9)
    assert names(tmp_path) == ["epoch-0002.png"]
    np.testing.assert_array_equal(pixels(tmp_path / "epoch-0002.png"), kept.pictures[-1])


def test_a_grid_of_classes_shows_what_generate_gives(shared_autoencoder, some_codes, tmp_path):
    generator = m2m.build_generator(16, (16,), widths=(16,), classes=2, residual=True)
    model = m2m.Mind2Mind(shared_autoencoder, generator, prior="mixture", classes=2, seed=0)
    model.compile(jit_compile=False)
    model.run_eagerly = True
    target, labels = some_codes.copy(), np.arange(300) % 2
    target[labels == 1] *= -1
    model.fit(
        target,
        labels,
        batch_size=300,
        callbacks=[SampleGrid(tmp_path, 9, seed=5)],
        verbose=0,
    )
    assert len(set(model.sample_labels(9, seed=5))) == 2
    shown = grid(model.generate(9, seed=5), scale=2)[..., 0]
    np.testing.assert_array_equal(pixels(tmp_path / "epoch-0001.png"), shown)


def test_training_goes_on_with_the_next_numbers(make_mind, some_codes, tmp_path):
    model, grids = make_mind(), SampleGrid(tmp_path, 4)
    fit(model, some_codes, grids, epochs=1)
    fit(model, some_codes, grids, epochs=3, initial_epoch=1)
    assert names(tmp_path) == ["epoch-0001.png", "epoch-0002.png", "epoch-0003.png"]


def test_tensorboard_gets_the_same_pictures(make_mind, some_codes, tmp_path, events):
    fit(make_mind(), some_codes, SampleGrid(tmp_path / "png", 4, log_dir=tmp_path / "board"))
    shown = events(tmp_path / "board")["samples"]
    assert [step for step, _ in shown] == [0, 1]
    for (_, content), name in zip(shown, names(tmp_path / "png"), strict=True):
        width, height, picture = content
        on_disk = pixels(tmp_path / "png" / name)
        assert (int(height), int(width)) == on_disk.shape
        np.testing.assert_array_equal(pixels(io.BytesIO(picture)), on_disk)


BAD = [
    ({"num_images": 0}, "num_images must be a whole number of 1 or more; got 0"),
    ({"every": None}, "every must be a whole number of 1 or more; got None"),
    ({"seed": "a"}, "seed must be a whole number"),
]


@pytest.mark.parametrize("settings, message", BAD)
def test_a_bad_setting_is_refused(tmp_path, settings, message):
    with pytest.raises(ValueError, match=message):
        SampleGrid(tmp_path, **settings)


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path):
    path = tmp_path / "file"
    path.write_text("")
    with pytest.raises(ValueError, match="expects a folder; .* is a file"):
        SampleGrid(path)


def test_another_model_is_refused(tmp_path):
    with pytest.raises(ValueError, match="SampleGrid watches a m2m.Mind2Mind; got Sequential"):
        SampleGrid(tmp_path).set_model(keras.Sequential())
