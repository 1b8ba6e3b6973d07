"""A sheet gives the images that lie side by side in it, row by row."""

import numpy as np
import pytest
from PIL import Image

from m2m_tf.data.readers.sheet import read_sheet
from scripts.demo_faces import OUT, write_sheet


def test_images_come_row_by_row(tmp_path):
    images = np.random.default_rng(0).integers(0, 256, (6, 8, 8, 3), "uint8")
    sheet = images.reshape(2, 3, 8, 8, 3).swapaxes(1, 2).reshape(16, 24, 3)
    Image.fromarray(sheet).save(tmp_path / "sheet.png")
    np.testing.assert_array_equal(read_sheet(tmp_path / "sheet.png", 8), images)


def test_a_sheet_of_other_sides_is_refused(tmp_path):
    Image.new("RGB", (24, 15)).save(tmp_path / "sheet.png")
    with pytest.raises(ValueError, match="images of 8x8; .* has 15x24 pixels"):
        read_sheet(tmp_path / "sheet.png", 8)


def test_the_script_writes_without_loss_what_is_read(tmp_path):
    images = np.random.default_rng(0).integers(0, 256, (100, 8, 8, 3), "uint8")
    write_sheet(tmp_path / "sheet.webp", list(images))
    np.testing.assert_array_equal(read_sheet(tmp_path / "sheet.webp", 8), images)


@pytest.mark.slow
def test_the_packages_sheet_is_what_the_script_writes_of_its_faces(tmp_path):
    write_sheet(tmp_path / "sheet.webp", list(read_sheet(OUT, 64)))
    np.testing.assert_array_equal(read_sheet(tmp_path / "sheet.webp", 64), read_sheet(OUT, 64))
    assert OUT.stat().st_size < 2_200_000
    assert "CC BY 4.0" in OUT.with_name("LICENSE").read_text(encoding="utf-8")
