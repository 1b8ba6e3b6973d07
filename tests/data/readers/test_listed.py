"""A list of image files, in its order."""

import numpy as np
import pytest

from m2m_tf.data import load


def test_files_are_read_in_the_order_of_the_list(folder, pixels):
    files = [folder / f"{index:03d}.png" for index in (7, 3, 5)]
    images = load(files)
    np.testing.assert_array_equal(images.numpy(), load(pixels[[7, 3, 5]]).numpy())
    assert load([str(file) for file in files]).fingerprint == images.fingerprint
    assert load(files[::-1]).fingerprint != images.fingerprint


def test_what_is_no_file_is_refused_by_its_name(folder):
    for wrong in (folder / "gone.png", folder):
        with pytest.raises(ValueError, match=f"'{wrong}' is none. Pass the folder itself"):
            load([folder / "000.png", wrong])


def test_one_that_cannot_be_read_is_skipped_and_listed(folder):
    (folder / "text.png").write_text("no picture")
    files = [*sorted(folder.glob("0*.png")), folder / "text.png"]
    images = load(files, max_bad=0.5)
    assert len(images.numpy()) == 20 and images.skipped[0][0] == str(folder / "text.png")
