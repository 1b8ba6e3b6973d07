"""What the explorer's page shows is what the model makes."""

import numpy as np
import pytest
from PIL import Image

import m2m_tf as m2m
from m2m_tf.codes import held_out_rows
from m2m_tf.serving.explorer.explore import ANY_CLASS, Explorer, pictures_of
from m2m_tf.serving.explorer.training_images import load_training_images

pytestmark = pytest.mark.slow


def test_samples_are_those_of_generate_enlarged(explorer):
    images, codes = explorer.sample(5, 3, 1.0)
    expected = np.rint((explorer.model.generate(5, seed=3) + 1) * 127.5)
    assert images.shape == (5, 112, 112, 1) and codes.shape == (5, 16)
    assert np.abs(images[:, ::4, ::4].astype(int) - expected).max() <= 1
    np.testing.assert_array_equal(explorer.sample(5, 3, 1.0)[0], images)
    assert not np.array_equal(explorer.sample(5, 3, 0.5)[0], images)


def test_a_png_holds_the_images(explorer):
    images, _ = explorer.sample(4, 0, 1.0)
    picture = np.asarray(Image.open(explorer.save_png(images)))
    np.testing.assert_array_equal(picture[2:114, 2:114], images[0, ..., 0])


def test_a_walk_goes_from_one_seed_to_the_other(explorer):
    with Image.open(explorer.walk(0, 5, 6, 1.0)) as animation:
        assert animation.n_frames == 6 and animation.size == (112, 112)
        frames = {}
        for number in (0, 3):
            animation.seek(number)
            frames[number] = np.asarray(animation.convert("L"))[::4, ::4]
    first, halfway = explorer.model.sample_latent(1, 0), explorer.model.sample_latent(1, 5)
    for frame, latent in ((0, first), (3, halfway)):
        expected = np.rint((explorer.model.generate_from(latent)[0, ..., 0] + 1) * 127.5)
        assert np.abs(frames[frame].astype(int) - expected).max() <= 2  # of a palette


def test_the_nearest_of_a_training_image_is_itself(explorer, digits):
    trained = np.flatnonzero(~held_out_rows(600, 0.1))
    pixels = np.rint((digits[:600] + 1) * 127.5).astype("uint8")
    codes = explorer.model.autoencoder.encode(pixels[trained[:20]])
    images, distances = explorer.training_images.nearest(codes, 3)
    np.testing.assert_array_equal(images[:, 0], pixels[trained[:20]])
    assert distances[:, 0].max() < 0.01 and (np.diff(distances, axis=1) >= 0).all()


def test_held_out_images_are_not_among_them(explorer):
    assert len(explorer.training_images.images) == (~held_out_rows(600, 0.1)).sum()
    assert explorer.training_images.notes == []


def test_a_picture_of_any_size_is_reconstructed(explorer, digits):
    pixels = np.rint((digits[0] + 1) * 127.5).astype("uint8")
    for picture in (np.repeat(pixels, 3, axis=2), np.zeros((200, 90, 3), "uint8")):
        taken, made, code = explorer.reconstruct(picture)
        assert taken.shape == made.shape == (1, 112, 112, 1)
        captioned = explorer.neighbours(code)
        assert len(captioned) == 6 and float(captioned[0][1]) > 0
    taken, _, code = explorer.reconstruct(np.repeat(pixels, 3, axis=2))
    assert np.abs(taken[0, ::4, ::4].astype(int) - pixels).max() <= 2


def test_a_file_is_read_as_the_model_takes_it(explorer, digits, tmp_path):
    pixels = np.rint((digits[0, ..., 0] + 1) * 127.5).astype("uint8")
    Image.fromarray(pixels).save(tmp_path / "mine.png")
    np.testing.assert_array_equal(explorer.read(tmp_path / "mine.png")[..., 0], pixels)


@pytest.mark.parametrize(
    ("name", "make", "said"),
    [
        ("large.png", lambda: Image.new("1", (10_001, 5_000)), "more than 50 million pixels"),
        ("words.png", None, "not an image in PNG"),
        ("page.pdf", lambda: Image.new("L", (9, 9)), "not an image in PNG"),
    ],
)
def test_a_file_that_is_too_large_or_no_image_is_refused(explorer, tmp_path, name, make, said):
    (tmp_path / name).write_bytes(b"words")
    if make:
        make().save(tmp_path / name)
    with pytest.raises(ValueError, match=f"Expected an image to reconstruct; .*{said}"):
        explorer.read(tmp_path / name)


def test_other_images_than_the_models_are_said_to_be_others(explorer, digits):
    others = m2m.data.load(digits[600:900])
    found = load_training_images(explorer.model, others)
    assert "was fitted to other images" in found.notes[0] and len(found.images) == 300


def test_classes_can_be_chosen_by_name(tiny_autoencoder, digits):
    model = m2m.Mind2Mind(tiny_autoencoder, classes=("even", "odd"), seed=0)
    model.compile(jit_compile=False)
    model.fit(digits[:256], np.array(["even", "odd"] * 128), batch_size=64, verbose=0)
    explorer = Explorer(model)
    assert explorer.labels == (ANY_CLASS, "even", "odd")
    expected = np.rint((model.generate(3, seed=1, label="odd") + 1) * 127.5)
    images, _ = explorer.sample(3, 1, 1.0, "odd")
    assert np.abs(images[:, ::4, ::4].astype(int) - expected).max() <= 1
    any_class, _ = explorer.sample(3, 1, 1.0, ANY_CLASS)
    expected = np.rint((model.generate(3, seed=1) + 1) * 127.5)
    assert np.abs(any_class[:, ::4, ::4].astype(int) - expected).max() <= 1


@pytest.mark.parametrize(("channels", "shape"), [(1, (4, 4)), (3, (4, 4, 3))])
def test_a_page_takes_grey_pictures_without_a_last_axis(channels, shape):
    assert [each.shape for each in pictures_of(np.zeros((2, 4, 4, channels)))] == [shape] * 2
