"""A fully convolutional autoencoder at another size."""

import keras
import numpy as np
import pytest

import m2m_tf as m2m
from m2m_tf.autoencoders.pairs.universal import build_universal_pair


@pytest.fixture(scope="module")
def universal():
    """A universal autoencoder with drawn weights, at 32x32."""
    keras.utils.set_random_seed(0)
    pair = build_universal_pair((32, 32, 3), channels=4)
    for network in pair:
        random = np.random.default_rng(0)
        network.set_weights([random.normal(0, 0.05, w.shape) for w in network.get_weights()])
    autoencoder = m2m.Autoencoder(*pair, name="drawn")
    autoencoder.card = {"architecture": "universal"}
    return autoencoder


def test_a_large_image_is_coded_as_its_parts_are_where_borders_are_far(universal):
    image = np.random.default_rng(1).uniform(-1, 1, (1, 128, 96, 3)).astype("float32")
    large, part = universal.at((128, 96, 3)), universal.at((112, 96, 3))
    assert large.code_shape == (16, 12, 4)
    np.testing.assert_allclose(
        large.encode(image)[:, :6], part.encode(image[:, :112])[:, :6], atol=1e-5
    )


def test_grey_goes_in_as_colour_and_comes_out_as_the_mean(universal):
    image = np.random.default_rng(1).uniform(-1, 1, (2, 32, 32, 1)).astype("float32")
    grey = universal.at((32, 32, 1))
    codes = grey.encode(image)
    np.testing.assert_allclose(codes, universal.encode(np.repeat(image, 3, -1)), atol=1e-5)
    expected = universal.decode(codes).mean(axis=-1, keepdims=True)
    np.testing.assert_allclose(grey.decode(codes), expected, atol=1e-5)


def test_its_own_shape_gives_the_same_autoencoder(universal):
    assert universal.at((32, 32, 3)) is universal


@pytest.mark.slow
def test_what_was_taken_at_another_size_is_saved_and_loads(universal, tmp_path):
    wide = universal.at((32, 64, 1))
    wide.save(tmp_path / "wide")
    image = np.random.default_rng(1).uniform(-1, 1, (2, 32, 64, 1)).astype("float32")
    loaded = m2m.Autoencoder.load(tmp_path / "wide")
    np.testing.assert_array_equal(loaded.encode(image), wide.encode(image))
    assert loaded.takes_any_size


def test_a_folder_is_loaded_at_a_size(universal, tmp_path):
    universal.save(tmp_path / "drawn")
    loaded = m2m.Autoencoder.load(tmp_path / "drawn", image_shape=(64, 40, 3))
    assert loaded.code_shape == (8, 5, 4)
    assert loaded.card["image_shape"] == [32, 32, 3]  # of the files


def test_one_of_a_fixed_size_is_refused(shared_autoencoder):
    with pytest.raises(ValueError, match=r"takes images of one size: .*\(Flatten\)"):
        shared_autoencoder.at((32, 32, 1))


@pytest.mark.parametrize(
    ("shape", "message"), [((36, 32, 3), "32x32 and 40x32"), ((32, 32, 2), "1 or 3 channels")]
)
def test_sizes_that_do_not_divide_are_refused(universal, shape, message):
    with pytest.raises(ValueError, match=message):
        universal.at(shape)


def test_grey_does_not_become_colour(universal):
    with pytest.raises(ValueError, match="takes grey images"):
        m2m.Autoencoder(*build_universal_pair((32, 32, 1), channels=4)).at((32, 32, 3))
