"""What `look` says of a target, and how it would have it taken."""

import shutil
import zipfile

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

import m2m_tf as m2m
from m2m_tf.data.look import Look


def draw(path, height, width, mode="RGB", seed=0):
    path.parent.mkdir(parents=True, exist_ok=True)
    channels = len(Image.new(mode, (1, 1)).getbands())
    pixels = np.random.default_rng(seed).integers(0, 256, (height, width, channels), "uint8")
    Image.fromarray(pixels.squeeze(), mode).save(path)


@pytest.fixture
def folder(tmp_path):
    """Six sprites of three sizes, one grey and one twice, a broken one, and a text."""
    sprites = tmp_path / "sprites"
    for number in range(4):
        draw(sprites / f"{number}.png", 70, 50, "RGBA", number)
    draw(sprites / "small.png", 20, 20, "L")
    shutil.copy(sprites / "0.png", sprites / "twin.png")
    (sprites / "broken.png").write_bytes(b"\x89PNG and no more")
    (sprites / "notes.txt").write_text("no image")
    return sprites


def test_every_file_is_looked_at(folder):
    found = m2m.look(folder)
    assert found.count == 6
    assert found.sizes == {(70, 50): 5, (20, 20): 1}
    assert (found.grey, found.transparent, found.duplicates, found.others) == (1, 5, 1, 1)
    assert [name for name, _ in found.unreadable] == ["broken.png"]
    assert (found.image_size, found.fit, found.is_ready) == ((72, 48), "pad", False)


def test_it_is_said_in_lines_for_people(folder):
    lines = str(m2m.look(folder)).splitlines()
    assert lines[0] == (
        "sprites: 6 images, 2 sizes, most often 70x50 (5), colour, 1 of them grey, 5 transparent, "
        "1 duplicate, 1 other file passed over"
    )
    assert lines[1].startswith("1 file cannot be read: broken.png (")
    assert lines[2].startswith("To be taken at 72x48 pixels, each with a white margin")
    assert lines[2].endswith(": 6 with a margin, 5 shrunk, 1 enlarged.")


def test_it_counts_what_a_crop_does_to_images_of_other_shapes(tmp_path):
    for number, (height, width) in enumerate([(64, 64), (64, 64), (128, 64), (32, 32)]):
        draw(tmp_path / f"p/{number}.png", height, width, seed=number)
    assert str(m2m.look(tmp_path / "p")).endswith(": 1 cropped, 1 enlarged.")
    images = m2m.data.load(tmp_path / "p", image_size=64)
    assert images.notes == ["cropped and resized images of several sizes to (64, 64)"]


def test_a_zip_is_looked_at_in_place(folder, tmp_path):
    with zipfile.ZipFile(tmp_path / "sprites.zip", "w") as archive:
        for path in sorted(folder.iterdir()):
            archive.write(path, path.name)
    ours, theirs = m2m.look(tmp_path / "sprites.zip"), m2m.look(folder)
    assert (ours.sizes, ours.duplicates, ours.others) == (theirs.sizes, theirs.duplicates, 1)


def test_sub_folders_are_classes_unless_files_lie_beside_them(tmp_path):
    for number, name in enumerate(("cat/a", "cat/b", "dog/a")):
        draw(tmp_path / f"pets/{name}.png", 32, 32, seed=number)
    assert m2m.look(tmp_path / "pets").classes == {"cat": 2, "dog": 1}
    draw(tmp_path / "pets/beside.png", 32, 32)
    assert m2m.look(tmp_path / "pets").classes == {}


def test_images_that_fit_are_taken_as_they_are(tmp_path, emoji):
    for number in range(3):
        draw(tmp_path / f"p/{number}.png", 96, 512, seed=number)
    found = m2m.look(tmp_path / "p")
    assert found.is_ready and found.image_size == (96, 512)
    assert "as they are" in str(found)


@pytest.mark.parametrize(
    ("sizes", "transparent", "expected"),
    [
        ({(300, 300): 5}, 0, (256, 256)),
        ({(512, 256): 4, (300, 300): 1}, 0, (256, 128)),
        ({(100, 200): 1, (150, 180): 1, (90, 400): 1}, 0, (104, 104)),  # shorter sides 90, 100, 150
        ({(100, 200): 1, (150, 180): 1, (90, 400): 1}, 3, (200, 200)),  # longer sides
        ({(28, 28): 9}, 0, (32, 32)),
        ({(4000, 10): 2}, 0, (256, 32)),
    ],
)
def test_the_size_is_that_of_most_or_of_the_median_image(sizes, transparent, expected):
    assert Look("some", sizes, transparent=transparent).image_size == expected


def test_sources_without_files_are_loaded(digits):
    assert m2m.look("demo:digits").sizes == {(28, 28): 10_000}
    found = m2m.look(digits[:50])
    assert (found.count, found.grey) == (50, 50)


@pytest.mark.parametrize("held", ["batches", "generator function"])
def test_sources_that_do_not_say_how_many_they_hold_are_counted(digits, held):
    batches = tf.data.Dataset.from_tensor_slices(digits[:50]).batch(8)
    found = m2m.look(batches if held == "batches" else lambda: iter(digits[:50]))
    assert (found.count, found.grey, found.fit) == (50, 50, "crop")
    assert "50 images, all 28x28" in str(found)


def test_what_is_not_there_or_holds_nothing_to_look_at_is_refused(tmp_path):
    with pytest.raises(ValueError, match="nothing is at"):
        m2m.look(tmp_path / "gone")
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad/a.png").write_bytes(b"none")
    with pytest.raises(ValueError, match="look expects readable images; none of the 1 in 'bad'"):
        m2m.look(tmp_path / "bad")


def test_a_stream_without_an_end_is_not_looked_at_for_ever(digits):
    def endless():
        while True:
            yield from digits[:300]

    with pytest.raises(ValueError, match="gave the same 300 images again and again"):
        m2m.look(endless)


def test_floats_are_counted_and_their_range_is_asked_for(tmp_path):
    for index in range(3):
        values = np.random.default_rng(index).uniform(0, 1, (40, 40)).astype("float32")
        Image.fromarray(values).save(tmp_path / f"{index}.tif")
    draw(tmp_path / "bytes.png", 40, 40, "L")
    found = m2m.look(tmp_path)
    assert (found.count, found.floats) == (4, 3)
    assert "3 images of floats: value_range=(black, white), or --value_range," in str(found)
