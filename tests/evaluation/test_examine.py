"""How far the source is from the target, in images and in codes."""

import numpy as np
import pytest

from m2m_tf import data
from m2m_tf.evaluation.examine import source_to_target
from m2m_tf.evaluation.survey import survey
from m2m_tf.features import get_extractor


@pytest.fixture(scope="module")
def whole(reported_autoencoder, digits):
    """A survey of 120 digits, of which 80 images are kept."""
    extractor, rows = get_extractor("pixels", (28, 28, 1)), np.arange(120)
    return survey(reported_autoencoder, data.load(digits[:120]), extractor, rows, rows[:80])


def test_images_of_other_brightness_are_further_away_than_two_halves(
    whole, reported_autoencoder, digits
):
    near, far = (
        source_to_target(reported_autoencoder, images, whole)
        for images in (digits[200:240], -digits[200:240])
    )
    for space in ("images", "codes"):
        assert near[space].count == far[space].count == 40
        assert near[space].w1 == pytest.approx(near[space].w1_noise, rel=0.3)
        assert far[space].w1_noise == near[space].w1_noise
        assert far[space].w1 > 1.2 * near[space].w1
        assert far[space].sliced_w1 > near[space].sliced_w1


def test_without_a_source_there_is_no_distance(whole, reported_autoencoder):
    assert source_to_target(reported_autoencoder, None, whole) is None


@pytest.mark.slow
def test_source_and_target_of_one_law_are_as_far_apart_as_two_halves(assessment):
    for distance in assessment.figures["source_to_target"].values():
        assert distance.w1 == pytest.approx(distance.w1_noise, rel=0.1)
        assert distance.count == 300
