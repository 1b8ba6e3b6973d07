"""A grid shows every image once, in order."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from m2m_tf.pictures import grid, save_grid


def numbered(count, height=3, width=3, channels=1):
    """Images that are each of one grey, all different."""
    values = np.arange(count, dtype=np.uint8).reshape(-1, 1, 1, 1)
    return np.broadcast_to(values, (count, height, width, channels))


@given(
    count=st.integers(1, 30),
    columns=st.none() | st.integers(1, 12),
    gap=st.integers(0, 3),
    channels=st.sampled_from([1, 3]),
)
def test_every_image_is_shown_once_in_reading_order(count, columns, gap, channels):
    picture = grid(numbered(count, channels=channels), columns, gap)
    assert picture.shape[-1] == channels
    first_pixels = picture[gap :: 3 + gap, gap :: 3 + gap, 0].ravel()
    shown = [value for value in first_pixels.tolist() if value != 255]
    assert shown == list(range(count))


def test_sixty_four_square_images_make_a_square_of_eight():
    assert grid(numbered(64), gap=1).shape == (33, 33, 1)


def test_wide_images_make_more_rows_than_columns():
    height, width, _ = grid(numbered(16, height=10, width=40), gap=0).shape
    assert (height, width) == (80, 80)


def test_columns_are_no_more_than_the_images():
    assert grid(numbered(2), columns=10, gap=0).shape == (3, 6, 1)


def test_a_scale_enlarges_the_images_and_not_the_gap():
    assert grid(numbered(1), gap=2, scale=4).shape == (16, 16, 1)


@pytest.mark.parametrize("options", [{"columns": 0}, {"gap": -1}, {"columns": 2.5}])
def test_impossible_layouts_are_refused(options):
    with pytest.raises(ValueError, match="columns >= 1 and gap >= 0, whole numbers; got"):
        grid(numbered(4), **options)


@pytest.mark.parametrize("channels", [1, 3])
def test_a_saved_grid_reads_back_as_the_grid(tmp_path, channels):
    images = numbered(5, channels=channels)
    path = save_grid(tmp_path / "new" / "samples.png", images)
    read = np.asarray(Image.open(path)).reshape(grid(images).shape)
    assert (read == grid(images)).all()


def test_a_name_that_is_not_png_is_refused(tmp_path):
    with pytest.raises(ValueError, match="must end in .png; got"):
        save_grid(tmp_path / "samples.jpg", numbered(2))
    assert list(tmp_path.iterdir()) == []
