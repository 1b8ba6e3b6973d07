"""A folder of images: what is read, in which order, what is skipped, what is refused."""

import os
import resource
import shutil
import socket
import sys

import numpy as np
import pytest
from PIL import Image

from m2m_tf.data import load
from m2m_tf.data.readers.folder import files_of


def _write(folder, images, suffix=".png"):
    folder.mkdir(exist_ok=True)
    for index, image in enumerate(images):
        Image.fromarray(image).save(folder / f"{index:04d}{suffix}")
    return folder


def test_sub_folders_are_read_in_the_order_of_their_paths(folder, pixels):
    images = load(folder)
    assert (images.name, images.count) == ("digits", 40)
    np.testing.assert_allclose(images.numpy(), pixels[:40, ..., None] / 127.5 - 1, atol=1e-6)


def test_the_end_of_a_pass_does_not_wait_for_the_tuner_of_tf_data(folder):
    images = load(folder)
    for dataset in (
        images.batches(8),
        images.blocks(8),
        load(images, image_size=(14, 14)).batches(8),
    ):
        assert dataset.options().autotune.enabled is False


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif", ".PNG"])
def test_each_kind_of_file_is_read(tmp_path, pixels, suffix):
    images = load(_write(tmp_path / "some", pixels[:5], suffix), channels=1)
    assert images.image_shape == (28, 28, 1)
    assert np.abs(images.numpy()[..., 0] - (pixels[:5] / 127.5 - 1)).mean() < 0.05


def test_hidden_files_and_other_files_are_ignored(folder):
    (folder / "notes.txt").write_text("hello")
    (folder / "Thumbs.db").write_bytes(b"\0")
    shutil.copy(folder / "000.png", folder / ".hidden.png")
    (folder / ".cache").mkdir()
    shutil.copy(folder / "000.png", folder / ".cache" / "x.png")
    assert load(folder).count == 40


def test_links_that_lead_round_in_circles_end(folder):
    (folder / "again").symlink_to(folder)
    (folder / "more" / "up").symlink_to("..")
    (folder / "self.png").symlink_to("self.png")
    (folder / "nowhere.png").symlink_to("gone.png")
    assert load(folder).count == 40


def test_a_link_to_another_folder_is_followed(folder, tmp_path, pixels):
    _write(tmp_path / "elsewhere", pixels[:3])
    (folder / "linked").symlink_to(tmp_path / "elsewhere")
    assert load(folder).count == 43


def test_a_name_that_is_not_utf8_is_read(folder):
    shutil.copy(folder / "000.png", os.fsencode(folder) + b"/\xff\xfe.png")
    (folder / "more" / "bad.png").write_text("no")
    images = load(folder)
    assert images.count == 42 and len(images.numpy()) == 41


def test_an_empty_folder_is_refused(tmp_path):
    with pytest.raises(ValueError, match="load expects images .* got an empty folder"):
        load(tmp_path)


def test_a_folder_with_no_images_is_refused_with_the_kinds_that_are_read(tmp_path):
    for name in ("a.txt", "b.heic", "c"):
        (tmp_path / name).write_text("hello")
    with pytest.raises(ValueError, match=r"\.png, \.jpg.*\.gif, .*; got 3 other files"):
        load(tmp_path)


def test_a_folder_of_one_image_is_refused(tmp_path, pixels):
    with pytest.raises(ValueError, match="at least 2 images; got 1"):
        load(_write(tmp_path / "one", pixels[:1]))


def test_one_truncated_image_among_good_ones_is_skipped_and_listed(folder):
    whole = (folder / "007.png").read_bytes()
    (folder / "007.png").write_bytes(whole[: len(whole) // 2])
    images = load(folder)
    assert images.count == 40
    for _ in range(2):  # a second pass does not list it twice
        assert images.numpy().shape == (39, 28, 28, 1)
        [(name, reason)] = images.skipped
        assert name == "007.png" and "damaged" in reason


def test_one_misnamed_file_among_good_ones_is_skipped_and_listed(folder):
    (folder / "more" / "notes.png").write_text("hello")
    images = load(folder)
    assert images.numpy().shape == (40, 28, 28, 1)
    assert images.skipped == [
        ("more/notes.png", "not an image in PNG, JPEG, WebP, BMP, GIF, TIFF or AVIF")
    ]


def test_an_image_with_the_suffix_of_another_kind_is_read(folder, pixels):
    Image.fromarray(pixels[7]).save(folder / "007.png", "BMP")
    images = load(folder)
    assert images.numpy().shape == (40, 28, 28, 1) and images.skipped == []


def test_a_file_that_vanishes_is_skipped(folder):
    images = load(folder)
    (folder / "more" / "033.png").unlink()
    assert len(images.numpy()) == 39
    assert images.skipped[0][0] == "more/033.png"


def test_more_bad_files_than_five_in_a_hundred_are_refused_and_listed(folder):
    for index in range(10, 17):
        (folder / f"{index:03d}.png").write_text("hello")
    with pytest.raises(ValueError, match=r"^load expects at most 5%.*01\d.png \(not an image"):
        load(folder).numpy()


def test_a_higher_max_bad_lets_more_bad_files_pass(folder):
    for index in range(10, 17):
        (folder / f"{index:03d}.png").write_text("hello")
    images = load(folder, max_bad=0.5)
    assert len(images.numpy()) == 33 and len(images.skipped) == 7


def test_no_bad_file_passes_where_max_bad_is_zero(folder):
    (folder / "000.png").write_text("hello")
    with pytest.raises(ValueError, match="at most 0%"):
        load(folder, max_bad=0)


def test_a_folder_of_nothing_but_bad_files_is_refused(tmp_path):
    for index in range(9):
        (tmp_path / f"{index}.jpg").write_text("hello")
    for max_bad in (0.05, 1):
        with pytest.raises(ValueError, match="could not be read|readable"):
            load(tmp_path, max_bad=max_bad)


def test_a_header_that_announces_30000_by_30000_pixels_is_skipped_unread(folder):
    data = bytearray((folder / "005.png").read_bytes())
    data[16:24] = np.array([30_000, 30_000], ">u4").tobytes()  # width and height; the rest is kept
    import zlib

    data[29:33] = zlib.crc32(bytes(data[12:29])).to_bytes(4, "big")
    (folder / "005.png").write_bytes(data)
    images = load(folder)
    assert len(images.numpy()) == 39
    assert "100 megapixels" in images.skipped[0][1]


def test_images_of_several_sizes_are_refused_with_the_name_of_the_first_other_one(folder, pixels):
    Image.fromarray(pixels[0][:20]).save(folder / "more" / "021.png")
    with pytest.raises(
        ValueError, match=r"^load expects images of one size.*more/021.png.*image_size"
    ):
        load(folder).numpy()


def test_images_of_several_sizes_are_brought_to_one(folder, pixels):
    Image.fromarray(pixels[0][:20]).save(folder / "more" / "021.png")
    assert load(folder, image_size=(20, 24)).numpy().shape == (40, 20, 24, 1)


def test_grey_images_among_coloured_ones_become_colour_and_it_is_said(folder, colour):
    Image.fromarray(colour[0]).save(folder / "000.png")
    images = load(folder)
    assert images.image_shape == (28, 28, 3)
    assert images.notes == ["converted grey images to colour (3 equal channels)"]
    np.testing.assert_array_equal(images.numpy(1)[0], colour[0] / np.float32(127.5) - 1)


def test_coloured_images_become_grey_for_a_grey_autoencoder_and_it_is_said(tmp_path, colour):
    images = load(_write(tmp_path / "colour", colour), image_shape=(28, 28, 1))
    assert images.numpy().shape == (20, 28, 28, 1)
    assert images.notes == ["converted colour images to grey (Rec. 601 luma)"]


def test_transparent_images_are_put_on_white_and_it_is_said(tmp_path, colour):
    alpha = np.concatenate([colour, np.zeros_like(colour[..., :1])], axis=-1)
    images = load(_write(tmp_path / "clear", alpha))
    assert (images.numpy() == 1).all()
    assert images.notes == ["composited transparency on white"]


def test_the_fingerprint_follows_names_contents_and_options(folder, pixels):
    seen = {load(folder).fingerprint, load(folder, image_size=14).fingerprint}
    Image.fromarray(pixels[50]).save(folder / "000.png")
    seen.add(load(folder).fingerprint)
    (folder / "000.png").rename(folder / "0.png")
    seen.add(load(folder).fingerprint)
    assert len(seen) == 4
    assert load(folder).fingerprint == load(folder).fingerprint


def test_a_folder_is_streamed_and_not_read_ahead_of_its_reader(tmp_path, pixels):
    _write(tmp_path / "many", np.resize(pixels, (600, 28, 28)))
    images = load(tmp_path / "many", max_bad=0.5)
    for index in range(500, 599):
        (tmp_path / "many" / f"{index:04d}.png").write_text("hello")
    next(iter(images.batches(8)))
    assert images.skipped == []


@pytest.mark.slow
def test_memory_does_not_grow_with_the_folder(tmp_path, pixels):
    large = [np.asarray(Image.fromarray(image).resize((512, 512))) for image in pixels[:20]]
    folder = _write(tmp_path / "large", [large[i % 20] for i in range(320)])
    images = load(folder)

    def peak():
        unit = 1 if sys.platform == "darwin" else 1024
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit

    for batch in images.batches(8).take(8):
        assert batch.shape == (8, 512, 512, 1)
    before = peak()
    assert sum(len(batch) for batch in images.batches(8)) == 320
    assert peak() - before < 80e6  # all of it is 335e6


def test_pipes_and_sockets_in_a_folder_are_counted_among_others_and_not_waited_for(folder):
    os.mkfifo(folder / "pipe.png")
    os.mkfifo(folder / "x-idx3-ubyte")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(folder / "s.png"))
        assert load(folder).numpy().shape == (40, 28, 28, 1)
        assert files_of(folder).others == 3


def test_an_image_that_becomes_a_pipe_is_skipped_and_listed(folder):
    images = load(folder)
    (folder / "003.png").unlink()
    os.mkfifo(folder / "003.png")
    assert len(images.numpy()) == 39
    assert images.skipped == [("003.png", "no file any more")]


def test_a_name_that_a_terminal_would_obey_is_shown(folder):
    (folder / "a\x1b[2J.png").write_bytes(b"no image")
    images = load(folder)
    assert len(images.numpy()) == 40 and images.skipped[0][0] == r"a\x1b[2J.png"
