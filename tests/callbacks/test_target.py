"""What a mind in training is compared with: the same part of the target in any form."""

import numpy as np
import pytest

import m2m_tf as m2m
from m2m_tf.callbacks.target import check_target, decoded_features, sample_target
from m2m_tf.codes import CodeStore
from m2m_tf.features import get_extractor

SHAPE = (28, 28, 1)


class Items:
    """A data set with a length and items, as torch's are."""

    def __init__(self, images):
        self.images = images

    def __len__(self):
        return len(self.images)

    def __getitem__(self, row):
        return self.images[row]


def saved_images(digits, folder):
    path = folder / "digits.npy"
    np.save(path, digits)
    return path


TARGETS = {
    "training codes": lambda digits, codes, folder: None,
    "target codes": lambda digits, codes, folder: codes,
    "target codes of a store": lambda digits, codes, folder: CodeStore(codes, "name"),
    "target images": lambda digits, codes, folder: digits,
    "target images of a file": lambda digits, codes, folder: saved_images(digits, folder),
    "target images of a loader": lambda digits, codes, folder: m2m.data.load(digits),
    "target images of a list": lambda digits, codes, folder: list(digits),
    "target images of a function": lambda digits, codes, folder: lambda: iter(digits),
    "target images of a data set": lambda digits, codes, folder: Items(digits),
    "target images of a dictionary": lambda digits, codes, folder: {"image": digits},
}


@pytest.fixture
def model(make_mind, some_codes):
    """A mind that has the codes of 300 digits."""
    model = make_mind()
    model.codes = CodeStore(some_codes, "name")
    return model


@pytest.mark.slow
@pytest.mark.parametrize("kind", TARGETS)
def test_any_form_of_one_target_gives_the_same_codes(model, digits, some_codes, tmp_path, kind):
    target = TARGETS[kind](digits[:300], some_codes, tmp_path)
    whole = sample_target(model, target, None, 300, seed=0)
    assert kind.startswith(whole.kind) and whole.features is None
    np.testing.assert_allclose(whole.codes, some_codes, atol=1e-5)
    part = sample_target(model, target, None, 50, seed=0)
    rows = np.sort(np.random.default_rng(0).choice(300, 50, replace=False))
    np.testing.assert_allclose(part.codes, some_codes[rows], atol=1e-5)


def test_few_images_are_read_in_the_range_of_the_fit(model, digits, some_codes):
    model.trained_on = {"value_range": [0, 1]}
    found = sample_target(model, list(digits[:20] / 2 + 0.5), None, 20, seed=0)
    np.testing.assert_allclose(found.codes, some_codes[:20], atol=1e-4)


def test_images_are_read_as_the_fit_was_told(model, digits, some_codes):
    model.trained_on = {"value_range": [0, 85], "range_given_for": "float"}
    found = sample_target(model, (digits[:40] + 1) * 42.5, None, 40, seed=0)
    np.testing.assert_allclose(found.codes, some_codes[:40], atol=1e-4)


def test_the_same_part_is_taken_with_features_and_without(model, digits):
    extractor = get_extractor("pixels", SHAPE)
    without, beside = (sample_target(model, digits, each, 30, 0) for each in (None, extractor))
    np.testing.assert_allclose(without.codes, beside.codes, atol=1e-5)
    rows = np.sort(np.random.default_rng(0).choice(2000, 30, replace=False))
    np.testing.assert_array_equal(beside.features.values, digits[rows].reshape(30, -1))


def test_where_codes_alone_are_known_features_are_of_decoded_images(model, some_codes):
    found = sample_target(model, some_codes, get_extractor("pixels", SHAPE), 20, 0)
    decoded = model.autoencoder.decode(found.codes).reshape(20, -1)
    np.testing.assert_allclose(found.features.values, decoded, atol=1e-5)
    in_batches = decoded_features(
        model.autoencoder, found.codes, get_extractor("pixels", SHAPE), batch_size=7
    )
    np.testing.assert_allclose(in_batches.values, decoded, atol=1e-5)


@pytest.mark.parametrize(
    "few", [lambda codes: codes[:11], lambda codes: CodeStore(codes[:5], "few")]
)
def test_fewer_than_12_are_refused(model, some_codes, few):
    with pytest.raises(ValueError, match="12 images or more; there are .* target codes"):
        sample_target(model, few(some_codes), None, 100, 0)


@pytest.mark.parametrize("target, name", [([1, 2], "list"), (3, "int")])
def test_what_can_be_neither_images_nor_codes_is_refused(target, name):
    with pytest.raises(ValueError, match=f"got {name}"):
        check_target(target)
