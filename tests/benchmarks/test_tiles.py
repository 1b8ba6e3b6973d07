"""Tiles cut from a game's sheets."""

import numpy as np
import pytest
from PIL import Image

from benchmarks.real_data.tiles import cut, write_tiles


@pytest.fixture
def sheets(tmp_path, emoji):
    """Three sheets of 2x2 real pictures of 32x32, one cell of each left empty."""
    for name, images in zip(
        ("feat", "floor", "wall"), emoji[:9].reshape(3, 3, 64, 64, 3), strict=True
    ):
        sheet = np.zeros((64, 64, 4), np.uint8)
        for place, image in enumerate(images):
            row, column = divmod(place, 2)
            cell = np.rint((image[::2, ::2] + 1) * 127.5).astype(np.uint8)
            sheet[32 * row : 32 * row + 32, 32 * column : 32 * column + 32, :3] = cell
            sheet[32 * row : 32 * row + 32, 32 * column : 32 * column + 32, 3] = 255
        Image.fromarray(sheet).save(tmp_path / f"{name}.png")
    return tmp_path


def test_cells_that_hold_something_are_cut(sheets):
    with Image.open(sheets / "feat.png") as sheet:
        assert cut(np.asarray(sheet)).shape == (3, 32, 32, 4)


def test_tiles_are_enlarged_without_smoothing_and_repeats_left_out(sheets, tmp_path):
    (tmp_path / "out").mkdir()
    Image.open(sheets / "feat.png").save(sheets / "wall.png")  # the same tiles again
    assert write_tiles(sheets, tmp_path / "out", size=64) == 6
    pixels = np.asarray(Image.open(next((tmp_path / "out").glob("feat-*.png"))))
    assert pixels.shape == (64, 64, 3)
    np.testing.assert_array_equal(pixels[::2, ::2], pixels[1::2, 1::2])


def test_a_size_that_would_smooth_is_refused(sheets, tmp_path):
    with pytest.raises(ValueError, match="multiple of it; got 48"):
        write_tiles(sheets, tmp_path, size=48)
