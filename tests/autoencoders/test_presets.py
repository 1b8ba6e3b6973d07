"""The autoencoders that come with the package."""

import re

import numpy as np
import pytest

import m2m_tf as m2m
from m2m_tf.autoencoders.pretraining.linear import fit_components, set_linear_path

NAMES = ["fashion_mnist_28", "fashion_mnist_28_compact", "glyphs_28"]
UNIVERSAL = "universal"

# PCA's mean squared error on MNIST digits in [-1, 1], by the number of components, when fitted on
# the 60,000 training images of Fashion-MNIST (scikit-learn); the source is not in the repository.
PCA_ON_DIGITS = {256: 0.0224, 64: 0.1214}


def test_the_presets_are_these():
    assert sorted(m2m.presets()) == sorted([*NAMES, UNIVERSAL])


@pytest.mark.slow
@pytest.mark.parametrize("shape", [(32, 32, 3), (96, 128, 3), (64, 64, 1)])
def test_the_universal_preset_takes_any_size_in_colour_or_grey(shape):
    autoencoder = m2m.Autoencoder.from_preset(UNIVERSAL, image_shape=shape)
    assert autoencoder.image_shape == shape
    assert autoencoder.code_shape == (shape[0] // 8, shape[1] // 8, 32)


@pytest.mark.slow
def test_the_universal_preset_reconstructs_emoji_better_than_pca(emoji):
    autoencoder = m2m.Autoencoder.from_preset(UNIVERSAL)
    pair = m2m.autoencoders.build_universal_pair(emoji.shape[1:])
    pixels = np.rint((emoji + 1) * 127.5).astype(np.uint8)
    set_linear_path(*pair, fit_components(pair[0], pixels))
    ours, linear = (
        np.mean((each.decode(each.encode(emoji)) - emoji) ** 2)
        for each in (autoencoder, m2m.Autoencoder(*pair))
    )
    assert ours < linear  # though the components are these very images'


@pytest.mark.slow
def test_the_universal_preset_gives_grey_images_that_are_near(digits):
    images = m2m.data.resize(digits[:200], 32)
    autoencoder = m2m.Autoencoder.from_preset(UNIVERSAL, image_shape=(32, 32, 1))
    error = np.mean((autoencoder.decode(autoencoder.encode(images)) - images) ** 2)
    assert error < 0.1 * images.var()


def test_a_size_that_is_no_multiple_of_8_is_refused_with_the_two_nearest():
    with pytest.raises(ValueError, match=r"56x96 and 64x104.*--fit pad"):
        m2m.Autoencoder.from_preset(UNIVERSAL, image_shape=(60, 100, 3))


@pytest.mark.parametrize("name", NAMES)
def test_a_preset_loads_and_is_what_its_card_says(name):
    card = m2m.presets()[name]
    autoencoder = m2m.Autoencoder.from_preset(name)
    assert autoencoder.name == name == card["name"]
    assert autoencoder.image_shape == tuple(card["image_shape"]) == (28, 28, 1)
    assert autoencoder.code_shape == tuple(card["code_shape"]) == (card["code_dim"],)
    assert autoencoder.trainable_weights == []
    assert card["code_dim"] == (64 if name.endswith("compact") else 256)


@pytest.mark.parametrize("name", [*NAMES, UNIVERSAL])
def test_a_card_says_where_a_preset_came_from(name):
    card = m2m.presets()[name]
    for fact in ("data", "licence", "command"):
        assert isinstance(card[fact], str) and card[fact]
    assert "m2m pretrain" in card["command"]
    for fact in ("seed", "epochs"):
        assert isinstance(card[fact], int)
    for file in ("encoder.keras", "decoder.keras"):
        assert re.fullmatch("[0-9a-f]{64}", card["sha256"][file])


@pytest.mark.parametrize("name", NAMES)
def test_a_preset_reconstructs_held_out_images_as_well_as_pca(name):
    card = m2m.presets()[name]
    assert 0 < card["held_out_mse"] <= card["pca_held_out_mse"]
    assert card["held_out_images"] >= 1000


@pytest.mark.parametrize("name, bar", [(NAMES[0], 0.0123), (NAMES[1], 0.0416)])
def test_a_fashion_preset_meets_the_bar_of_its_card(name, bar):
    # PCA's error on the 10,000 test images of Fashion-MNIST, fitted on the 60,000 others; that on
    # the card is a little lower, as reconstructions outside [-1, 1] are clipped first.
    card = m2m.presets()[name]
    assert card["held_out_images"] == 10_000
    assert card["held_out_mse"] <= card["pca_held_out_mse"] <= bar


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES[:2])
def test_a_fashion_preset_reconstructs_digits_better_than_its_pca(name, digits):
    autoencoder = m2m.Autoencoder.from_preset(name)
    error = np.mean((autoencoder.decode(autoencoder.encode(digits)) - digits) ** 2)
    assert error < PCA_ON_DIGITS[autoencoder.code_shape[0]]


def test_an_unknown_preset_is_refused_and_near_names_are_offered():
    with pytest.raises(ValueError) as refusal:
        m2m.Autoencoder.from_preset("fasion_mnist")
    assert "There is no preset 'fasion_mnist'" in str(refusal.value)
    assert "Did you mean 'fashion_mnist_28'" in str(refusal.value)


def test_a_name_far_from_all_gets_the_whole_list():
    with pytest.raises(ValueError) as refusal:
        m2m.Autoencoder.from_preset("zzz")
    assert "Did you mean" not in str(refusal.value)
    for name in NAMES:
        assert name in str(refusal.value)


@pytest.mark.parametrize("name", ["", None, "../saved_models/fashion_mnist_28", "README.md"])
def test_what_is_no_name_is_refused(name):
    with pytest.raises(ValueError, match="There is no preset"):
        m2m.Autoencoder.from_preset(name)
