"""Encoding once: every form of a target, and never a second time."""

import signal

import keras
import numpy as np
import pytest
import tensorflow as tf

import m2m_tf as m2m
from m2m_tf import pictures
from m2m_tf.codes import CodeStore, encode, encode_once, store
from m2m_tf.codes.shards import ShardedCodes
from tests.forks import fork_code


@keras.saving.register_keras_serializable(package="tests")
class CountedImages(keras.layers.Layer):
    """Passes images on and counts them: every image that an encoder is given goes through it."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.count = tf.Variable(0)  # no weight of Keras': it is no part of what the encoder is

    def call(self, images):
        self.count.assign_add(tf.shape(images)[0])
        return tf.identity(images)


@pytest.fixture
def counted():
    """(autoencoder with codes of 4, a function that says how many images it has encoded)."""
    layer = CountedImages()
    image, code = keras.Input((28, 28, 1)), keras.Input((4,))
    pooled = keras.layers.AveragePooling2D(14)(layer(image))
    flat = keras.layers.Dense(784, activation="tanh")(code)
    autoencoder = m2m.Autoencoder(
        keras.Model(image, keras.layers.Flatten()(pooled)),
        keras.Model(code, keras.layers.Reshape((28, 28, 1))(flat)),
    )
    layer.count.assign(0)  # what it was tried with when it was made
    return autoencoder, lambda: int(layer.count)


@pytest.fixture
def pixels(digits):
    """600 real digits, uint8."""
    return np.round((digits[:600] + 1) * 127.5).astype("uint8")


def expected_codes(pixels):
    images = pixels.astype("float32") / 127.5 - 1
    return images.reshape(-1, 2, 14, 2, 14).mean(axis=(2, 4)).reshape(-1, 4)


@pytest.mark.parametrize("kind", ["uint8", "float", "batched", "unbatched", "labelled", "file"])
def test_every_form_of_a_target_gives_its_codes_in_order(counted, pixels, tmp_path, kind):
    np.save(tmp_path / "digits.npy", pixels)
    rows = tf.data.Dataset.from_tensor_slices((pixels, np.arange(600)))
    targets = {
        "uint8": pixels,
        "float": pixels.astype("float32") / 127.5 - 1,
        "batched": rows.map(lambda image, label: image).batch(70),
        "unbatched": rows.map(lambda image, label: image),
        "labelled": rows.batch(64),
        "file": tmp_path / "digits.npy",
    }
    autoencoder, images_encoded = counted
    made = encode_once(autoencoder, targets[kind], verbose=0)
    assert isinstance(made, CodeStore) and made.codes.dtype == np.float32
    np.testing.assert_allclose(made.codes, expected_codes(pixels), atol=1e-5)
    assert (made.count, made.from_cache, images_encoded()) == (600, False, 600)
    assert made.seconds > 0


def test_labels_are_ignored_and_said_once(counted, pixels, capsys):
    target = tf.data.Dataset.from_tensor_slices((pixels, np.arange(600))).batch(64)
    made = encode_once(counted[0], target)
    assert made.notes == ["ignored the labels"]
    assert capsys.readouterr().out.count("ignored the labels") == 1


def test_nothing_is_printed_where_nothing_was_asked_for(counted, pixels, capsys):
    target = tf.data.Dataset.from_tensor_slices((pixels, np.arange(600))).batch(64)
    encode_once(counted[0], target, verbose=0)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("verbose", [1, "auto"])
def test_a_progress_bar_counts_the_images(counted, pixels, capsys, verbose):
    encode_once(counted[0], pixels, verbose=verbose)
    assert "600/600" in capsys.readouterr().out


def test_a_progress_bar_of_an_unknown_number_counts_up(counted, pixels, capsys):
    target = tf.data.Dataset.from_tensor_slices(pixels).filter(lambda image: True)
    assert encode_once(counted[0], target).count == 600
    assert "600/Unknown" in capsys.readouterr().out


def test_colour_is_converted_and_said(counted, pixels):
    made = encode_once(counted[0], np.repeat(pixels, 3, axis=-1), verbose=0)
    np.testing.assert_allclose(made.codes, expected_codes(pixels), atol=0.02)
    assert len(made.notes) == 1 and "grey" in made.notes[0]


def test_another_size_is_refused_unless_resizing_was_asked_for(counted, pixels):
    larger = np.repeat(np.repeat(pixels, 2, axis=1), 2, axis=2)
    with pytest.raises(ValueError, match=r"\(28, 28, 1\).*\(56, 56, 1\).*--image_size"):
        encode_once(counted[0], larger, verbose=0)
    made = encode_once(counted[0], larger, image_size=28, verbose=0)
    np.testing.assert_allclose(made.codes, expected_codes(pixels), atol=1e-3)


def test_codes_already_made_are_taken_as_they_are(counted, pixels):
    autoencoder, images_encoded = counted
    codes = expected_codes(pixels)
    for target in (codes, codes.astype("float64"), tf.constant(codes)):
        made = encode_once(autoencoder, target, verbose=0)
        np.testing.assert_allclose(made.codes, codes, atol=1e-6)
    assert encode_once(autoencoder, made) is made
    assert images_encoded() == 0


def test_codes_with_a_nan_are_refused(counted, pixels):
    codes = expected_codes(pixels)
    codes[5, 2] = np.inf
    with pytest.raises(ValueError, match="code 5 has a NaN or an infinite value"):
        encode_once(counted[0], codes)


def test_a_store_of_another_autoencoder_is_refused(counted):
    foreign = CodeStore(np.zeros((9, 7), "float32"), "fingerprint")
    with pytest.raises(ValueError, match=r"codes of shape \(4,\); the store holds \(7,\)"):
        encode_once(counted[0], foreign)


def test_an_encoder_that_gives_nan_is_refused(tiny_autoencoder, digits):
    encoder = tiny_autoencoder.encoder
    encoder.set_weights([weight * np.nan for weight in encoder.get_weights()])
    with pytest.raises(ValueError, match="'tiny' gives a code that is not finite for image 0"):
        encode_once(tiny_autoencoder, digits[:20], verbose=0)


def test_the_same_target_is_not_encoded_again(counted, pixels):
    autoencoder, images_encoded = counted
    first = encode_once(autoencoder, pixels, verbose=0)
    again = encode_once(autoencoder, pixels.copy(), verbose=0, known=first)
    assert images_encoded() == 600
    assert again.from_cache and again.seconds == 0
    assert again.codes is first.codes


def test_the_same_dataset_is_not_encoded_again(counted, pixels):
    autoencoder, images_encoded = counted
    target = tf.data.Dataset.from_tensor_slices(pixels).batch(50)
    first = encode_once(autoencoder, target, verbose=0)
    assert encode_once(autoencoder, target, verbose=0, known=first).from_cache
    assert images_encoded() == 600


def test_another_target_or_another_encoder_is_encoded_anew(counted, tiny_autoencoder, pixels):
    autoencoder, images_encoded = counted
    first = encode_once(autoencoder, pixels, verbose=0)
    assert not encode_once(autoencoder, pixels[1:], verbose=0, known=first).from_cache
    assert images_encoded() == 600 + 599
    assert encode_once(tiny_autoencoder, pixels, verbose=0, known=first).codes.shape == (600, 16)


def test_codes_kept_in_a_folder_are_found_by_the_next_run(counted, pixels, tmp_path):
    autoencoder, images_encoded = counted
    first = encode_once(autoencoder, pixels, tmp_path / "deep" / "codes", verbose=0)
    again = encode_once(autoencoder, pixels, tmp_path / "deep" / "codes", verbose=0)
    assert (first.from_cache, again.from_cache, images_encoded()) == (False, True, 600)
    np.testing.assert_array_equal(first.codes, again.codes)
    assert not encode_once(autoencoder, pixels[1:], tmp_path / "deep" / "codes").from_cache


@pytest.mark.slow
def test_codes_kept_in_a_folder_are_found_by_another_process(
    tiny_autoencoder, tiny_autoencoder_folder, pixels, tmp_path
):
    np.save(tmp_path / "digits.npy", pixels)
    first = encode_once(tiny_autoencoder, tmp_path / "digits.npy", tmp_path / "codes", verbose=0)
    program = (
        "import sys, numpy as np, m2m_tf as m2m\n"
        "from m2m_tf.codes import encode_once\n"
        "autoencoder, digits, codes, out = sys.argv[1:]\n"
        "store = encode_once(m2m.Autoencoder.load(autoencoder), digits, codes)\n"
        "assert store.from_cache\n"
        "np.save(out, store.codes)\n"
    )
    folders = [tiny_autoencoder_folder, tmp_path / "digits.npy", tmp_path / "codes"]
    process = fork_code(program, *folders, tmp_path / "out.npy")
    out, err = process.communicate()
    assert process.returncode == 0, err
    np.testing.assert_array_equal(np.load(tmp_path / "out.npy"), first.codes)
    assert out.strip() == "The codes were there already: nothing was encoded"


@pytest.mark.slow
def test_encoding_that_was_interrupted_gives_the_same_codes_when_it_is_done_again(
    counted, pixels, tmp_path, monkeypatch
):
    autoencoder, images_encoded = counted
    encode_batch = autoencoder.encode_batch

    def interrupted_at_the_second(batch):  # by this thread: another's signal may strike anywhere
        if images_encoded() > 0:
            signal.raise_signal(signal.SIGINT)
        return encode_batch(batch)

    target = tf.data.Dataset.from_tensor_slices(pixels).batch(50).repeat(20)
    monkeypatch.setattr(autoencoder, "encode_batch", interrupted_at_the_second)
    with pytest.raises(KeyboardInterrupt):
        encode_once(autoencoder, target, tmp_path / "codes", verbose=0)
    monkeypatch.undo()
    assert 0 < images_encoded() < 12_000
    made = encode_once(autoencoder, target, tmp_path / "codes", verbose=0)
    assert (made.count, made.from_cache) == (12_000, False)
    assert encode_once(autoencoder, target, tmp_path / "codes", verbose=0).from_cache


def test_a_refused_target_leaves_nothing_in_the_folder(counted, pixels, tmp_path):
    images = pixels.astype("float32") / 127.5 - 1
    images[550] = np.nan
    target = tf.data.Dataset.from_tensor_slices(images).batch(100)
    with pytest.raises(ValueError, match="image 550 .*NaN"):
        encode_once(counted[0], target, tmp_path / "codes", verbose=0)
    assert list(tmp_path.iterdir()) == []


def test_a_refused_target_leaves_the_codes_that_were_there(counted, pixels, tmp_path):
    encode_once(counted[0], pixels, tmp_path, verbose=0)
    images = pixels.astype("float32") / 127.5 - 1
    images[550] = np.nan
    target = tf.data.Dataset.from_tensor_slices(images).batch(100)
    with pytest.raises(ValueError, match="image 550 .*NaN"):
        encode_once(counted[0], target, tmp_path, verbose=0)
    assert encode_once(counted[0], pixels, tmp_path, verbose=0).from_cache
    assert len([path for path in tmp_path.iterdir() if path.is_dir()]) == 1


def test_a_codes_folder_that_is_a_file_is_refused(counted, pixels, tmp_path):
    (tmp_path / "codes").write_text("mine")
    with pytest.raises(ValueError, match="codes_dir .* is a file"):
        encode_once(counted[0], pixels, tmp_path / "codes", verbose=0)
    assert (tmp_path / "codes").read_text() == "mine"


def test_codes_too_large_for_memory_go_to_disk(counted, pixels, monkeypatch):
    monkeypatch.setattr(encode, "MEMORY_LIMIT", 1000)
    monkeypatch.setattr(store, "MEMORY_LIMIT", 1000)
    made = encode_once(counted[0], pixels, verbose=0)
    assert isinstance(made.codes, ShardedCodes)
    np.testing.assert_allclose(made.codes, expected_codes(pixels), atol=1e-5)
    (batch,) = made.groups(100, 6, None, seed=0).take(1)
    taken = np.sort(batch.numpy().reshape(600, 4), axis=0)
    np.testing.assert_allclose(taken, np.sort(expected_codes(pixels), axis=0), atol=1e-5)


def test_unreadable_files_are_skipped_and_listed(counted, pixels, tmp_path, capsys):
    images = pixels[:40].astype("float32") / 127.5 - 1
    pictures.save_folder(tmp_path / "digits", images)
    (tmp_path / "digits" / "zzz.png").write_bytes(b"no picture")
    made = encode_once(counted[0], tmp_path / "digits", tmp_path / "codes")
    np.testing.assert_allclose(made.codes, expected_codes(pixels[:40]), atol=1e-2)
    again = encode_once(counted[0], tmp_path / "digits", tmp_path / "codes")
    for one in (made, again):
        ((name, reason),) = one.skipped
        assert "zzz.png" in name and reason
    assert again.from_cache
    assert capsys.readouterr().out.count("Skipped zzz.png") == 2
