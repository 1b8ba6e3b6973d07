"""Images of another aspect ratio: cropped, padded or stretched."""

import numpy as np
import pytest
from PIL import Image

import m2m_tf as m2m


@pytest.fixture
def wide(emoji):
    """Three real pictures of 32x64, float32 in [-1, 1]."""
    return emoji[:3, 16:48]


def test_padding_keeps_the_whole_picture_and_adds_white(wide):
    padded = m2m.data.resize(wide, 64, fit="pad")
    assert padded.shape == (3, 64, 64, 3)
    np.testing.assert_array_equal(padded[:, 16:48], wide)
    assert (padded[:, :16] == 1).all() and (padded[:, 48:] == 1).all()


def test_bytes_are_padded_with_white_too(wide):
    pixels = np.rint((wide + 1) * 127.5).astype(np.uint8)
    padded = m2m.data.resize(pixels, (64, 64), fit="pad")
    np.testing.assert_array_equal(padded[:, 16:48], pixels)
    assert (padded[:, :16] == 255).all()


def test_stretching_uses_every_row_and_column(wide):
    stretched = m2m.data.resize(wide, 32, fit="stretch")
    expected = wide.reshape(3, 32, 32, 2, 3).mean(axis=3)
    np.testing.assert_allclose(stretched, expected, atol=1e-5)


def test_cropping_is_what_happens_where_nothing_is_said(wide):
    np.testing.assert_array_equal(m2m.data.resize(wide, 32), m2m.data.resize(wide, 32, fit="crop"))
    np.testing.assert_array_equal(m2m.data.resize(wide, 32), wide[:, :, 16:48])


@pytest.mark.parametrize("fit", ["crop", "pad", "stretch"])
def test_files_and_arrays_become_the_same(wide, tmp_path, fit):
    pixels = np.rint((wide + 1) * 127.5).astype(np.uint8)
    for number, image in enumerate(pixels):
        Image.fromarray(image).save(tmp_path / f"{number}.png")
    of_files = m2m.data.load(tmp_path, image_size=(48, 40), fit=fit)
    of_array = m2m.data.load(pixels, image_size=(48, 40), fit=fit)
    np.testing.assert_allclose(of_files.numpy(), of_array.numpy(), atol=2 / 127.5)


def test_images_made_over_are_told_apart_by_their_fingerprint(wide):
    prints = [
        m2m.data.load(wide, image_size=32, fit=fit).fingerprint
        for fit in ("crop", "pad", "stretch")
    ]
    assert len(set(prints)) == 3


def test_the_notes_say_what_was_done(wide):
    assert "resized and padded images" in m2m.data.load(wide, image_size=64, fit="pad").notes[0]
    assert "stretched images" in m2m.data.load(wide, image_size=64, fit="stretch").notes[0]


def test_another_word_is_refused(wide):
    with pytest.raises(ValueError, match="fit to be one of .*; got 'cover'"):
        m2m.data.load(wide, image_size=64, fit="cover")
