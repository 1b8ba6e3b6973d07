"""Labels come with their images, from one pass over the source."""

import gzip
import shutil
import struct

import numpy as np
import pytest
import tensorflow as tf

from m2m_tf import data
from m2m_tf.pictures import save_folder

COUNT = 60
NUMBERS = np.arange(COUNT) // 20
NAMES = np.array(["cat", "dog", "owl"])[NUMBERS]


@pytest.fixture
def pixels():
    """60 images; number i is of one grey, i, so that an image says which label is its own."""
    return np.repeat(np.arange(COUNT, dtype="uint8"), 64).reshape(COUNT, 8, 8)


@pytest.fixture
def classes(pixels, tmp_path):
    """A folder of three classes of which four files are no images, a whole block among them."""
    for name in ("cat", "dog", "owl"):
        rows = np.flatnonzero(NAMES == name)
        save_folder(tmp_path / "pets" / name, pixels[rows, ..., None], start=rows[0])
    for number in (4, 5, 6, 7, 25):
        (tmp_path / "pets" / NAMES[number] / f"{number:06d}.png").write_text("no image")
    return tmp_path / "pets"


def read(images, size=7, skip=0):
    """(the grey of each image, its label), of all blocks."""
    blocks = list(images.labelled_blocks(size, skip))
    assert all(len(block) == len(labels) <= size for block, labels in blocks)
    greys = [np.rint((block.numpy()[:, 0, 0, 0] + 1) * 127.5) for block, _ in blocks]
    labels = [labels.numpy() for _, labels in blocks]
    return np.concatenate(greys).astype(int), np.concatenate(labels)


def names_of(labels):
    return [label.decode() for label in labels]


@pytest.mark.parametrize("kind", ["folder", "zip"])
@pytest.mark.parametrize("size", [2, 7, 64])
def test_what_is_skipped_vanishes_from_both(classes, kind, size):
    if kind == "zip":
        shutil.make_archive(classes, "zip", classes)
    source = classes if kind == "folder" else f"{classes}.zip"
    images = data.load(source, max_bad=0.5)
    greys, labels = read(images, size)
    assert greys.tolist() == [n for n in range(COUNT) if n not in (4, 5, 6, 7, 25)]
    assert names_of(labels) == NAMES[greys].tolist()
    assert len(images.skipped) == 5


def test_blocks_that_are_passed_over_take_their_labels_along(classes):
    greys, labels = read(data.load(classes, max_bad=0.5), size=8, skip=3)
    assert greys.tolist() == [24, *range(26, COUNT)]
    assert names_of(labels) == NAMES[greys].tolist()


@pytest.mark.parametrize("batched", [False, True])
@pytest.mark.parametrize("sized", [False, True])
def test_a_dataset_that_shuffles_anew_each_time_gives_each_image_its_own(pixels, batched, sized):
    dataset = tf.data.Dataset.from_tensor_slices((pixels, NUMBERS)).shuffle(COUNT, seed=3)
    if not sized:
        signature = (tf.TensorSpec(None, tf.uint8), tf.TensorSpec((), tf.int64))
        shuffled = dataset
        dataset = tf.data.Dataset.from_generator(
            lambda: shuffled.as_numpy_iterator(), output_signature=signature
        )
    images = data.load(dataset.batch(9) if batched else dataset)
    orders = []
    for _ in range(2):
        greys, labels = read(images)
        assert sorted(greys) == list(range(COUNT))
        np.testing.assert_array_equal(labels, NUMBERS[greys])
        orders.append(greys.tolist())
    assert orders[0] != orders[1]


@pytest.mark.parametrize("kind", ["pair", "dict", "pair of dicts", "strings", "column"])
def test_every_form_of_a_dataset_brings_them(pixels, kind):
    elements = {
        "pair": (pixels, NUMBERS),
        "dict": {"image": pixels, "label": NUMBERS},
        "pair of dicts": ({"image": pixels}, {"label": NUMBERS}),
        "strings": (pixels, NAMES),
        "column": (pixels, NUMBERS[:, None]),
    }[kind]
    images = data.load(tf.data.Dataset.from_tensor_slices(elements).batch(7))
    greys, labels = read(images)
    if kind == "strings":
        assert names_of(labels) == NAMES[greys].tolist()
    else:
        np.testing.assert_array_equal(labels.reshape(-1), NUMBERS[greys])


def write_idx(path, array):
    header = struct.pack(">BBBB", 0, 0, 8, array.ndim) + struct.pack(
        f">{array.ndim}I", *array.shape
    )
    with gzip.open(path, "wb") as file:
        file.write(header + array.astype("uint8").tobytes())


@pytest.mark.parametrize("kind", ["idx", "npz"])
def test_files_of_arrays_bring_those_that_lie_beside(pixels, tmp_path, kind):
    if kind == "idx":
        write_idx(tmp_path / "train-images-idx3-ubyte.gz", pixels)
        write_idx(tmp_path / "train-labels-idx1-ubyte.gz", NUMBERS)
        source = tmp_path
    else:
        source = tmp_path / "pets.npz"
        np.savez(source, images=pixels, labels=NUMBERS)
    greys, labels = read(data.load(source))
    np.testing.assert_array_equal(labels, NUMBERS[greys])


def test_those_of_the_package_are_the_digits():
    images = data.load("demo:digits")
    ((_, labels),) = images.labelled_blocks(50).take(1)
    np.testing.assert_array_equal(labels, data.load_labels("demo:digits")[:50])


def test_images_made_over_keep_theirs(pixels):
    dataset = tf.data.Dataset.from_tensor_slices((pixels, NUMBERS)).shuffle(COUNT, seed=3)
    made_over = data.load(data.load(dataset), image_size=4, channels=3)
    greys, labels = read(made_over)
    np.testing.assert_array_equal(labels, NUMBERS[greys])


def test_labels_that_are_used_are_not_called_ignored(pixels):
    images = data.load(tf.data.Dataset.from_tensor_slices((pixels, NUMBERS)))
    assert images.notes == ["ignored the labels"]
    read(images)
    assert images.notes == []


def test_images_of_their_own_may_be_read_too(classes):
    images = data.load(classes, max_bad=0.5)
    read(images)
    assert len(images.numpy()) == COUNT - 5


@pytest.mark.parametrize("kind", ["array", "npy", "dataset", "npz", "folder"])
def test_a_source_without_labels_says_how_to_give_them(pixels, tmp_path, kind):
    np.save(tmp_path / "a.npy", pixels)
    np.savez(tmp_path / "a.npz", images=pixels)
    save_folder(tmp_path / "files", pixels[..., None])
    source = {
        "array": pixels,
        "npy": tmp_path / "a.npy",
        "dataset": tf.data.Dataset.from_tensor_slices(pixels),
        "npz": tmp_path / "a.npz",
        "folder": tmp_path / "files",
    }[kind]
    images = data.load(source)
    said = "expects an array 'labels'" if kind == "npz" else r"fit\(target, labels\)"
    for ask in (images.known_labels, lambda: images.labelled_blocks(7)):
        with pytest.raises(ValueError, match=said):
            ask()


def test_more_images_than_labels_are_refused(pixels, tmp_path):
    np.savez(tmp_path / "a.npz", images=pixels, labels=NUMBERS[1:])
    with pytest.raises(ValueError, match="59 labels for 60 images of 'a.npz'"):
        data.load(tmp_path / "a.npz").labelled_blocks(7)


def test_labels_are_known_at_once_where_no_image_has_to_be_read_for_them(classes, pixels):
    assert data.load(classes).known_labels().tolist() == NAMES.tolist()
    dataset = tf.data.Dataset.from_tensor_slices((pixels, NUMBERS))
    assert data.load(dataset).known_labels() is None


def test_other_labels_have_another_fingerprint_and_the_images_the_same(pixels, tmp_path):
    found = []
    for labels in (NUMBERS, NUMBERS, 2 - NUMBERS):
        np.savez(tmp_path / "a.npz", images=pixels, labels=labels)
        images = data.load(tmp_path / "a.npz")
        found.append((images.fingerprint, images.labels_fingerprint))
    first, same, other = found
    assert first == same and first[0] == other[0] and first[1] != other[1]


def test_a_dataset_object_names_its_labels(pixels):
    dataset = tf.data.Dataset.from_tensor_slices((pixels, NUMBERS))
    first, second = (data.load(dataset).labels_fingerprint for _ in range(2))
    assert first == second != data.load(dataset.take(50)).labels_fingerprint
