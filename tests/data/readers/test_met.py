"""What only a pass over all files shows is said, and no picture is left out without a word."""

import re

import numpy as np
import pytest
from PIL import Image

from m2m_tf.data import load
from m2m_tf.data.value_range import Like


def save(folder, images, ending="png", **settings):
    folder.mkdir(exist_ok=True)
    for index, image in enumerate(images):
        Image.fromarray(image).save(folder / f"{index:03}.{ending}", **settings)
    return folder


def read(folder, **settings):
    """The images, and what was said of them in a pass."""
    images = load(folder, **settings)
    return images.numpy(), images.notes


@pytest.mark.parametrize("ending", ["jfif", "tif", "tiff", "avif"])
def test_the_endings_of_the_same_kinds_are_read(tmp_path, pixels, ending):
    settings = {"format": "JPEG"} if ending == "jfif" else {}
    found, notes = read(save(tmp_path / "x", pixels[:3], ending, **settings))
    np.testing.assert_allclose(found, load(pixels[:3]).numpy(), atol=0.5)
    assert len(found) == 3 and notes == []


def test_pictures_that_are_passed_over_are_counted(tmp_path, pixels):
    save(tmp_path / "x", pixels[:3])
    for name in ("a.HEIC", "b.heic", "c.svg", "labels.csv"):
        (tmp_path / "x" / name).write_text("x")
    found, notes = read(tmp_path / "x")
    assert len(found) == 3
    assert "passed over 3 files that may be pictures (2 .heic, 1 .svg)" in notes[0]


def test_rare_transparency_is_said(tmp_path, colour):
    images = [np.full((28, 28, 3), 9, "uint8")] * 60
    images[17] = np.dstack([images[0], np.zeros((28, 28), "uint8")])
    found, notes = read(save(tmp_path / "x", images))
    assert (found[17] == 1).all() and notes == ["composited transparency on white"]


@pytest.mark.parametrize(("top", "dark"), [(4095, True), (65535, False), (200, True)])
def test_sixteen_bits_are_said_and_where_they_are_dark_what_mends_it(tmp_path, top, dark):
    ramp = np.tile(np.linspace(0, top, 28), (28, 1)).astype("uint16")
    folder = save(tmp_path / "x", [ramp // 2, ramp, ramp // 3])
    found, notes = read(folder)
    assert notes[0].startswith("took 16 bits a channel for [0, 65535]") and len(notes) == 1
    assert (f"none of its values is above {top:,}" in notes[0]) == dark
    white = 255 if top == 200 else top
    assert f"value_range=(0, {white})" in notes[0] or not dark
    assert (read(folder, value_range=(0, 255))[0].max() == 1) == (top > 255)  # of any depth
    liked, _ = read(folder, value_range=Like((0, top)))
    mended, none = read(folder, value_range=(0, top))
    np.testing.assert_array_equal(liked, mended if top > 255 else found)
    assert none == [] and mended.max() == 1 and mended.min() == -1
    assert found.max() == pytest.approx(2 * top / 65535 - 1, abs=0.01)


def test_masks_of_0_and_1_are_said_and_mended(tmp_path, pixels):
    masks = (pixels[:3] > 127).astype("uint8")
    folder = save(tmp_path / "x", masks)
    assert "value_range=(0, 1)" in read(folder)[1][0]
    found, notes = read(folder, value_range=(0, 1))
    np.testing.assert_array_equal(found[..., 0], masks * 2.0 - 1)
    assert notes == [] and load(folder).fingerprint != load(folder, value_range=(0, 1)).fingerprint
    assert read(save(tmp_path / "x", pixels[:1]))[1] == []  # one that is no mask


def test_bytes_that_are_all_dark_are_said_and_mended(tmp_path, pixels):
    maps = pixels[:3] % 21
    folder = save(tmp_path / "x", [maps[0] % 2, *maps])
    assert "none of its values is above 20 of 255, so all is dark" in read(folder)[1][0]
    found, notes = read(folder, value_range=(0, 20))
    np.testing.assert_allclose(found[1:, ..., 0], maps / 10.0 - 1, atol=0.01)
    assert notes == [] and len(read(folder)[1]) == 1
    assert read(save(tmp_path / "x", [pixels[0] // 8 + 1]))[1] == []  # reaches 32


def test_what_a_model_was_fitted_to_changes_no_files_of_8_bits(tmp_path, pixels):
    folder = save(tmp_path / "x", pixels[:3])
    for pair in ((0, 1), (0, 4095)):
        found, _ = read(folder, value_range=Like(pair))
        np.testing.assert_array_equal(found, load(pixels[:3]).numpy())


@pytest.mark.parametrize(
    ("dtype", "factor", "pair", "said"),
    [
        ("uint8", 1, (0, 200), r"of one file \d+% of the values, which are in \[0, 255\], lie far"),
        ("uint16", 16, (0, 3000), r"in \[0, 4080\], lie far outside of \[0, 3000\] and were clip"),
        ("float32", 1, (0, 1), r"in \[0, 255\], lie far outside of \[0, 1\]"),
    ],
)
def test_values_that_a_range_clips_are_said(tmp_path, pixels, dtype, factor, pair, said):
    some = [np.zeros((28, 28), dtype), *(pixels[:3].astype(dtype) * factor)]
    found, notes = read(save(tmp_path / "x", some, "tif"), value_range=pair)
    assert len(found) == 4 and found.max() == 1
    assert len(notes) == 1 and re.search(said, notes[0])


def test_a_range_that_is_slightly_overshot_or_does_not_count_is_silent(tmp_path, pixels):
    masks = pixels[:3] > 127
    assert read(save(tmp_path / "x", masks, "tif"), value_range=(0, 1))[1] == []
    few = [np.minimum(image, 210) for image in pixels[:3]]
    assert read(save(tmp_path / "y", few), value_range=(0, 200))[1] == []
