"""A model stands beside real images of the same number, so that counts explain nothing."""

from types import SimpleNamespace

import numpy as np
import pytest

from m2m_tf.evaluation.beside_real import HALF, HELD_OUT, beside_real
from m2m_tf.evaluation.survey import Survey
from m2m_tf.evaluation.verdict import level_of
from m2m_tf.features import Features
from m2m_tf.metrics import frechet_distance

DIM = 5


def features(count, seed, shift=0.0):
    return Features(np.random.default_rng(seed).normal(size=(count, DIM)) + shift, "pixels")


def a_survey(count, seed):
    real = features(count, seed)
    rebuilt = Features(0.9 * real.values, "pixels")
    nothing = np.zeros(count)
    return Survey(np.arange(count), nothing, real, rebuilt, nothing, np.arange(0), np.zeros((0, 1)))


def test_generated_and_real_images_are_compared_at_one_number():
    training, held_out = a_survey(300, 0), a_survey(40, 1)
    made, start = features(300, 2, 0.5), features(300, 3, 1.0)
    found = beside_real(training, held_out, made, start)
    against = training.features.values
    assert (found.whose, found.images) == (HELD_OUT, 40)
    assert found.generated == frechet_distance(against, made.values[:40])
    assert found.start == frechet_distance(against, start.values[:40])
    assert found.real == frechet_distance(against, held_out.features.values)
    assert found.floor == frechet_distance(against, held_out.reconstructed.values)
    assert found.excess.value == pytest.approx(found.generated - found.real)
    assert found.spread == pytest.approx(DIM, rel=0.2)


@pytest.mark.parametrize("count", [100, 400])
def test_real_images_are_near_real_ones_however_few_they_are(count):
    levels = [
        level_of(beside_real(a_survey(400, seed), a_survey(count, 50 + seed), made, made).share)
        for seed in range(10)
        for made in [features(400, 100 + seed)]
    ]
    assert levels.count("good") >= 8 and "poor" not in levels


@pytest.mark.parametrize("shift, level", [(0.05, "good"), (0.25, "fair"), (1.0, "poor")])
def test_the_level_is_the_same_with_few_images_and_with_many(shift, level):
    for count in (400, 1000):
        made = features(2000, 2, shift)
        found = beside_real(a_survey(2000, 0), a_survey(count, 1), made, made)
        assert level_of(found.share) == level
        assert found.to_json()["share"] == found.share
        low, high = found.share_interval
        assert low <= found.share <= high


def test_without_held_out_images_two_halves_of_the_training_images_stand_for_what_is_real():
    made = features(600, 2)
    found = beside_real(a_survey(600, 0), None, made, made)
    assert found.whose == HALF and found.images == pytest.approx(300, abs=1)
    assert found.real > 0 and level_of(found.share) == "good"
    assert beside_real(a_survey(600, 0), a_survey(5, 1), made, made).whose == HALF


def test_a_share_is_never_below_nothing():
    made = SimpleNamespace(values=a_survey(60, 0).features.values)
    assert beside_real(a_survey(60, 0), a_survey(60, 1), made, made).share == 0
