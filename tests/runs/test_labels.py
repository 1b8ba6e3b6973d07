"""The classes of images to make."""

import numpy as np
import pytest

from m2m_tf.runs.labels import EACH, labels_to_make, rows_of_classes

plain = pytest.mark.parametrize("drawn_model", [None], indirect=True)
of_two = pytest.mark.parametrize("drawn_model", [("cat", "dog")], indirect=True)


@of_two
def test_a_grid_has_a_row_of_each_class(drawn_model):
    for most, labels, columns in ((8, [0] * 4 + [1] * 4, 4), (5, [0, 0, 1, 1], 2), (1, [0], 1)):
        made, each_row = rows_of_classes(drawn_model, most)
        assert (made.tolist(), each_row) == (labels, columns)
    assert labels_to_make(drawn_model, 5, EACH).tolist() == [0, 0, 1, 1]


@of_two
@pytest.mark.parametrize("label", ["dog", "1", 1])
def test_a_class_is_named_or_numbered(drawn_model, label):
    assert np.asarray(labels_to_make(drawn_model, 3, label)).tolist() == [1, 1, 1]


@of_two
def test_classes_are_drawn_by_the_seed_and_a_walk_stays_in_one(drawn_model):
    drawn = np.asarray(labels_to_make(drawn_model, 200, seed=3))
    np.testing.assert_array_equal(labels_to_make(drawn_model, 200, seed=3), drawn)
    assert 0 < drawn.sum() < 100  # one in four
    walk = labels_to_make(drawn_model, 9, seed=3, interpolate=True)
    assert set(np.asarray(walk).tolist()) == {drawn[0]}


@of_two
@pytest.mark.parametrize("label, said", [("cow", "no class 'cow'"), ("2", "from 0 to 1; got 2")])
def test_a_class_that_the_model_does_not_have_is_refused(drawn_model, label, said):
    with pytest.raises(ValueError, match=said):
        labels_to_make(drawn_model, 3, label)


@plain
def test_a_model_without_classes_has_no_labels(drawn_model):
    assert labels_to_make(drawn_model, 3) is None
    with pytest.raises(ValueError, match="has no classes"):
        labels_to_make(drawn_model, 3, EACH)
