"""A law of codes draws codes and images as a mind does."""

import numpy as np
import pytest

from m2m_tf.evaluation.baselines.baseline import CodeBaseline


class Law:
    """Values of a standard normal."""

    def sample(self, count, rng):
        return rng.normal(size=(count, 6))


@pytest.fixture(scope="module")
def baseline(make_autoencoder):
    lowest, highest = np.full(6, -1.0), np.full(6, 0.5)
    return CodeBaseline("normal", make_autoencoder((2, 3)), Law(), lowest, highest, {"count": 9})


def test_codes_have_the_autoencoders_shape_and_stay_in_the_range_that_was_seen(baseline):
    codes = baseline.generate_codes(200, seed=0)
    assert codes.shape == (200, 2, 3) and codes.dtype == np.float32
    assert codes.min() == -1 and codes.max() == 0.5
    inside = codes[(codes > -1) & (codes < 0.5)]
    drawn = Law().sample(200, np.random.default_rng(0)).astype("float32").reshape(200, 2, 3)
    assert np.isin(inside, drawn).all()


def test_images_are_the_decoded_codes(baseline):
    images = baseline.generate(7, seed=1, batch_size=3)
    expected = baseline.autoencoder.decode(baseline.generate_codes(7, seed=1))
    np.testing.assert_allclose(images, expected, atol=1e-5)


def test_a_seed_is_any_whole_number_and_without_one_draws_differ(baseline):
    first, second = (baseline.generate_codes(5, seed=seed) for seed in (3, -3))
    np.testing.assert_array_equal(baseline.generate_codes(5, seed=-3), second)
    assert (first != second).any()
    assert (baseline.generate_codes(5) != baseline.generate_codes(5)).any()


def test_it_says_what_it_is(baseline):
    assert repr(baseline) == "<CodeBaseline 'normal' on the codes of 'autoencoder'>"
