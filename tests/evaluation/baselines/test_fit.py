"""Baselines: drawn codes and images, and what is refused."""

import json
import warnings

import numpy as np
import pytest

from m2m_tf.codes import encode_once
from m2m_tf.evaluation.baselines import KINDS, fit_baseline

every_kind = pytest.mark.parametrize("kind", KINDS)


@pytest.fixture(scope="module", params=KINDS)
def baseline(request, autoencoder, codes):
    return fit_baseline(request.param, autoencoder, codes)


def drawn(seed, *shape):
    return np.random.default_rng(seed).normal(size=shape).astype("float32")


def test_a_baseline_generates_images_like_a_mind(baseline):
    images = baseline.generate(7, seed=0, batch_size=3)
    assert images.shape == (7, 28, 28, 1)
    assert images.dtype == np.float32
    assert np.abs(images).max() <= 1
    np.testing.assert_array_equal(images, baseline.generate(7, seed=0, batch_size=3))


def test_the_same_seed_gives_the_same_codes_and_another_one_others(baseline):
    codes = baseline.generate_codes(5, seed=3)
    assert codes.shape == (5, 16)
    assert codes.dtype == np.float32
    np.testing.assert_array_equal(codes, baseline.generate_codes(5, seed=3))
    assert (codes != baseline.generate_codes(5, seed=4)).any()
    assert (codes != baseline.generate_codes(5, seed=-3)).any()
    assert (baseline.generate_codes(5) != baseline.generate_codes(5)).any()


@every_kind
def test_fitting_again_gives_the_same_baseline(kind, autoencoder, codes):
    first, again = (
        fit_baseline(kind, autoencoder, codes[:300], seed=1).generate_codes(9, seed=0)
        for _ in range(2)
    )
    np.testing.assert_array_equal(first, again)


def test_drawn_codes_have_the_mean_and_covariance_of_the_codes(baseline, codes):
    made = baseline.generate_codes(20_000, seed=0)
    scale = codes.std(axis=0)
    np.testing.assert_allclose(made.mean(axis=0) / scale, codes.mean(axis=0) / scale, atol=0.05)
    np.testing.assert_allclose(np.cov((made / scale).T), np.cov((codes / scale).T), atol=0.1)


def test_the_facts_go_into_json_and_say_what_was_done(baseline):
    facts = json.loads(json.dumps(baseline.facts))
    assert facts["count"] == 2000
    assert facts["seconds"] > 0
    assert repr(baseline) == f"<CodeBaseline '{baseline.name}' on the codes of 'tiny'>"


@every_kind
def test_codes_stay_in_the_range_of_a_bounded_encoder(kind, make_autoencoder):
    autoencoder = make_autoencoder((6,), activation="tanh")
    codes = autoencoder.encode(np.tanh(3 * drawn(0, 400, 4, 4, 1)))
    assert np.abs(codes).max() > 0.99
    made = fit_baseline(kind, autoencoder, codes).generate_codes(2000, seed=0)
    assert (made >= codes.min(axis=0)).all()
    assert (made <= codes.max(axis=0)).all()


@pytest.mark.slow
@every_kind
def test_maps_of_codes_keep_their_shape_and_their_covariance(kind, make_autoencoder):
    autoencoder = make_autoencoder((2, 2, 3))
    codes = (drawn(0, 1500, 12) @ drawn(1, 12, 12)).reshape(-1, 2, 2, 3)
    baseline = fit_baseline(kind, autoencoder, codes)
    made = baseline.generate_codes(8000, seed=0)
    assert made.shape == (8000, 2, 2, 3)
    assert baseline.generate(3, seed=0).shape == (3, 4, 4, 1)
    expected, found = (np.cov(each.reshape(-1, 12).T) for each in (codes, made))
    np.testing.assert_allclose(found, expected, atol=0.1 * np.abs(expected).max())


@every_kind
@pytest.mark.parametrize("count", [2, 3, 10, 40])
def test_a_few_codes_are_enough(kind, count, make_autoencoder):
    codes = drawn(0, count, 50)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        made = fit_baseline(kind, make_autoencoder((50,)), codes).generate_codes(500, seed=0)
    assert np.isfinite(made).all()
    assert (made.std(axis=0) > 0.1 * codes.std(axis=0)).all()


@every_kind
def test_constant_codes_give_the_constant(kind, make_autoencoder):
    codes = np.tile(drawn(0, 1, 6), (30, 1))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        baseline = fit_baseline(kind, make_autoencoder((6,)), codes)
        np.testing.assert_array_equal(baseline.generate_codes(9, seed=0), codes[:9])


@every_kind
def test_a_constant_code_value_stays_constant(kind, make_autoencoder):
    codes = drawn(0, 300, 6)
    codes[:, 2] = 7
    made = fit_baseline(kind, make_autoencoder((6,)), codes).generate_codes(50, seed=0)
    np.testing.assert_array_equal(made[:, 2], 7)
    assert (made[:, [0, 1, 3, 4, 5]].std(axis=0) > 0.5).all()


@every_kind
def test_many_copies_of_two_codes_do_not_stop_it_nor_warn(kind, make_autoencoder):
    codes = np.repeat(drawn(0, 2, 6), 100, axis=0)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        made = fit_baseline(kind, make_autoencoder((6,)), codes).generate_codes(50, seed=0)
    assert np.isfinite(made).all()


@pytest.mark.slow
@every_kind
def test_the_units_of_the_codes_do_not_matter(kind, make_autoencoder):
    # The law is the same; the draws need not be, where principal directions turn around.
    autoencoder, codes = make_autoencoder((6,)), drawn(0, 500, 6)
    made = fit_baseline(kind, autoencoder, codes).generate_codes(20_000, seed=0)
    for scale in (1e-6, 1e6):
        scaled = fit_baseline(kind, autoencoder, scale * codes).generate_codes(20_000, seed=0)
        np.testing.assert_allclose(scaled.mean(axis=0) / scale, made.mean(axis=0), atol=0.05)
        np.testing.assert_allclose(np.cov(scaled.T / scale), np.cov(made.T), atol=0.1)


@pytest.mark.slow
@every_kind
def test_a_store_of_codes_is_taken(kind, autoencoder, codes):
    store = encode_once(autoencoder, np.array(codes[:200]), verbose=0)
    made = fit_baseline(kind, autoencoder, store).generate_codes(5, seed=0)
    expected = fit_baseline(kind, autoencoder, codes[:200]).generate_codes(5, seed=0)
    np.testing.assert_array_equal(made, expected)


def test_an_unknown_kind_is_refused_with_the_kinds(autoencoder, codes):
    with pytest.raises(ValueError, match="'gaussian', 'mixture', 'prior'; got 'kde'"):
        fit_baseline("kde", autoencoder, codes)


@every_kind
def test_a_code_that_is_not_finite_is_refused_by_its_number(kind, autoencoder, codes):
    for value in (np.nan, np.inf):
        bad = codes.copy()
        bad[7, 3] = value
        with pytest.raises(ValueError, match="1 of 2000 .* code 7"):
            fit_baseline(kind, autoencoder, bad)


@every_kind
@pytest.mark.parametrize("count", [0, 1])
def test_fewer_than_two_codes_are_refused(kind, count, autoencoder, codes):
    with pytest.raises(ValueError, match=f"2 codes or more; got {count}"):
        fit_baseline(kind, autoencoder, codes[:count])


@pytest.mark.parametrize("shape", [(30, 15), (30, 4, 4), (16,)])
def test_codes_of_another_shape_are_refused(shape, autoencoder):
    with pytest.raises(ValueError, match=r"shape \(n, 16\).*autoencoder.encode"):
        fit_baseline("gaussian", autoencoder, np.zeros(shape))


def test_what_is_no_autoencoder_is_refused(codes):
    with pytest.raises(ValueError, match="expects a m2m.Autoencoder"):
        fit_baseline("gaussian", "tiny", codes)


@pytest.mark.parametrize("number", [0, -1, 2.5, "many"])
def test_a_number_of_codes_that_is_none_is_refused(number, baseline):
    with pytest.raises(ValueError, match="whole number of 1 or more"):
        baseline.generate_codes(number)


def test_what_is_no_seed_is_refused(baseline, autoencoder, codes):
    with pytest.raises(ValueError, match="A seed is a whole number"):
        baseline.generate_codes(3, seed="one")
    with pytest.raises(ValueError, match="A seed is a whole number"):
        fit_baseline("mixture", autoencoder, codes, seed=0.5)
