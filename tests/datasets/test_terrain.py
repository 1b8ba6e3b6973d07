"""Windows of a map of the Earth."""

import numpy as np
import pytest
from PIL import Image

from datasets.terrain import write_terrain


@pytest.fixture
def planet(tmp_path, emoji):
    """A map of real pictures beside an open sea."""
    land = np.rint((np.concatenate(emoji[:4], axis=1) + 1) * 127.5).astype(np.uint8)
    path = tmp_path / "planet.png"
    Image.fromarray(np.concatenate([land, np.full_like(land, 40)], axis=1)).save(path)
    return path


def test_windows_are_parts_of_the_map_with_something_in_them(planet, tmp_path):
    (tmp_path / "out").mkdir()
    write_terrain(planet, tmp_path / "out", size=32, num=12)
    windows = [np.asarray(Image.open(path)) for path in sorted((tmp_path / "out").iterdir())]
    assert len(windows) == 12
    assert all(window.shape == (32, 32, 3) and window.std() > 5 for window in windows)
    assert len({window.tobytes() for window in windows}) > 6


def test_a_window_larger_than_the_map_is_refused(planet, tmp_path):
    with pytest.raises(ValueError, match="at most 64.*got 128"):
        write_terrain(planet, tmp_path, size=128, num=1)


def test_a_map_of_one_colour_is_refused(tmp_path):
    Image.new("RGB", (64, 64), "navy").save(tmp_path / "sea.png")
    with pytest.raises(ValueError, match="one colour nearly everywhere"):
        write_terrain(tmp_path / "sea.png", tmp_path, size=32, num=1)
