"""Sheets of many kinds of picture, to learn from and held out."""

import numpy as np
import pytest
from PIL import Image

from datasets import sheets
from datasets.universal import (
    Kind,
    crops,
    emoji_key,
    in_grey_mosaics,
    in_mosaics,
    one_by_one,
    write_sheets,
)


@pytest.fixture
def pictures(tmp_path, emoji):
    """Paths of 12 real pictures, 64x64, half of each transparent."""
    paths = []
    for number, image in enumerate(emoji[:12]):
        pixels = np.rint((image + 1) * 127.5).astype(np.uint8)
        alpha = np.full((64, 64, 1), 255, np.uint8)
        alpha[:32] = 0
        paths.append(tmp_path / f"{number:02d}.png")
        Image.fromarray(np.concatenate([pixels, alpha], axis=2)).save(paths[-1])
    return paths


def large_picture(emoji):
    """Nine real pictures side by side, uint8 `(192, 192, 3)`."""
    rows = emoji[:9].reshape(3, 3, 64, 64, 3).transpose(0, 2, 1, 3, 4).reshape(192, 192, 3)
    return np.rint((rows + 1) * 127.5).astype(np.uint8)


def test_items_of_one_key_are_never_divided():
    items = [f"{key}{copy}" for key in "abcdefgh" for copy in range(3)]
    train, held_out = sheets.split(items, 4, key=lambda item: item[0])
    assert len(train) == 18 and len(held_out) == 6
    assert not {item[0] for item in train} & {item[0] for item in held_out}


def test_skin_tones_are_one_emoji():
    assert emoji_key("1f44b-1f3fb.png") == emoji_key("1F44B.png") == "1f44b"


def test_what_is_transparent_shows_the_colour(pictures):
    with Image.open(pictures[0]) as image:
        square = np.asarray(sheets.padded(image, (10, 20, 30), 128))
    assert square.shape == (128, 128, 3)
    assert (square[:64] == (10, 20, 30)).all()
    assert (square[64:96, 32:96] != (10, 20, 30)).any()


def test_grey_pictures_keep_their_pixels_in_a_mosaic(digits):
    pixels = np.rint((digits[:16, ..., 0] + 1) * 127.5).astype(np.uint8)
    sheet = sheets.grey_mosaic(pixels)
    assert sheet.shape == (128, 128, 3)
    np.testing.assert_array_equal(sheet[2:30, 34:62, 0], pixels[1])


def test_a_crop_is_a_part_of_its_picture(emoji):
    large = np.rint(
        (np.concatenate(np.concatenate(emoji[:9].reshape(3, 3, 64, 64, 3), 1), 1) + 1) * 127.5
    )
    image = Image.fromarray(large.astype(np.uint8))
    part = sheets.crop(image, np.random.RandomState(0))
    assert part.shape == (128, 128, 3)
    assert large.min() <= part.min() and part.max() <= large.max()


def test_kinds_are_mixed_in_their_shares_and_held_out_by_picture(pictures, digits, tmp_path):
    grey = list(np.rint((digits[:60, ..., 0] + 1) * 127.5).astype(np.uint8))
    kinds = {
        "whole": Kind(50, pictures, one_by_one(sheets.whole_or_part), every=4),
        "mosaics": Kind(20, pictures, in_mosaics(2), every=4),
        "grey": Kind(30, grey, in_grey_mosaics, lambda image: image.tobytes(), every=4),
    }
    (tmp_path / "out").mkdir()
    counts = write_sheets(kinds, tmp_path / "out", train=40, held_out=10)
    assert counts["train.npy"] == {"whole": 20, "mosaics": 8, "grey": 12}
    train = np.load(tmp_path / "out" / "train.npy")
    assert train.shape == (40, 128, 128, 3) and train.dtype == np.uint8
    held_out = np.load(tmp_path / "out" / "held_out.npy")
    assert held_out.shape == (10, 128, 128, 3)
    is_grey = (train == train[..., :1]).all(axis=(1, 2, 3))
    assert is_grey[:20].any() and is_grey[20:].any()  # mixed
    again = tmp_path / "again"
    again.mkdir()
    write_sheets(kinds, again, train=40, held_out=10)
    np.testing.assert_array_equal(np.load(again / "train.npy"), train)


def test_large_pictures_are_cropped_equally_often(emoji, tmp_path):
    paths = []
    for number in range(2):
        paths.append(tmp_path / f"{number}.png")
        Image.fromarray(large_picture(emoji)).save(paths[-1])
    assert len(list(crops(paths, 5, np.random.RandomState(0)))) == 5
