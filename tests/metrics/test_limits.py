"""What limits a figure is said beside it."""

import numpy as np
import pytest

from m2m_tf.features import Features
from m2m_tf.metrics import METRICS, measure


def features(seed, count=60, dim=8):
    return Features(np.random.default_rng(seed).normal(size=(count, dim)), "pixels")


def test_fewer_samples_than_features_says_how_far_to_trust_the_distance():
    found = measure(features(0, count=20, dim=40), features(1, count=900, dim=40))
    (note,) = found["frechet_distance"].notes
    for part in ("20 real samples for 40 features", "rank 19 at most", "at least 41 samples"):
        assert part in note
    (note,) = found["frechet_distance_extrapolated"].notes
    assert "5 for 40 features" in note and "at least 164 samples" in note
    assert all(found[name].notes == () for name in METRICS[2:])


@pytest.mark.parametrize(
    "metric, enough", [("frechet_distance", 11), ("frechet_distance_extrapolated", 44)]
)
def test_the_count_that_a_note_asks_for_is_enough(metric, enough):
    for count, notes in ((enough - 1, 2), (enough, 0)):
        found = measure(
            features(0, count=count, dim=10), features(1, count=count, dim=10), metrics=metric
        )
        assert len(found[metric].notes) == notes


def test_constant_features_are_measured_and_said():
    same = Features(np.full((30, 4), 0.3), "pixels")
    found = measure(same, features(0, count=30, dim=4))
    for figure in found.values():
        assert any("all 30 real samples have the same features" in note for note in figure.notes)
        assert not any("generated" in note for note in figure.notes)


def test_copies_are_said_where_balls_shrink():
    values = np.repeat(features(0, count=30).values, 2, axis=0)
    found = measure(Features(values, "pixels"), features(1))
    assert any("50% of the real samples copy" in note for note in found["recall"].notes)
    assert found["frechet_distance"].notes == ()
