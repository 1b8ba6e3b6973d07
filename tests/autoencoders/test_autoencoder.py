"""The frozen pair: what it takes, what it gives, how it is kept."""

import json

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

import m2m_tf as m2m
from m2m_tf.files.card import write_card


def pair(image_shape=(28, 28, 1), code_dim=8):
    """Two models made in Keras, with nothing of this package."""
    image = keras.Input(image_shape)
    encoder = keras.Model(image, layers.Dense(code_dim)(layers.Flatten()(image)))
    code = keras.Input((code_dim,))
    x = layers.Dense(int(np.prod(image_shape)), activation="tanh")(code)
    return encoder, keras.Model(code, layers.Reshape(image_shape)(x))


def as_uint8(images):
    return np.round((images + 1) * 127.5).astype("uint8")


def test_the_shapes_are_those_of_one_image_and_of_one_code(shared_autoencoder):
    assert shared_autoencoder.image_shape == (28, 28, 1)
    assert shared_autoencoder.code_shape == (16,)


def test_images_go_to_codes_and_back(shared_autoencoder, digits):
    codes = shared_autoencoder.encode(digits[:300])
    images = shared_autoencoder.decode(codes)
    assert codes.shape == (300, 16) and codes.dtype == np.float32
    assert images.shape == (300, 28, 28, 1) and images.dtype == np.float32
    assert images.min() >= -1 and images.max() <= 1
    blank = np.mean((digits[:300] - digits.mean(axis=0)) ** 2)
    assert np.mean((images - digits[:300]) ** 2) < 0.5 * blank


def test_calling_it_reconstructs(shared_autoencoder, digits):
    images = shared_autoencoder.decode(shared_autoencoder.encode(digits[:5]))
    np.testing.assert_allclose(shared_autoencoder(digits[:5]), images, atol=1e-5)


def test_the_codes_do_not_depend_on_the_batch_size(shared_autoencoder, digits):
    codes = shared_autoencoder.encode(digits[:50], batch_size=7)
    np.testing.assert_allclose(codes, shared_autoencoder.encode(digits[:50]), atol=1e-5)
    images = shared_autoencoder.decode(codes, batch_size=7)
    np.testing.assert_allclose(images, shared_autoencoder.decode(codes), atol=1e-5)


@pytest.mark.parametrize("kind", ["uint8", "3 axes", "batched", "unbatched", "labelled", "dict"])
def test_every_form_of_the_same_images_gives_the_same_codes(shared_autoencoder, digits, kind):
    pixels = as_uint8(digits[:40])
    rows = tf.data.Dataset.from_tensor_slices((pixels, np.arange(40)))
    forms = {
        "uint8": pixels,
        "3 axes": pixels[..., 0],
        "batched": rows.map(lambda image, label: image).batch(16),
        "unbatched": rows.map(lambda image, label: image),
        "labelled": rows.batch(16),
        "dict": rows.map(lambda image, label: {"image": image, "label": label}),
    }
    expected = shared_autoencoder.encode(pixels / np.float32(127.5) - 1)
    np.testing.assert_allclose(shared_autoencoder.encode(forms[kind]), expected, atol=1e-5)


def test_no_codes_decode_to_no_images(shared_autoencoder):
    assert shared_autoencoder.decode(np.zeros((0, 16))).shape == (0, 28, 28, 1)


def test_codes_of_another_shape_are_refused(shared_autoencoder):
    with pytest.raises(ValueError, match=r"decodes codes of shape \(n, 16\); got \(3, 4\)"):
        shared_autoencoder.decode(np.zeros((3, 4)))


def test_codes_that_are_not_finite_are_refused(shared_autoencoder):
    codes = np.zeros((3, 16))
    codes[1, 0] = np.nan
    with pytest.raises(ValueError, match="decodes codes of finite numbers; of 3 given, number 1"):
        shared_autoencoder.decode(codes)


def test_images_of_another_size_are_refused_with_what_mends_it(shared_autoencoder):
    with pytest.raises(ValueError) as refusal:
        shared_autoencoder.encode(np.zeros((4, 32, 32, 1), "uint8"))
    for part in ("(28, 28, 1)", "(32, 32", "image_size"):
        assert part in str(refusal.value)


def test_floats_of_other_black_and_white_are_known_or_refused_with_the_range_seen(
    shared_autoencoder, digits
):
    codes = shared_autoencoder.encode((digits[:40] + 1) * 127.5)
    np.testing.assert_allclose(codes, shared_autoencoder.encode(digits[:40]), atol=1e-4)
    with pytest.raises(ValueError, match="Fewer than 32 images do not tell"):
        shared_autoencoder.encode((digits[:20] + 1) * 127.5)
    with pytest.raises(ValueError, match=r"values in \[-2.5, 2.5\]"):
        shared_autoencoder.encode(2.5 * digits[:20])


def test_a_nan_is_refused_with_the_image_that_holds_it(shared_autoencoder, digits):
    images = digits[:20].copy()
    images[7, 3, 3] = np.nan
    with pytest.raises(ValueError, match="image 7 .*NaN"):
        shared_autoencoder.encode(images)


def test_a_progress_bar_is_shown_on_request(shared_autoencoder, digits, capsys):
    shared_autoencoder.encode(digits[:40], batch_size=10)
    assert capsys.readouterr().out == ""
    shared_autoencoder.encode(digits[:40], batch_size=10, verbose=1)
    assert "4/4" in capsys.readouterr().out


def test_both_blocks_are_frozen():
    encoder, decoder = pair()
    autoencoder = m2m.Autoencoder(encoder, decoder)
    assert not encoder.trainable and not decoder.trainable
    assert autoencoder.trainable_weights == []
    assert len(autoencoder.weights) == 4


@pytest.mark.parametrize("which", ["encoder", "decoder"])
def test_what_is_no_built_model_is_refused(which):
    blocks = dict(zip(("encoder", "decoder"), pair(), strict=True))
    blocks[which] = keras.Sequential([layers.Dense(3)])
    with pytest.raises(ValueError, match=f"expects a built keras.Model as its {which}"):
        m2m.Autoencoder(**blocks)
    blocks[which] = np.tanh
    with pytest.raises(ValueError, match=f"expects a built keras.Model as its {which}"):
        m2m.Autoencoder(**blocks)


class Subclassed(keras.Model):
    """An encoder of a class of a user's own."""

    def __init__(self):
        super().__init__()
        self.flat, self.dense = layers.Flatten(), layers.Dense(8)

    def call(self, images):
        return self.dense(self.flat(images))


@pytest.mark.parametrize("called", [False, True])
def test_a_model_of_a_class_of_ones_own_is_refused_with_what_can_be_followed(called):
    encoder = Subclassed()
    if called:
        encoder(np.zeros((1, 28, 28, 1), "float32"))
    with pytest.raises(ValueError, match=r"x = keras.Input\(.*keras.Model\(x, network\(x\)\)"):
        m2m.Autoencoder(encoder, pair()[1])
    x = keras.Input((28, 28, 1))
    assert m2m.Autoencoder(keras.Model(x, encoder(x)), pair()[1]).code_shape == (8,)


def test_codes_and_images_are_float32_under_another_precision(digits):
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        autoencoder = m2m.Autoencoder(*pair())
        codes = autoencoder.encode(digits[:5])
        images = autoencoder.decode(codes)
    finally:
        keras.config.set_dtype_policy("float32")
    assert codes.dtype == images.dtype == np.float32


def test_a_decoder_of_other_codes_is_refused():
    with pytest.raises(ValueError, match=r"gives codes of shape \(8,\); the decoder takes \(9,\)"):
        m2m.Autoencoder(pair(code_dim=8)[0], pair(code_dim=9)[1])


def test_a_decoder_of_other_images_is_refused():
    with pytest.raises(ValueError, match=r"gives \(32, 32, 1\); the encoder takes \(28, 28, 1\)"):
        m2m.Autoencoder(pair()[0], pair(image_shape=(32, 32, 1))[1])


def test_images_of_two_channels_are_refused():
    with pytest.raises(ValueError, match="with 1 or 3 channels"):
        m2m.Autoencoder(*pair(image_shape=(28, 28, 2)))


def test_a_model_of_unknown_size_is_refused():
    image = keras.Input((None, None, 1))
    code = layers.GlobalAveragePooling2D()(layers.Conv2D(8, 3)(image))
    with pytest.raises(ValueError, match="expects fixed sizes"):
        m2m.Autoencoder(keras.Model(image, code), pair()[1])


def test_a_model_of_two_inputs_is_refused():
    image, other = keras.Input((28, 28, 1)), keras.Input((28, 28, 1))
    code = layers.Dense(8)(layers.Flatten()(layers.Add()([image, other])))
    with pytest.raises(ValueError, match="one input and one output"):
        m2m.Autoencoder(keras.Model([image, other], code), pair()[1])


def test_a_saved_one_loads_with_the_same_codes_and_images(shared_autoencoder, digits, tmp_path):
    shared_autoencoder.save(tmp_path / "deep" / "copy")
    loaded = m2m.Autoencoder.load(tmp_path / "deep" / "copy")
    assert loaded.name == "tiny"
    assert loaded.trainable_weights == []
    codes = shared_autoencoder.encode(digits[:10])
    np.testing.assert_array_equal(loaded.encode(digits[:10]), codes)
    np.testing.assert_array_equal(loaded.decode(codes), shared_autoencoder.decode(codes))


def test_its_card_says_what_it_is_and_keeps_the_facts_given(tmp_path):
    autoencoder = m2m.Autoencoder(*pair(), name="mine")
    autoencoder.save(tmp_path / "a", data="faces", licence="MIT")
    m2m.Autoencoder.load(tmp_path / "a").save(tmp_path / "b", seed=3)
    card = json.loads((tmp_path / "b" / "card.json").read_text())
    assert card["sha256"].keys() == {"encoder.keras", "decoder.keras"}
    assert {key: card[key] for key in ("name", "data", "licence", "seed")} == {
        "name": "mine",
        "data": "faces",
        "licence": "MIT",
        "seed": 3,
    }
    assert (card["image_shape"], card["code_shape"]) == ([28, 28, 1], [8])


def test_the_facts_are_on_the_autoencoder_that_was_saved(tmp_path):
    autoencoder = m2m.Autoencoder(*pair())
    autoencoder.save(tmp_path / "a", licence="MIT")
    assert autoencoder.card["licence"] == "MIT"
    assert autoencoder.card == m2m.Autoencoder.load(tmp_path / "a").card


def test_a_keras_file_of_it_loads_with_keras_alone(shared_autoencoder, digits, tmp_path):
    keras.Model.save(shared_autoencoder, tmp_path / "a.keras")
    loaded = keras.models.load_model(tmp_path / "a.keras")
    np.testing.assert_array_equal(
        loaded.encode(digits[:10]), shared_autoencoder.encode(digits[:10])
    )


@pytest.mark.parametrize("name", ["encoder.keras", "decoder.keras"])
def test_a_lost_file_is_named(shared_autoencoder, tmp_path, name):
    shared_autoencoder.save(tmp_path)
    (tmp_path / name).unlink()
    with pytest.raises(ValueError, match=f"has lost its file '{name}'"):
        m2m.Autoencoder.load(tmp_path)


def test_a_changed_file_is_named(shared_autoencoder, tmp_path):
    shared_autoencoder.save(tmp_path)
    (tmp_path / "decoder.keras").write_bytes((tmp_path / "encoder.keras").read_bytes())
    with pytest.raises(ValueError, match="'decoder.keras' .* is not the one that was saved"):
        m2m.Autoencoder.load(tmp_path)


def test_a_file_that_is_no_keras_model_is_refused(shared_autoencoder, tmp_path):
    shared_autoencoder.save(tmp_path)
    (tmp_path / "encoder.keras").write_bytes(b"not a model")
    write_card(tmp_path, {"name": "tiny"})
    with pytest.raises(ValueError, match="to be the encoder of an autoencoder"):
        m2m.Autoencoder.load(tmp_path)


def test_a_block_with_code_in_it_is_refused(tmp_path):
    encoder, decoder = pair()
    image = keras.Input((28, 28, 1))
    lambda_encoder = keras.Model(image, layers.Lambda(lambda x: x * 2)(encoder(image)))
    m2m.Autoencoder(lambda_encoder, decoder).save(tmp_path)
    with pytest.raises(ValueError, match="to be the encoder of an autoencoder"):
        m2m.Autoencoder.load(tmp_path)


def test_a_folder_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(ValueError, match="Expected the folder of an autoencoder"):
        m2m.Autoencoder.load(tmp_path / "none")


def test_the_fingerprint_is_that_of_the_codes(shared_autoencoder, tmp_path):
    shared_autoencoder.save(tmp_path)
    loaded = m2m.Autoencoder.load(tmp_path)
    assert loaded.fingerprint == shared_autoencoder.fingerprint
    weights = loaded.encoder.get_weights()
    loaded.encoder.set_weights([weights[0] + 1e-3, *weights[1:]])
    assert loaded.fingerprint != shared_autoencoder.fingerprint


def test_encoders_of_the_same_weights_but_other_layers_have_other_fingerprints():
    def fingerprint(pooling):
        thumbnail = keras.Sequential([keras.Input((8, 8, 1)), pooling(2), pooling(2)])
        encoder = keras.Sequential([thumbnail, layers.Flatten()])
        return m2m.Autoencoder(encoder, pair((8, 8, 1), 4)[1]).fingerprint

    means = fingerprint(layers.AveragePooling2D)
    assert fingerprint(layers.AveragePooling2D) == means
    assert fingerprint(layers.MaxPooling2D) != means


@pytest.mark.slow
def test_a_compact_folder_takes_half_the_bytes_and_holds_the_same_autoencoder(digits, tmp_path):
    autoencoder = m2m.Autoencoder(*m2m.build_pair((28, 28, 1), code_dim=16, width=8))
    autoencoder.save(tmp_path / "whole")
    expected = autoencoder.encode(digits[:10])
    autoencoder.save(tmp_path / "compact", compact=True)
    sizes = [(tmp_path / name / "encoder.keras").stat().st_size for name in ("whole", "compact")]
    assert sizes[1] < 0.65 * sizes[0]
    loaded = m2m.Autoencoder.load(tmp_path / "compact")
    np.testing.assert_array_equal(loaded.encode(digits[:10]), autoencoder.encode(digits[:10]))
    np.testing.assert_allclose(loaded.encode(digits[:10]), expected, atol=0.02)
