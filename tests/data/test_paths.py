"""Which reader reads a path."""

import numpy as np
import pytest

from m2m_tf.data import load
from m2m_tf.data.paths import image_files


def test_a_folder_and_a_zip_of_images_are_files_and_others_are_not(folder, pixels, tmp_path):
    assert len(image_files(folder).names) == 40
    np.save(tmp_path / "digits.npy", pixels)
    assert image_files(tmp_path / "digits.npy") is None
    assert image_files("demo:digits") is None and image_files("tfds:mnist") is None


@pytest.mark.parametrize("name", ["pics.tar.gz", "pics.tgz", "pics.7z", "pics.RAR", "pics.tar.xz"])
def test_another_archive_is_refused_with_what_to_do(tmp_path, name):
    (tmp_path / name).write_bytes(b"")
    with pytest.raises(ValueError, match=f"got the archive '{name}'. Unpack it .* as a zip"):
        load(str(tmp_path / name))


def test_an_image_alone_is_refused_with_its_folder_offered(folder):
    with pytest.raises(ValueError, match="got the file '000.png'. Pass the folder"):
        load(str(folder / "000.png"))


def test_what_is_not_there_is_refused_and_near_names_are_offered(folder):
    for source, near in (("digit", "Did you mean digits"), ("zebra", "nothing is at")):
        with pytest.raises(ValueError, match=near):
            load(str(folder.parent / source))
    with pytest.raises(ValueError, match="nothing is at ''"):
        load("")


@pytest.mark.parametrize("name", ["~nobody-of-that-name/mine", "long" * 1000, "long" * 1000 + "/a"])
def test_a_name_that_nothing_can_have_is_refused_and_shown_in_short(name):
    for read in (load, image_files):
        with pytest.raises(ValueError, match="nothing is at '") as refusal:
            read(name)
        assert len(str(refusal.value)) < 500
