"""A folder of images holds one readable PNG an image, in order."""

import numpy as np
from PIL import Image

from m2m_tf.pictures import save_folder


def test_each_image_is_one_numbered_file(tmp_path):
    pixels = np.arange(3, dtype=np.uint8).reshape(3, 1, 1, 1).repeat(4, 1).repeat(4, 2)
    paths = save_folder(tmp_path / "out", pixels)
    assert [path.name for path in paths] == ["000000.png", "000001.png", "000002.png"]
    assert [Image.open(path).getpixel((0, 0)) for path in paths] == [0, 1, 2]


def test_a_later_batch_goes_on_with_the_numbers(tmp_path):
    save_folder(tmp_path, np.zeros((1, 4, 4, 3), np.uint8))
    save_folder(tmp_path, np.zeros((1, 4, 4, 3), np.uint8), start=1)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["000000.png", "000001.png"]
