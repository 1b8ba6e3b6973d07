"""One door: the grammar of sources, and the options."""

import gzip
import os

import numpy as np
import pytest
from PIL import Image

from m2m_tf.data import load, load_labels
from m2m_tf.data.paths import image_files


def test_the_demo_digits_come_with_the_package():
    images = load("demo:digits")
    assert (images.name, images.count, images.image_shape) == ("demo:digits", 10_000, (28, 28, 1))
    read = images.numpy(100)
    assert read.min() == -1 and read.max() == 1


@pytest.mark.slow
def test_the_demo_faces_come_with_the_package_and_differ():
    images = load("demo:faces")
    assert (images.name, images.count, images.image_shape) == ("demo:faces", 1500, (64, 64, 3))
    assert not images.brings_labels
    pixels = images.numpy()
    assert len(np.unique(pixels.reshape(1500, -1), axis=0)) > 1450
    assert (pixels[:, :4, :4] == 1).all()  # white corners: the sheet is cut where it should be
    with pytest.raises(ValueError, match="demo:faces has no labels"):
        load_labels("demo:faces")


def test_an_unknown_demo_is_refused_with_the_near_name():
    with pytest.raises(ValueError, match="Did you mean demo:digits"):
        load("demo:digit")


def test_a_path_to_nothing_is_refused_with_the_near_names(folder):
    with pytest.raises(ValueError, match="nothing is at .*Did you mean digits"):
        load(folder.parent / "digit")


@pytest.mark.parametrize("source", ["", "no/such/place", "http:something", "gs://bucket/folder"])
def test_what_is_no_source_is_refused_with_the_grammar(source):
    with pytest.raises(ValueError, match=r"a folder of images or a zip.*demo:digits"):
        load(source)


def test_a_single_image_file_is_refused_with_its_folder_as_the_remedy(folder):
    with pytest.raises(ValueError, match="Pass the folder"):
        load(folder / "000.png")


def test_a_file_of_another_kind_is_refused(tmp_path):
    (tmp_path / "notes.txt").write_text("hello")
    with pytest.raises(ValueError, match="got the file 'notes.txt'"):
        load(tmp_path / "notes.txt")


def test_something_that_is_no_source_at_all_is_refused():
    for source in (None, 3, object()):
        with pytest.raises(ValueError, match="load expects a path"):
            load(source)


def test_images_of_another_size_than_the_autoencoders_are_refused_without_image_size(
    folder, pixels
):
    for source in (folder, pixels, "demo:digits"):
        with pytest.raises(ValueError) as error:
            load(source, image_shape=(32, 32, 3))
        message = str(error.value)
        assert "expects images of shape (32, 32, 3)" in message and "got (28, 28, 1)" in message
        assert "m2m.data.resize" in message and "--image_size=32" in message


def test_a_size_that_is_not_square_is_offered_as_the_command_line_takes_it(pixels):
    with pytest.raises(ValueError, match="--image_size=48x64 on the command line"):
        load(pixels, image_shape=(48, 64, 1))


def test_image_size_mends_another_size(folder, pixels):
    for source in (folder, pixels):
        images = load(source, image_shape=(32, 32, 3), image_size=32)
        assert images.numpy(4).shape == (4, 32, 32, 3)
        assert "cropped and resized images from (28, 28) to (32, 32)" in images.notes


def test_an_image_size_that_is_not_the_autoencoders_is_refused(pixels):
    with pytest.raises(ValueError, match=r"got image_size=\(14, 14\)"):
        load(pixels, image_shape=(28, 28, 1), image_size=14)


@pytest.mark.parametrize(
    "options",
    [
        {"image_size": 0},
        {"image_size": (1, 2, 3)},
        {"image_size": 2.5},
        {"channels": 2},
        {"resize": "nearest"},
        {"max_bad": 1.5},
        {"at_least": None},
        {"image_shape": (28, 28)},
        {"image_shape": (28, 28, 4)},
    ],
)
def test_an_option_that_makes_no_sense_is_refused(pixels, options):
    with pytest.raises(ValueError, match=f"load expects .*{next(iter(options))}"):
        load(pixels, **options)


def test_a_gzipped_idx_file_is_known_by_its_content(tmp_path, pixels):
    header = bytes([0, 0, 8, 3]) + np.array(pixels.shape, ">u4").tobytes()
    (tmp_path / "some.data").write_bytes(gzip.compress(header + pixels.tobytes()))
    assert load(tmp_path / "some.data").count == 300


def test_a_home_folder_is_expanded(folder, monkeypatch):
    monkeypatch.setenv("HOME", str(folder.parent))
    assert load("~/digits").count == 40


def test_pictures_are_read_as_pillow_shows_them(tmp_path, colour):
    for index, image in enumerate(colour):
        Image.fromarray(image).save(tmp_path / f"{index:02d}.png")
    np.testing.assert_array_equal(load(tmp_path).numpy(), load(colour).numpy())


@pytest.mark.parametrize("name", ["pipe", "x.npy", "x.zip", "x-idx3-ubyte", "x.gz", "/dev/zero"])
def test_a_pipe_or_a_device_is_refused_and_not_waited_for(tmp_path, name):
    if not name.startswith("/"):
        os.mkfifo(tmp_path / name)
    with pytest.raises(ValueError, match="is a pipe, a socket or a device"):
        load(tmp_path / name)
    with pytest.raises(ValueError, match="is a pipe, a socket or a device"):
        image_files(tmp_path / name)
