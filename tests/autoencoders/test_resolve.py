"""An autoencoder from what people call it by."""

import keras
import pytest

from m2m_tf.autoencoders import resolve


def test_a_preset_a_folder_and_an_autoencoder_are_taken(
    tiny_autoencoder_folder, shared_autoencoder
):
    assert resolve("fashion_mnist_28_compact").name == "fashion_mnist_28_compact"
    assert resolve(str(tiny_autoencoder_folder)).fingerprint == shared_autoencoder.fingerprint
    assert resolve(shared_autoencoder) is shared_autoencoder


def test_a_name_of_nothing_is_refused_with_what_there_is(tmp_path):
    with pytest.raises(ValueError, match="Did you mean 'fashion_mnist_28'"):
        resolve("fashion_mnist_29")
    with pytest.raises(ValueError, match="which is no folder"):
        resolve(str(tmp_path / "none"))


def test_a_size_is_passed_on(shared_autoencoder):
    with pytest.raises(ValueError, match="takes images of one size"):
        resolve(shared_autoencoder, image_shape=(32, 32, 1))


@pytest.mark.parametrize("given", [None, 5, (1, 2), keras.Sequential()])
def test_what_is_no_autoencoder_and_no_name_is_refused(given):
    with pytest.raises(ValueError, match=r"Expected a m2m.Autoencoder, .*Autoencoder\(enc"):
        resolve(given)


@pytest.mark.parametrize("name", ["~nobody-of-that-name/mine", "long" * 1000])
def test_a_name_that_no_folder_can_have_is_refused_as_others_are(name):
    with pytest.raises(ValueError, match="is no folder|There is no preset"):
        resolve(name)


@pytest.mark.parametrize("shape", [64, (64, 64), (None, None, 3)])
def test_a_size_that_is_none_is_refused(shape):
    with pytest.raises(ValueError, match="Expected an image_shape"):
        resolve("universal", image_shape=shape)
