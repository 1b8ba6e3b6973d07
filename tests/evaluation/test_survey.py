"""One pass gives what separate passes would, in the order of the images."""

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from m2m_tf import data
from m2m_tf.data.passes import fingerprints_of
from m2m_tf.evaluation.survey import choose_rows, most_kept, survey
from m2m_tf.features import get_extractor
from m2m_tf.theory import reconstruction_error


@pytest.fixture(scope="module")
def extractor(reported_autoencoder):
    return get_extractor("pixels", reported_autoencoder.image_shape)


@pytest.fixture(scope="module")
def surveyed(reported_autoencoder, digits, extractor):
    """A survey of every third of 600 digits, of which every sixth is kept."""
    images = data.load(digits[:600])
    rows, keep = np.arange(0, 600, 3), np.arange(0, 600, 6)
    return survey(reported_autoencoder, images, extractor, rows, keep)


def test_a_survey_holds_what_separate_passes_give(
    surveyed, reported_autoencoder, digits, extractor
):
    chosen = digits[:600:3]
    codes = reported_autoencoder.encode(chosen)
    np.testing.assert_allclose(surveyed.codes, codes, atol=1e-5)
    np.testing.assert_allclose(surveyed.features.values, extractor(chosen).values, atol=1e-6)
    decoded = extractor(reported_autoencoder.decode(codes)).values
    np.testing.assert_allclose(surveyed.reconstructed.values, decoded, atol=1e-5)
    errors = reconstruction_error(reported_autoencoder, chosen).errors
    np.testing.assert_allclose(surveyed.errors, errors, rtol=1e-5)
    np.testing.assert_array_equal(surveyed.images, digits[:600:6])


def test_a_part_keeps_images_and_codes_together(surveyed, digits):
    part = surveyed.part(surveyed.rows % 4 == 0)
    np.testing.assert_array_equal(part.rows, np.arange(0, 600, 12))
    np.testing.assert_array_equal(part.images, digits[part.rows[part.kept]])
    assert len(part) == len(part.codes) == len(part.features) == len(part.errors) == 50


def test_numbers_past_the_last_image_are_passed_over(reported_autoencoder, digits, extractor):
    images = data.load(digits[:30])
    found = survey(reported_autoencoder, images, extractor, np.arange(40), np.arange(40))
    assert len(found) == len(found.images) == len(found.codes) == 30


@settings(max_examples=40, deadline=None)
@given(count=st.integers(1, 300), limit=st.integers(1, 300), seed=st.integers(0, 9))
def test_rows_are_drawn_without_repetition_and_come_rising(count, limit, seed):
    candidates = np.arange(count) * 7
    rows = choose_rows(candidates, limit, seed)
    assert len(rows) == min(count, limit)
    assert (np.diff(rows) > 0).all() and set(rows) <= set(candidates)


def test_images_of_a_stream_are_known_by_their_content(reported_autoencoder, digits, extractor):
    stream = tf.data.Dataset.from_tensor_slices(digits[:600]).shuffle(600, seed=1).batch(50)
    images, rows = data.load(stream), np.arange(0, 600, 3)
    known = fingerprints_of(digits[:600])
    found = survey(reported_autoencoder, images, extractor, rows, np.arange(0, 600, 6), known=known)
    np.testing.assert_array_equal(found.rows, rows)
    np.testing.assert_allclose(found.features.values, extractor(digits[rows]).values, atol=1e-6)
    np.testing.assert_allclose(found.codes, reported_autoencoder.encode(digits[rows]), atol=1e-5)
    np.testing.assert_array_equal(found.images, digits[:600:6])
    np.testing.assert_array_equal(found.rows[found.kept], np.arange(0, 600, 6))


def test_images_that_change_in_each_pass_are_refused(reported_autoencoder, digits, extractor):
    noise = tf.data.Dataset.from_tensor_slices(digits[:60] * 0.9).map(
        lambda image: image + tf.random.uniform((28, 28, 1), 0, 0.1)
    )
    known = fingerprints_of(digits[:60])
    with pytest.raises(ValueError, match="60 of the images .* do not come again.*held_out="):
        survey(
            reported_autoencoder, data.load(noise), extractor, np.arange(60), (0, 1), known=known
        )


def test_images_kept_fit_half_a_gibibyte():
    assert most_kept((28, 28, 1), 2000) == 2000
    assert most_kept((1024, 1024, 3), 2000) == 42
    assert most_kept((20_000, 20_000, 3), 2000) == 1
