"""The tiny autoencoders' networks give what PyTorch gives on the same weights."""

from pathlib import Path

import numpy as np
import pytest

from m2m_tf.autoencoders.pairs.tiny import (
    FAMILIES,
    build_tiny_pair,
    decoder_steps,
    encoder_steps,
    set_published,
)
from m2m_tf.autoencoders.pairs.tiny_steps import shapes_of
from tests.autoencoders.pairs.drawn_tiny import LAYOUTS, draw_weights, pictures, thinned

REFERENCE = Path(__file__).parent / "tiny_drawn_reference.npz"  # scripts/tiny_reference.py
PARAMETERS = {"taesd": (1_222_532, 1_222_531)}  # as the authors' README has them


@pytest.fixture(scope="module")
def reference():
    with np.load(REFERENCE, allow_pickle=False) as file:
        return dict(file)


@pytest.fixture(scope="module")
def images():
    return pictures().astype("float32") / 127.5 - 1


def drawn_pair(name, image_shape):
    family = FAMILIES[name]
    encoder, decoder = build_tiny_pair(name, image_shape)
    set_published(encoder, draw_weights(shapes_of(encoder_steps(family), 3), 0))
    set_published(decoder, draw_weights(shapes_of(decoder_steps(family), family.channels), 1))
    return encoder, decoder


@pytest.mark.slow
@pytest.mark.parametrize("name", LAYOUTS)
def test_codes_and_images_are_pytorchs(name, reference, images):
    encoder, decoder = drawn_pair(name, images.shape[1:])
    codes = np.asarray(encoder(images))
    np.testing.assert_allclose(codes, reference[f"{name}_codes"], atol=1e-4)
    made = (np.asarray(decoder(codes)) + 1) / 2
    np.testing.assert_allclose(thinned(made), reference[f"{name}_images"], atol=1e-4)


def test_taesdxl_and_taesd3_are_built_as_taesd_and_taef1():
    assert FAMILIES["taesdxl"] == FAMILIES["taesd"] and FAMILIES["taesd3"] == FAMILIES["taef1"]


def test_taesd_has_the_parameters_that_its_authors_count():
    counts = tuple(network.count_params() for network in build_tiny_pair("taesd", (8, 8, 3)))
    assert counts == PARAMETERS["taesd"]


@pytest.mark.slow
def test_a_grey_image_is_repeated_on_its_way_in_and_averaged_on_its_way_out(images):
    grey = images.mean(-1, keepdims=True)
    encoder, decoder = drawn_pair("taesd", grey.shape[1:])
    in_colour, to_colour = drawn_pair("taesd", images.shape[1:])
    codes = np.asarray(encoder(grey))
    np.testing.assert_allclose(codes, in_colour(np.repeat(grey, 3, -1)), atol=1e-5)
    unclipped = to_colour.layers[-2].output  # before the image is brought into its range
    made = np.asarray(type(to_colour)(to_colour.input, unclipped)(codes))
    expected = np.clip(made.mean(-1, keepdims=True), -1, 1)
    np.testing.assert_allclose(decoder(codes), expected, atol=1e-5)


def test_codes_are_kept_within_three(images):
    _, decoder = drawn_pair("taesd", (8, 8, 3))
    codes = np.full((1, 1, 1, 4), 1e6, "float32")
    np.testing.assert_allclose(decoder(codes), decoder(codes / 1e3), atol=1e-5)


@pytest.mark.parametrize(
    ("name", "shape", "nearest"),
    [
        ("taesd", (60, 64, 3), "56x64 or 64x64 .*--image_size=64x64"),
        ("taef2", (5, 100, 1), "to 8x104 .*--image_size=8x104"),
        ("taesana", (100, 100, 3), "96x96 or 128x128"),
    ],
)
def test_a_size_that_cannot_be_shrunk_evenly_is_told_the_nearest_ones(name, shape, nearest):
    with pytest.raises(ValueError, match=f"'{name}' takes .* multiples of .*{nearest}"):
        build_tiny_pair(name, shape)


@pytest.mark.parametrize("shape", [(64, 64), (64, 64, 4), (0, 64, 3)])
def test_what_is_no_shape_of_an_image_is_refused(shape):
    with pytest.raises(ValueError, match=r"images of shape \(height, width, channels\)"):
        build_tiny_pair("taesd", shape)


def test_an_unknown_family_is_refused_and_near_names_are_offered():
    with pytest.raises(ValueError, match="no family 'taesdx'.*Did you mean 'taesdxl' or 'taesd'"):
        build_tiny_pair("taesdx", (64, 64, 3))
