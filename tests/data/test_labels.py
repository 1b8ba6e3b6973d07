"""The labels of a source, in the order of its images."""

import gzip
import shutil
import struct

import numpy as np
import pytest
import tensorflow as tf

from m2m_tf import data
from m2m_tf.pictures import save_folder

LABELS = np.arange(12) % 3


@pytest.fixture
def pixels():
    """12 images; number i is of one grey, i."""
    return np.repeat(np.arange(12, dtype="uint8"), 64).reshape(12, 8, 8)


def write_idx(path, array):
    header = struct.pack(">BBBB", 0, 0, 8, array.ndim) + struct.pack(
        f">{array.ndim}I", *array.shape
    )
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "wb") as file:
        file.write(header + array.astype("uint8").tobytes())


def test_those_of_the_package_are_the_digits(digits):
    labels = data.load_labels("demo:digits")
    assert labels.shape == (10_000,) and labels.dtype == np.int64
    assert np.bincount(labels).min() > 800
    # Each digit is nearer to the mean of its own label than to most others'.
    first, second, known = digits[:1000], digits[1000:], labels[:1000]
    means = np.stack([first[known == label].mean(axis=0) for label in range(10)])
    nearest = np.argmin(((second[:, None] - means) ** 2).sum(axis=(2, 3, 4)), axis=1)
    assert np.mean(nearest == labels[1000:2000]) > 0.7


def test_the_second_of_a_pair_are_the_labels(pixels):
    for labels in (LABELS, LABELS.tolist(), LABELS.astype("uint8")[:, None]):
        np.testing.assert_array_equal(data.load_labels((pixels, labels)), LABELS)


@pytest.mark.parametrize("dtype", ["float32", "int64", "bool"])
def test_one_hot_rows_are_numbers(pixels, dtype):
    np.testing.assert_array_equal(
        data.load_labels((pixels, np.eye(3, dtype=dtype)[LABELS])), LABELS
    )


def test_names_may_be_bytes_or_objects(pixels):
    names = ["cat", "dog", "owl"] * 4
    for labels in (names, np.array(names, object), np.array(names, "S")):
        assert data.load_labels((pixels, labels)).tolist() == names


@pytest.mark.parametrize("kind", ["pair", "dict", "pair of dicts", "strings"])
@pytest.mark.parametrize("batched", [False, True])
def test_a_dataset_gives_them_batched_or_not(pixels, kind, batched):
    elements = {
        "pair": (pixels, LABELS),
        "dict": {"image": pixels, "label": LABELS},
        "pair of dicts": ({"image": pixels}, {"label": LABELS}),
        "strings": (pixels, np.array(["cat", "dog", "owl"])[LABELS]),
    }[kind]
    dataset = tf.data.Dataset.from_tensor_slices(elements)
    labels = data.load_labels(dataset.batch(5) if batched else dataset)
    expected = elements[1] if kind == "strings" else LABELS
    np.testing.assert_array_equal(labels, expected)


def test_a_dataset_that_shuffles_anew_each_time_is_refused(pixels):
    dataset = tf.data.Dataset.from_tensor_slices((pixels, np.arange(12)))
    with pytest.raises(ValueError, match="reshuffle_each_iteration=False"):
        data.load_labels(dataset.shuffle(12, seed=1))
    kept = dataset.shuffle(12, seed=1, reshuffle_each_iteration=False)
    first = [int(image[0, 0]) for image, _ in kept]
    assert data.load_labels(kept).tolist() == first


def test_an_order_that_changes_late_is_refused():
    images, labels = np.zeros((1300, 2, 2), "uint8"), np.arange(1300)
    dataset = tf.data.Dataset.from_tensor_slices((images, labels))
    late = dataset.take(1200).concatenate(dataset.skip(1200).shuffle(100, seed=1))
    with pytest.raises(ValueError, match="reshuffle_each_iteration=False"):
        data.load_labels(late)


@pytest.mark.parametrize("kind", ["images", "dict", "pair of dicts"])
def test_a_dataset_without_labels_is_refused(pixels, kind):
    elements = {
        "images": pixels,
        "dict": {"image": pixels, "size": LABELS},
        "pair of dicts": (pixels, {"size": LABELS}),
    }[kind]
    dataset = tf.data.Dataset.from_tensor_slices(elements)
    with pytest.raises(ValueError, match=r"expects a tf.data.Dataset of \(image, label\)"):
        data.load_labels(dataset)


def test_sub_folders_are_classes_in_the_order_of_the_images(pixels, tmp_path):
    for name, rows in (("dog", [3, 4]), ("cat/young", [0, 1]), ("cat", [2])):
        save_folder(tmp_path / "images" / name, pixels[rows, ..., None], start=rows[0])
    (tmp_path / "images" / "notes.txt").write_text("no image")
    expected = ["cat", "cat", "cat", "dog", "dog"]
    assert data.load_labels(tmp_path / "images").tolist() == expected
    shutil.make_archive(tmp_path / "whole", "zip", tmp_path, "images")
    assert data.load_labels(tmp_path / "whole.zip").tolist() == expected
    for source in ("images", "whole.zip"):
        greys = (data.load(tmp_path / source).numpy()[:, 0, 0, 0] + 1) * 127.5
        assert sorted(np.rint(greys[:3])) == [0, 1, 2] and sorted(np.rint(greys[3:])) == [3, 4]


def test_skipped_files_have_none_and_stay_aligned(pixels, tmp_path):
    for name, rows in (("cat", range(6)), ("dog", range(6, 12))):
        save_folder(tmp_path / name, pixels[list(rows), ..., None])
    (tmp_path / "cat" / "000002.png").write_text("no image")
    images = data.load(tmp_path, max_bad=0.5)
    greys = np.rint((images.numpy()[:, 0, 0, 0] + 1) * 127.5)
    labels = np.concatenate([labels for _, labels in images.labelled_blocks(5)])
    assert labels.astype(str).tolist() == np.where(greys < 6, "cat", "dog").tolist()
    assert len(data.load_labels(tmp_path)) == 12  # no file is opened for them


def test_an_image_outside_all_classes_is_refused(pixels, tmp_path):
    save_folder(tmp_path / "cat", pixels[:2, ..., None])
    save_folder(tmp_path, pixels[:1, ..., None])
    with pytest.raises(ValueError, match="'000000.png' lies in none.*give them: fit"):
        data.load_labels(tmp_path)


@pytest.mark.parametrize("images, labels", [("", ""), (".gz", ".gz"), ("", ".gz"), (".gz", "")])
def test_idx_labels_lie_beside_their_images(pixels, tmp_path, images, labels):
    write_idx(tmp_path / f"train-images-idx3-ubyte{images}", pixels)
    write_idx(tmp_path / f"train-labels-idx1-ubyte{labels}", LABELS)
    for source in (tmp_path, tmp_path / f"train-images-idx3-ubyte{images}"):
        np.testing.assert_array_equal(data.load_labels(source), LABELS)


def test_idx_images_without_labels_are_refused_with_the_name_looked_for(pixels, tmp_path):
    write_idx(tmp_path / "images-idx3-ubyte", pixels)
    with pytest.raises(ValueError, match="called 'labels-idx1-ubyte'; there is no such file"):
        data.load_labels(tmp_path)
    write_idx(tmp_path / "labels-idx1-ubyte", pixels)
    with pytest.raises(ValueError, match="expects IDX labels: magic 0x00000801"):
        data.load_labels(tmp_path)


@pytest.mark.parametrize("key", ["labels", "y", "y_train"])
def test_npz_files_hold_them_beside_the_images(pixels, tmp_path, key):
    np.savez(tmp_path / "a.npz", **{"images": pixels, key: LABELS})
    np.testing.assert_array_equal(data.load_labels(tmp_path / "a.npz"), LABELS)


def test_npz_files_without_them_or_with_pickles_are_refused(pixels, tmp_path):
    np.savez(tmp_path / "a.npz", images=pixels)
    with pytest.raises(ValueError, match="expects an array 'labels' in 'a.npz'.*among images"):
        data.load_labels(tmp_path / "a.npz")
    np.savez(tmp_path / "a.npz", images=pixels, labels=np.array([{}] * 12))
    with pytest.raises(ValueError, match="expects an array 'labels' in 'a.npz'"):
        data.load_labels(tmp_path / "a.npz")


def test_a_source_of_images_alone_is_refused(pixels, tmp_path):
    np.save(tmp_path / "a.npy", pixels)
    with pytest.raises(ValueError, match="'a.npy'. Give them: fit"):
        data.load_labels(tmp_path / "a.npy")
    for source in (pixels, data.load(pixels)):
        with pytest.raises(ValueError, match="load_labels finds none in an object of"):
            data.load_labels(source)
    with pytest.raises(ValueError, match="nothing is at 'gone'"):
        data.load_labels("gone")


@pytest.mark.parametrize(
    "labels, said",
    [
        ([0.0, 1.0], "got float64 of shape \\(2,\\).*astype"),
        (np.full((2, 2), 0.5), "numpy.argmax"),
        (np.zeros((2, 1, 1), int), "one an image"),
        ([{}, {}], "got object"),
        (np.array([True, False]), "got bool"),
    ],
)
def test_what_is_no_label_is_refused(pixels, labels, said):
    with pytest.raises(ValueError, match=said):
        data.load_labels((pixels[:2], labels))
