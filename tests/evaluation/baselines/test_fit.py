"""Baselines: drawn codes and images, and what is refused."""

import numpy as np
import pytest

import m2m_tf as m2m
from m2m_tf.evaluation.baselines import KINDS, fit_baseline


@pytest.fixture(scope="module")
def autoencoder(tiny_autoencoder_folder):
    return m2m.Autoencoder.load(tiny_autoencoder_folder)


@pytest.fixture(scope="module")
def codes(autoencoder, digits):
    return autoencoder.encode(digits)


@pytest.fixture(scope="module", params=KINDS)
def baseline(request, autoencoder, codes):
    return fit_baseline(request.param, autoencoder, codes)


def test_a_baseline_generates_images_like_a_mind(baseline):
    images = baseline.generate(7, seed=0, batch_size=3)
    assert images.shape == (7, 28, 28, 1)
    assert images.dtype == np.float32
    assert np.abs(images).max() <= 1


def test_the_same_seed_gives_the_same_codes_and_another_one_others(baseline):
    drawn = baseline.generate_codes(5, seed=3)
    assert drawn.shape == (5, 16)
    assert drawn.dtype == np.float32
    np.testing.assert_array_equal(drawn, baseline.generate_codes(5, seed=3))
    assert (drawn != baseline.generate_codes(5, seed=4)).any()
    assert (baseline.generate_codes(5) != baseline.generate_codes(5)).any()


def test_drawn_codes_have_the_mean_and_covariance_of_the_codes(baseline, codes):
    drawn = baseline.generate_codes(20_000, seed=0)
    scale = codes.std(axis=0)
    np.testing.assert_allclose(drawn.mean(axis=0) / scale, codes.mean(axis=0) / scale, atol=0.08)
    np.testing.assert_allclose(np.cov((drawn / scale).T), np.cov((codes / scale).T), atol=0.15)


def test_an_unknown_kind_is_refused_with_the_kinds(autoencoder, codes):
    with pytest.raises(ValueError, match="gaussian, mixture; got 'kde'"):
        fit_baseline("kde", autoencoder, codes)


@pytest.mark.parametrize("kind", KINDS)
def test_a_code_with_a_nan_is_refused_by_its_number(kind, autoencoder, codes):
    bad = codes.copy()
    bad[7, 3] = np.nan
    with pytest.raises(ValueError, match="1 of 2000 .* code 7"):
        fit_baseline(kind, autoencoder, bad)
