"""Labels are kept beside the codes, from the pass that encodes the images."""

import json
import shutil

import keras
import numpy as np
import pytest
import tensorflow as tf

import m2m_tf as m2m
from m2m_tf import data
from m2m_tf.codes import encode, encode_once, fill
from m2m_tf.codes.manifest import MANIFEST, read_manifest
from m2m_tf.pictures import save_folder

COUNT = 60
NUMBERS = np.arange(COUNT) // 20
NAMES = np.array(["cat", "dog", "owl"])[NUMBERS]
BROKEN = (4, 5, 6, 7, 25)


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch):
    monkeypatch.setattr(fill.data, "default_batch_size", lambda shape: 4)
    monkeypatch.setattr(fill, "SHARD_BLOCKS", 3)


@pytest.fixture(scope="module")
def autoencoder():
    """Its codes are the first 4 pixels of an image."""
    image, code = keras.Input((8, 8, 1)), keras.Input((4,))
    first = keras.layers.Lambda(lambda x: x[:, 0, :4, 0], output_shape=(4,))(image)
    back = keras.layers.Reshape((8, 8, 1))(keras.layers.Dense(64, activation="tanh")(code))
    return m2m.Autoencoder(keras.Model(image, first), keras.Model(code, back))


@pytest.fixture(scope="module")
def pixels():
    """60 images; number i is of one grey, 4 i."""
    return np.repeat(4 * np.arange(COUNT, dtype="uint8"), 64).reshape(COUNT, 8, 8)


@pytest.fixture(scope="module")
def classes(pixels, tmp_path_factory):
    """A folder of three classes; five files are no images, a whole block among them."""
    folder = tmp_path_factory.mktemp("pets")
    for name in ("cat", "dog", "owl"):
        rows = np.flatnonzero(NAMES == name)
        save_folder(folder / name, pixels[rows, ..., None], start=rows[0])
    for number in BROKEN:
        (folder / NAMES[number] / f"{number:06d}.png").write_text("no image")
    return folder


def numbers_of(store):
    """The number of the image that each code was made of."""
    return np.rint((np.asarray(store.codes)[:, 0] + 1) * 127.5 / 4).astype(int)


def assert_aligned(store, labels=NAMES):
    numbers = numbers_of(store)
    assert sorted(numbers) == [n for n in range(COUNT) if n not in BROKEN]
    np.testing.assert_array_equal(store.labels, labels[numbers])


def encoded(autoencoder, source, folder=None, **settings):
    images = data.load(source, autoencoder.image_shape, max_bad=0.2)
    settings = {"labelled": True, "verbose": 0, **settings}
    return encode_once(autoencoder, images, folder, **settings)


def only_folder(codes):
    (folder,) = (path for path in codes.iterdir() if path.is_dir())
    return folder


@pytest.mark.parametrize("kept_in", ["memory", "disk"])
def test_each_code_has_the_label_of_its_image(autoencoder, classes, tmp_path, kept_in):
    store = encoded(autoencoder, classes, tmp_path if kept_in == "disk" else None)
    assert_aligned(store)
    assert len(store.skipped) == len(BROKEN)


def test_they_are_found_again_and_nothing_is_encoded(autoencoder, classes, tmp_path):
    first = encoded(autoencoder, classes, tmp_path)
    again = encoded(autoencoder, classes, tmp_path)
    assert (first.from_cache, again.from_cache) == (False, True)
    assert_aligned(again)
    assert encoded(autoencoder, classes, known=again).labels is again.labels


def test_who_does_not_ask_for_them_finds_the_codes_too(autoencoder, classes, tmp_path):
    labelled = encoded(autoencoder, classes, tmp_path)
    plain = encoded(autoencoder, classes, tmp_path, labelled=False)
    assert plain.from_cache and plain.labels is None
    assert plain.fingerprint == labelled.fingerprint
    assert encoded(autoencoder, classes, tmp_path).from_cache


class Cut(Exception):
    pass


@pytest.mark.parametrize("blocks", [1, 4, 9])
def test_encoding_that_was_cut_off_goes_on_with_them(
    autoencoder, classes, tmp_path, monkeypatch, blocks
):
    encode_batch, calls = autoencoder.encode_batch, iter(range(blocks))

    def cut_off(batch):
        if next(calls, None) is None:
            raise Cut
        return encode_batch(batch)

    monkeypatch.setattr(autoencoder, "encode_batch", cut_off)
    with pytest.raises(Cut):
        encoded(autoencoder, classes, tmp_path)
    monkeypatch.setattr(autoencoder, "encode_batch", encode_batch)
    assert_aligned(encoded(autoencoder, classes, tmp_path))


@pytest.mark.parametrize("damage", ["changed", "lost", "codes"])
def test_damaged_ones_are_read_again_with_their_images(
    autoencoder, classes, tmp_path, damage, capsys
):
    encoded(autoencoder, classes, tmp_path)
    kind = "codes-00002.f32" if damage == "codes" else "codes-00002.labels.npy"
    file = only_folder(tmp_path) / kind
    file.unlink() if damage == "lost" else file.write_bytes(file.read_bytes()[:-1] + b"?")
    mended = encoded(autoencoder, classes, tmp_path, verbose=1)
    assert_aligned(mended)
    said = "is damaged" if damage == "codes" else "has not these labels"
    assert f"codes-00002.f32' {said}: encoding it again" in capsys.readouterr().out
    assert encoded(autoencoder, classes, tmp_path).from_cache


@pytest.mark.slow
def test_codes_that_were_kept_without_them_get_them(autoencoder, classes, tmp_path):
    plain = encoded(autoencoder, classes, tmp_path, labelled=False)
    store = encoded(autoencoder, classes, tmp_path)
    assert_aligned(store)
    np.testing.assert_array_equal(store.codes, plain.codes)
    assert not store.from_cache


@pytest.mark.slow
def test_a_folder_that_was_written_before_there_were_labels_is_read(autoencoder, classes, tmp_path):
    plain = encoded(autoencoder, classes, tmp_path, labelled=False)
    path = only_folder(tmp_path) / MANIFEST
    facts = json.loads(path.read_text()) | {"format": 2}
    del facts["labels"]
    for shard in facts["shards"]:
        del shard["labels_sha256"]
    path.write_text(json.dumps(facts))
    again = encoded(autoencoder, classes, tmp_path, labelled=False)
    assert again.from_cache
    np.testing.assert_array_equal(again.codes, plain.codes)
    assert_aligned(encoded(autoencoder, classes, tmp_path))


@pytest.mark.parametrize("kept_in", ["memory", "disk"])
def test_other_labels_of_the_same_images_take_their_place(autoencoder, pixels, tmp_path, kept_in):
    folder, known = (tmp_path / "codes" if kept_in == "disk" else None), None
    for labels in (NUMBERS, 2 - NUMBERS):
        np.savez(tmp_path / "pets.npz", images=pixels, labels=labels)
        known = encoded(autoencoder, tmp_path / "pets.npz", folder, known=known)
        np.testing.assert_array_equal(known.labels, labels[numbers_of(known)])


def test_a_dataset_that_shuffles_anew_is_read_once_and_gives_each_code_its_own(autoencoder, pixels):
    passes = []

    def elements():
        order = np.random.default_rng(len(passes)).permutation(COUNT)
        passes.append(0)
        for number in order:
            passes[-1] += 1
            yield pixels[number, ..., None], NUMBERS[number]

    signature = (tf.TensorSpec((8, 8, 1), tf.uint8), tf.TensorSpec((), tf.int64))
    dataset = tf.data.Dataset.from_generator(elements, output_signature=signature)
    store = encoded(autoencoder, dataset)
    assert sorted(numbers_of(store)) == list(range(COUNT))
    np.testing.assert_array_equal(store.labels, NUMBERS[numbers_of(store)])
    look, *others = passes  # at the first ones, for their shape
    assert look <= 4 and others == [COUNT]


def test_labels_that_are_known_are_checked_before_anything_is_encoded(
    autoencoder, classes, monkeypatch, tmp_path
):
    monkeypatch.setattr(autoencoder, "encode_batch", None)  # a call would fail

    def check(labels, start):
        assert len(labels) == COUNT and start == 0
        raise ValueError("no such class")

    with pytest.raises(ValueError, match="no such class"):
        encoded(autoencoder, classes, tmp_path / "codes", check=check)
    assert not (tmp_path / "codes").exists()


def test_labels_of_a_stream_are_checked_as_they_come(autoencoder, pixels, tmp_path):
    dataset = tf.data.Dataset.from_tensor_slices((pixels, NUMBERS))

    def check(labels, start):
        if labels.max() > 1:
            raise ValueError(f"no such class after {start}")

    with pytest.raises(ValueError, match="no such class after 40"):
        encoded(autoencoder, dataset, tmp_path / "codes", check=check)
    assert not (tmp_path / "codes").exists()


@pytest.mark.parametrize("swapped", [False, True])
def test_one_hot_rows_become_numbers_wherever_they_stand(autoencoder, pixels, swapped):
    parts = (pixels[..., None], np.eye(3, dtype="float32")[NUMBERS])
    dataset = tf.data.Dataset.from_tensor_slices(parts[::-1] if swapped else parts)
    for batched in (dataset, dataset.batch(7)):
        store = encoded(autoencoder, batched)
        np.testing.assert_array_equal(store.labels, NUMBERS[numbers_of(store)])


def test_labels_that_are_none_are_refused(autoencoder, pixels):
    soft = tf.data.Dataset.from_tensor_slices((pixels, np.eye(3)[NUMBERS] / 2 + 0.25))
    with pytest.raises(ValueError, match="numpy.argmax"):
        encoded(autoencoder, soft)
    for target in (np.zeros((9, 4), "float32"), encode_once(autoencoder, pixels, verbose=0)):
        with pytest.raises(ValueError, match="Codes alone have no labels"):
            encode_once(autoencoder, target, labelled=True)


def test_they_stay_in_memory_where_codes_do_not_fit(autoencoder, classes, monkeypatch):
    monkeypatch.setattr(encode, "MEMORY_LIMIT", 100)
    store = encoded(autoencoder, classes)
    assert_aligned(store)
    assert not isinstance(store.codes, np.ndarray) and isinstance(store.labels, np.ndarray)


def test_shards_name_their_labels(autoencoder, classes, tmp_path):
    encoded(autoencoder, classes, tmp_path)
    folder = only_folder(tmp_path)
    manifest = read_manifest(folder)
    assert manifest.labels == data.load(classes, max_bad=0.2).labels_fingerprint
    assert all(manifest.has_labels(folder, shard) for shard in manifest.shards)
    shutil.rmtree(folder)
    assert not any(manifest.has_labels(folder, shard) for shard in manifest.shards)
