"""Every bad input ends in one clear message with status 2, and leaves nothing behind."""

import zipfile

import numpy as np
import pytest

from m2m_tf.pictures import save_folder
from tests.cli.pictures_on_disk import truncate, write_digits, write_huge_png


@pytest.fixture
def transfer_refused(refused, tiny_autoencoder_folder):
    """A function that transfers to a bad target and gives the one message."""

    def run(target, *arguments):
        flags = ("--autoencoder", tiny_autoencoder_folder, "--target", target, "--out", "runs/out")
        message = refused("transfer", *flags, *arguments)
        assert message.startswith("m2m transfer: ")
        return message

    return run


def test_a_target_that_is_not_there_is_refused(transfer_refused):
    assert "nowhere" in transfer_refused("nowhere")


def test_an_empty_folder_is_refused(transfer_refused, tmp_path):
    (tmp_path / "images").mkdir()
    assert "images" in transfer_refused("images")


def test_a_folder_without_images_is_refused_and_told_what_is_read(transfer_refused, tmp_path):
    (tmp_path / "images").mkdir()
    (tmp_path / "images" / "notes.txt").write_text("no image")
    assert "png" in transfer_refused("images")


@pytest.mark.parametrize("spoil", [truncate, lambda path: path.write_text("no image")])
def test_more_than_one_bad_image_in_twenty_is_refused_by_name(
    transfer_refused, tmp_path, digits, spoil
):
    paths = write_digits(tmp_path / "images", digits, 20)
    for path in paths[:2]:
        spoil(path)
    assert "000000.png" in transfer_refused("images", "--batch_size=8")


def test_an_image_of_30000_pixels_a_side_is_refused(transfer_refused, tmp_path, digits):
    write_digits(tmp_path / "images", digits, 4)
    write_huge_png(tmp_path / "images" / "huge.png")
    message = transfer_refused("images", "--batch_size=2")
    assert "huge.png" in message and "pixels" in message


def test_images_of_another_size_are_refused_and_told_of_image_size(
    transfer_refused, tmp_path, digits
):
    save_folder(tmp_path / "images", digits[:8].repeat(2, axis=1).repeat(2, axis=2))
    message = transfer_refused("images", "--batch_size=4")
    assert "28" in message and "56" in message and "--image_size" in message


def test_values_out_of_range_are_refused_with_the_range_seen(transfer_refused, tmp_path):
    images = np.linspace(0, 2000, 4 * 28 * 28, dtype=np.float32).reshape(4, 28, 28, 1)
    np.save(tmp_path / "images.npy", images)
    message = transfer_refused("images.npy", "--batch_size=2")
    assert "[-1, 1]" in message and "[0, 2000]" in message


def test_nan_is_refused_and_the_image_named(transfer_refused, tmp_path):
    images = np.zeros((4, 28, 28, 1), np.float32)
    images[2, 5, 5] = np.nan
    np.save(tmp_path / "images.npy", images)
    message = transfer_refused("images.npy", "--batch_size=2")
    assert "2" in message and "NaN" in message


def test_a_target_smaller_than_a_batch_is_refused(transfer_refused, tmp_path, digits):
    np.save(tmp_path / "images.npy", digits[:100])
    message = transfer_refused("images.npy", "--batch_size=128")
    assert "100" in message and "128" in message and "batch_size" in message


def test_a_zip_that_climbs_out_of_its_folder_is_refused(transfer_refused, tmp_path, digits):
    (path, *_) = write_digits(tmp_path / "images", digits, 4)
    with zipfile.ZipFile(tmp_path / "images.zip", "w") as archive:
        archive.write(path, "../evil.png")
        archive.write(path, "good.png")
    assert "../evil.png" in transfer_refused("images.zip")


def test_an_unknown_tfds_name_says_what_to_do_instead(transfer_refused):
    message = transfer_refused("tfds:there_is_no_such_set")
    assert "tfds" in message and "folder" in message


def test_an_unknown_demo_set_is_refused(transfer_refused):
    assert "demo:digits" in transfer_refused("demo:letters")


def test_an_output_folder_that_holds_something_is_refused(transfer_refused, tmp_path):
    (tmp_path / "runs" / "out").mkdir(parents=True)
    (tmp_path / "runs" / "out" / "thesis.txt").write_text("precious")
    message = transfer_refused("demo:digits")
    assert "thesis.txt" in message and "--overwrite" in message


def test_an_output_folder_that_holds_the_target_is_never_replaced(
    transfer_refused, tmp_path, digits
):
    write_digits(tmp_path / "runs" / "out", digits, 4)
    assert "would delete" in transfer_refused("runs/out", "--overwrite")


def test_an_output_that_is_a_file_is_refused(transfer_refused, tmp_path):
    (tmp_path / "runs").mkdir()
    (tmp_path / "runs" / "out").write_text("precious")
    assert "is a file" in transfer_refused("demo:digits", "--overwrite")


def test_an_output_below_a_file_is_refused(refused, tmp_path, tiny_autoencoder_folder):
    (tmp_path / "file").write_text("precious")
    message = refused("demo", "--autoencoder", tiny_autoencoder_folder, "--out", "file/out")
    assert "file" in message


def test_an_unknown_preset_is_refused_and_near_names_are_offered(refused):
    message = refused("demo", "--autoencoder", "fashion_mnist", "--out", "out")
    assert "'fashion_mnist'" in message and "'fashion_mnist_28" in message


def test_a_folder_that_is_no_autoencoder_is_refused(refused, tmp_path):
    (tmp_path / "mine").mkdir()
    assert "card.json" in refused("demo", "--autoencoder", "mine", "--out", "out")


def test_an_autoencoder_folder_that_is_not_there_is_refused(refused):
    assert "mine/gone" in refused("demo", "--autoencoder", "mine/gone", "--out", "out")


def test_a_name_that_would_clear_the_screen_is_shown_and_not_obeyed(refused):
    message = refused("clean", "a\x1b[2Jb")
    assert "\x1b" not in message and r"a\x1b[2Jb" in message


def test_minutes_and_epochs_together_are_refused(transfer_refused):
    message = transfer_refused("images", "--minutes", "10", "--epochs", "3")
    assert "--epochs" in message and "--minutes" in message


@pytest.mark.parametrize("minutes", ["0", "-1", "ten", "nan"])
def test_what_is_no_time_is_refused(transfer_refused, minutes):
    assert "a number above 0" in transfer_refused("images", f"--minutes={minutes}")
