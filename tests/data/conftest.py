"""Real digits as pixels, and as files of every kind that is read."""

import numpy as np
import pytest
from PIL import Image


@pytest.fixture(scope="session")
def pixels(digits):
    """300 real digits, uint8 (300, 28, 28); not to be changed."""
    images = np.rint((digits[:300, ..., 0] + 1) * 127.5).astype(np.uint8)
    images.setflags(write=False)
    return images


@pytest.fixture
def folder(tmp_path, pixels):
    """A folder of 40 digits as PNG, in order, half of them in a sub-folder."""
    root = tmp_path / "digits"
    (root / "more").mkdir(parents=True)
    for index, image in enumerate(pixels[:40]):
        place = root if index < 20 else root / "more"
        Image.fromarray(image).save(place / f"{index:03d}.png")
    return root


@pytest.fixture
def colour(pixels):
    """Three real digits as red, green and blue: uint8 (20, 28, 28, 3)."""
    return np.stack([pixels[:20], pixels[20:40], pixels[40:60]], axis=-1)
