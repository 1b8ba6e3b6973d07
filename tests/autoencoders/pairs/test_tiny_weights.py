"""`Autoencoder.from_tiny`: the published layouts become an autoencoder like any other."""

import json
import os
from pathlib import Path

import numpy as np
import pytest

import m2m_tf as m2m
from m2m_tf.autoencoders.pairs.tiny_weights import layout
from m2m_tf.files.card import sha256
from tests.autoencoders.pairs.drawn_tiny import draw_weights, one_dictionary, pictures, thinned
from tests.extras import module_of
from tests.files.torch_archive import write_torch

save_file = module_of("hub", "safetensors.numpy").save_file

SHAPE = (64, 32, 3)
REFERENCE = Path(__file__).parent / "tiny_{}_reference.npz"  # scripts/tiny_reference.py
PUBLISHED = ("taef2_encoder.pth", "taef2_decoder.pth")
FOLDER = os.environ.get("M2M_TINY_WEIGHTS") or Path(__file__).parents[4] / "shared" / "weights"


def drawn(name):
    """The drawn weights of an encoder and a decoder, as the reference has them."""
    return (
        draw_weights(layout(name, part), seed) for part, seed in (("encoder", 0), ("decoder", 1))
    )


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """A function from a family's name to the paths of its two drawn `.pth` files."""
    folder = tmp_path_factory.mktemp("weights")

    def paths(name):
        found = [folder / f"{name}_{part}.pth" for part in ("encoder", "decoder")]
        for path, arrays in zip(found, drawn(name), strict=True):
            if not path.exists():
                write_torch(path, arrays)
        return found

    return paths


@pytest.fixture(scope="module")
def taesd(written):
    return m2m.Autoencoder.from_tiny("taesd", *written("taesd"), image_shape=SHAPE)


def reference(kind):
    with np.load(str(REFERENCE).format(kind), allow_pickle=False) as file:
        return dict(file)


def facts_of(path):
    return {"name": path.name, "sha256": sha256(path)}


def test_two_files_of_pytorch_are_loaded(taesd):
    assert (taesd.image_shape, taesd.code_shape, taesd.name) == (SHAPE, (8, 4, 4), "taesd")
    expected = reference("drawn")["taesd_codes"]
    np.testing.assert_allclose(taesd.encode(pictures()), expected, atol=1e-4)
    assert taesd.trainable_weights == [] and taesd.is_self_contained


@pytest.mark.slow
def test_two_files_of_safetensors_are_loaded(taesd, tmp_path):
    paths = [tmp_path / "encoder.safetensors", tmp_path / "decoder.safetensors"]
    for path, arrays in zip(paths, drawn("taesd"), strict=True):
        save_file(arrays, path)
    assert m2m.Autoencoder.from_tiny("taesd", *paths, image_shape=SHAPE).decode(
        taesd.encode(pictures())
    ) == pytest.approx(taesd(pictures() / 127.5 - 1).numpy(), abs=1e-5)


@pytest.mark.slow
def test_diffusers_one_file_is_loaded(taesd, tmp_path):
    path = tmp_path / "diffusion_pytorch_model.safetensors"
    save_file(one_dictionary("taesd"), path)
    autoencoder = m2m.Autoencoder.from_tiny("taesdxl", weights=path, image_shape=SHAPE)
    codes = autoencoder.encode(pictures())
    np.testing.assert_array_equal(codes, taesd.encode(pictures()))
    np.testing.assert_array_equal(autoencoder.decode(codes), taesd.decode(codes))
    assert autoencoder.card["source_files"] == {"weights": facts_of(path)}


@pytest.mark.slow
def test_its_folder_loads_as_any_other_and_its_card_says_where_it_came_from(
    taesd, written, tmp_path
):
    taesd.save(tmp_path / "taesd")
    loaded = m2m.Autoencoder.load(tmp_path / "taesd")
    assert loaded.fingerprint == taesd.fingerprint
    np.testing.assert_array_equal(loaded.encode(pictures()), taesd.encode(pictures()))
    card = json.loads((tmp_path / "taesd" / "card.json").read_text())
    assert (card["family"], card["licence"]) == ("taesd", "MIT")
    encoder, decoder = map(facts_of, written("taesd"))
    assert card["source_files"] == {"encoder": encoder, "decoder": decoder}


@pytest.mark.slow
def test_a_model_on_it_remembers_where_it_came_from(taesd, tmp_path):
    generator = m2m.build_generator(3, taesd.code_shape, widths=(2,))
    critic = m2m.build_critic(taesd.code_shape, widths=(2,))
    model = m2m.Mind2Mind(taesd, generator, critic, prior="normal", standardise="scale")
    model.save(tmp_path / "model")
    card = m2m.Mind2Mind.load(tmp_path / "model").autoencoder.card
    for fact in ("family", "licence", "data", "source_files"):
        assert card[fact] == taesd.card[fact]


@pytest.mark.slow
def test_it_takes_grey_images_of_another_size(written, digits):
    autoencoder = m2m.Autoencoder.from_tiny("taesd", *written("taesd"), image_shape=(32, 40, 1))
    images = m2m.data.load(digits[:3], image_size=(32, 40)).numpy()
    assert autoencoder.encode(images).shape == (3, 4, 5, 4)
    assert autoencoder(images).shape == (3, 32, 40, 1)


def test_weights_of_another_family_are_refused_and_recognised(written):
    with pytest.raises(ValueError, match="to be the encoder of 'taef1'; .* encoder of taef2."):
        m2m.Autoencoder.from_tiny("taef1", *written("taef2"))
    with pytest.raises(ValueError, match="encoder of 'taef2'; .* encoder of taesd or taesdxl."):
        m2m.Autoencoder.from_tiny("taef2", *written("taesd"))


def test_an_encoder_and_a_decoder_the_wrong_way_round_are_refused(written):
    with pytest.raises(ValueError, match="to be the encoder of 'taesd'; .* decoder of taesd or"):
        m2m.Autoencoder.from_tiny("taesd", *reversed(written("taesd")))


def test_weights_of_no_family_are_refused_by_a_tensor(tmp_path, written):
    encoder, _ = drawn("taesd")
    del encoder["14.bias"]
    path = write_torch(tmp_path / "other.pth", encoder)
    with pytest.raises(ValueError, match="other.pth.*67 tensors.*'14.bias' is missing there"):
        m2m.Autoencoder.from_tiny("taesd", path, written("taesd")[1])


def test_one_file_of_other_names_is_refused(tmp_path):
    save_file({"vae.conv.weight": np.zeros(3, "float32")}, tmp_path / "vae.safetensors")
    with pytest.raises(ValueError, match="diffusers' names.*'vae.conv.weight'"):
        m2m.Autoencoder.from_tiny("taesd", weights=tmp_path / "vae.safetensors")


@pytest.mark.parametrize(
    "given", [{}, {"encoder": "a.pth"}, {"encoder": "a.pth", "decoder": "b.pth", "weights": "c"}]
)
def test_files_that_are_missing_or_too_many_are_refused(given):
    with pytest.raises(ValueError, match="two files, encoder= and decoder=, or diffusers' one"):
        m2m.Autoencoder.from_tiny("taesd", **given)


def test_a_size_or_a_family_is_refused_before_a_file_is_read():
    with pytest.raises(ValueError, match="multiples of 8"):
        m2m.Autoencoder.from_tiny("taesd", "gone", "gone", image_shape=(20, 20, 3))
    with pytest.raises(ValueError, match="Did you mean 'taesana'"):
        m2m.Autoencoder.from_tiny("tesana", "gone", "gone")


def test_codes_of_the_wrong_channels_are_refused(taesd):
    with pytest.raises(ValueError, match=r"decodes codes of shape \(n, 8, 4, 4\)"):
        taesd.decode(np.zeros((1, 8, 4, 16), "float32"))


def published_or_drawn(written):
    """The published files where they are, else drawn ones; PyTorch's codes and images, thinned."""
    paths = [Path(FOLDER, name) for name in PUBLISHED]
    if all(path.is_file() for path in paths):
        found = reference("published")
        return paths, found["codes"], found["images"]
    found = reference("drawn")
    return written("taef2"), found["taef2_codes"], found["taef2_images"]


@pytest.mark.slow
def test_the_published_weights_give_what_they_give_in_pytorch(written):
    """On drawn weights where the published ones are not: set M2M_TINY_WEIGHTS to their folder."""
    paths, expected_codes, expected_images = published_or_drawn(written)
    autoencoder = m2m.Autoencoder.from_tiny("taef2", *paths, image_shape=SHAPE)
    codes = autoencoder.encode(pictures())
    np.testing.assert_allclose(codes, expected_codes, atol=1e-4)
    images = (autoencoder.decode(codes) + 1) / 2
    np.testing.assert_allclose(thinned(images), expected_images, atol=1e-4)
