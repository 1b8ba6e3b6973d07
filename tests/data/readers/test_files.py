"""Which files are images, and what is said of the others."""

import numpy as np
import pytest
from PIL import Image

from m2m_tf.data import load
from m2m_tf.data.readers.files import is_image_name, no_images, unread_of
from m2m_tf.data.value_range import Like, like


@pytest.mark.parametrize("name", ["a.png", "B.JPG", "c.x.jpeg", "d.webp", "e.tiff"])
def test_endings_of_images_are_known_in_either_case(name):
    assert is_image_name(name) and unread_of(name) == ()


@pytest.mark.parametrize(("name", "ending"), [("a.heic", ".heic"), ("B.SVG", ".svg")])
def test_files_that_may_be_pictures_are_told_from_others(name, ending):
    assert not is_image_name(name) and unread_of(name) == (ending,)


@pytest.mark.parametrize("name", [".hidden.png", "notes.txt", "png", "a.png.part"])
def test_hidden_files_and_others_are_no_images(name):
    assert not is_image_name(name) and unread_of(name) == ()


def test_a_source_without_images_is_told_what_is_read():
    assert "in 'pics': files that end in .png, .jpg" in no_images("pics", "3 other files")


FILES = {  # of what kind, the range that was given, and the arrays
    "8 bits": ("uint8", (0, 85), lambda x: x // 3),
    "masks": ("uint8", (0, 1), lambda x: (x > 127).astype("uint8")),
    "16 bits": ("whole", (0, 4095), lambda x: x.astype("uint16") * 16),
    "16 bits, some outside": ("whole", (0, 3000), lambda x: x.astype("uint16") * 16),
    "16 bits of 8": ("whole", (0, 255), lambda x: x.astype("uint16")),
    "floats": ("float", (0, 1), lambda x: (x / 255).astype("float32")),
}


def save(folder, images):
    folder.mkdir()
    for index, image in enumerate(images):
        Image.fromarray(image).save(folder / f"{index:03}.tif")
    return folder


@pytest.mark.parametrize("files", FILES)
def test_files_are_read_again_as_a_fit_was_told(tmp_path, pixels, files):
    kind, pair, make = FILES[files]
    folder = save(tmp_path / "x", make(pixels[:20]))
    told = load(folder, value_range=pair)
    record = {"value_range": list(told.value_range), "range_given_for": told.range_given_for}
    again = load(folder, value_range=like(record))
    np.testing.assert_array_equal(again.numpy(), told.numpy())
    assert again.fingerprint == told.fingerprint and told.range_given_for == kind
    assert again.range_given_for == kind and "as the model's fit was told" in again.notes[0]


@pytest.mark.parametrize(
    ("given", "of"), [((0, 85), "uint8"), ((0, 1), "float"), ((0, 85), None), ((0, 4095), "whole")]
)
def test_files_of_another_kind_or_range_are_read_as_ever(tmp_path, pixels, given, of):
    folder = save(tmp_path / "x", 255 - pixels[:20] // 4)
    images = load(folder, value_range=Like(given, of))
    np.testing.assert_array_equal(images.numpy(), load(folder).numpy())
    assert images.range_given_for is None and images.notes == []
