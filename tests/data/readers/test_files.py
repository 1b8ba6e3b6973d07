"""Which files are images, and what is said of the others."""

import pytest

from m2m_tf.data.readers.files import is_image_name, no_images, unread_of


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
