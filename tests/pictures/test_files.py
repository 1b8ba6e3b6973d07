"""Picture files are of the kind that their names say, and there whole or not at all."""

import numpy as np
import pytest
from PIL import Image

from m2m_tf.pictures.files import check_suffix, save_png, to_picture


@pytest.mark.parametrize("channels, mode", [(1, "L"), (3, "RGB")])
def test_the_pixels_that_are_written_are_read_again(tmp_path, channels, mode):
    pixels = np.random.default_rng(0).integers(0, 256, (5, 7, channels), dtype=np.uint8)
    assert to_picture(pixels).mode == mode
    path = save_png(tmp_path / "a.PNG", pixels)
    with Image.open(path) as picture:
        assert (picture.format, picture.mode) == ("PNG", mode)
        np.testing.assert_array_equal(np.asarray(picture).reshape(pixels.shape), pixels)
    assert [each.name for each in tmp_path.iterdir()] == ["a.PNG"]


def test_a_name_of_another_kind_is_refused_and_nothing_is_written(tmp_path):
    assert check_suffix("x.GIF", (".gif", ".webp")) == ".gif"
    with pytest.raises(ValueError, match="must end in .gif or .webp; got 'x.png'"):
        check_suffix("x.png", (".gif", ".webp"))
    with pytest.raises(ValueError, match="must end in .png"):
        save_png(tmp_path / "a.jpg", np.zeros((2, 2, 1), np.uint8))
    assert not list(tmp_path.iterdir())
