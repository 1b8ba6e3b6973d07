"""The settings of a family of pairs, and what they build."""

import pytest

from m2m_tf.autoencoders.pairs.family import build_family, check_family, family_of, family_of_card


def test_each_family_builds_what_it_says():
    vector = family_of("convolutional", (16,), 4)
    assert build_family(vector, (32, 32, 1))[0].output_shape == (None, 16)
    universal = family_of("universal", (4, 4, 6), 32)
    assert build_family(universal, (64, 32, 3))[0].output_shape == (None, 8, 4, 6)


def test_a_card_gives_back_the_family_that_wrote_it():
    vector = family_of("convolutional", (16,), 4)
    assert family_of_card({"image_shape": [32, 32, 1], **vector}) == vector
    universal = family_of("universal", None, 32)
    assert family_of_card({"code_shape": [8, 8, 32], **universal}) == universal


def test_cards_older_than_families_are_of_the_convolutional_one():
    family = family_of_card({"code_shape": [64], "width": 32})
    assert family == {"architecture": "convolutional", "code_shape": [64], "width": 32}


UNIVERSAL = family_of("universal", None, 32)
CONVOLUTIONAL = family_of("convolutional", (8,), 8)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: family_of("unet", None, 32), "'convolutional', 'universal'; got 'unet'"),
        (lambda: family_of("universal", (64,), 32), "code maps, of an eighth"),
        (lambda: family_of_card({"name": "taef2"}), "'taef2' is of another kind"),
        (lambda: check_family(UNIVERSAL, (28, 28, 3)), "24x24 and 32x32"),
        (lambda: check_family(CONVOLUTIONAL, (30, 30, 3)), "multiples of 4"),
    ],
)
def test_what_no_family_has_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
