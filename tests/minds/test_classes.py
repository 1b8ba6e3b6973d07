"""Classes: what names and labels are taken, and how labels are drawn."""

import numpy as np
import pytest

from m2m_tf.minds import Mind2Mind
from m2m_tf.minds.classes import (
    ClassLaw,
    check_classes,
    check_every_class_occurs,
    classes_of,
    count_classes,
    number_labels,
)

PETS = ("cat", "dog", "owl")


def test_classes_are_none_a_number_or_names():
    assert check_classes(None) is None and count_classes(None) == 0
    assert check_classes(np.int64(3)) == 3 and count_classes(3) == 3
    assert check_classes(list(PETS)) == PETS and count_classes(PETS) == 3
    assert check_classes(np.array(PETS)) == PETS


@pytest.mark.parametrize("classes", [1, 0, -2, True, 2.5, "cat", ("cat",), ("cat", 1), ()])
def test_what_is_no_classes_is_refused(classes):
    with pytest.raises(ValueError, match="classes is a number of 2 or more, or a sequence"):
        check_classes(classes)


def test_a_name_that_comes_twice_is_refused():
    with pytest.raises(ValueError, match="'cat' comes twice"):
        check_classes(("cat", "dog", "cat"))


@pytest.mark.parametrize(
    "labels, classes, numbers",
    [
        ([2, 0, 1], 3, [2, 0, 1]),
        (np.array([2, 0], "uint8"), PETS, [2, 0]),
        (["owl", "cat", "owl"], PETS, [2, 0, 2]),
        (["1", "0"], 3, [1, 0]),
        ("dog", PETS, 1),
        (2, 3, 2),
    ],
)
def test_labels_become_the_numbers_of_their_classes(labels, classes, numbers):
    found = number_labels(labels, classes)
    assert found.dtype == np.int32 and found.tolist() == numbers


def test_digits_are_names_where_classes_have_such_names():
    assert number_labels(["3", "1"], ("1", "3")).tolist() == [1, 0]


@pytest.mark.parametrize(
    "labels, classes, said",
    [
        ([0, 3], 3, "labels run from 0 to 2; got 3 at place 1"),
        ([-1, 0], 3, "labels run from 0 to 2; got -1 at place 0"),
        (7, 3, "labels run from 0 to 2; got 7. Number"),
        (["cow"], PETS, "no class 'cow'; its classes are 'cat', 'dog', 'owl'"),
        (["dogs"], PETS, "Did you mean 'dog'"),
        (["cat"], 3, r"have no names; got the label 'cat'.*classes=\('cat', 'dog'\)"),
        ([0.5, 1.0], 3, "one an image; got an array of float64"),
        ([[0], [1]], 3, r"of shape \(2, 1\)"),
        ([True, False], 3, "got an array of bool"),
    ],
)
def test_labels_that_are_no_classes_are_refused(labels, classes, said):
    with pytest.raises(ValueError, match=said):
        number_labels(labels, classes)


@pytest.mark.parametrize("classes, name", [(3, "class 1"), (PETS, "class 'dog'")])
def test_a_class_without_images_is_refused_by_name(classes, name):
    check_every_class_occurs(np.array([0, 2, 1]), classes)
    with pytest.raises(ValueError, match=f"{name} has none"):
        check_every_class_occurs(np.array([0, 2, 0]), classes)


def test_the_classes_of_labels_are_their_sorted_names_or_their_number():
    assert classes_of(None) is None
    assert classes_of(np.array([2, 0, 1, 0])) == 3
    assert classes_of(np.array(["owl", "cat", "dog", "cat"])) == PETS
    assert classes_of(np.array(["10", "9", "9"])) == ("9", "10")


def test_numbers_with_a_gap_are_refused():
    with pytest.raises(ValueError, match=r"numbered from 0 without a gap; the labels are \[1, 2"):
        classes_of(np.array([1, 2]))


def test_labels_are_drawn_as_often_as_they_occur():
    law = ClassLaw(4)
    law.adapt(np.repeat([0, 1, 3], [500, 300, 200]))
    drawn = law.sample(20_000, [0, 1]).numpy()
    assert drawn.dtype == np.int32
    shares = np.bincount(drawn, minlength=4) / 20_000
    np.testing.assert_allclose(shares, [0.5, 0.3, 0, 0.2], atol=0.015)


def test_a_law_that_was_not_measured_is_even():
    shares = np.bincount(ClassLaw(4).sample(8000, [0, 1])) / 8000
    np.testing.assert_allclose(shares, 0.25, atol=0.02)


@pytest.mark.parametrize("count", [2, 3, 7, 1000])
def test_no_draw_is_out_of_range_however_the_shares_round(count):
    law = ClassLaw(count)
    law.adapt(np.arange(count))
    drawn = law.sample(50_000, [0, 1]).numpy()
    assert drawn.min() == 0 and drawn.max() == count - 1


def test_a_seed_fixes_the_labels_and_more_of_them_begin_alike():
    law = ClassLaw(5)
    first = law.sample(20, [3, 1]).numpy()
    np.testing.assert_array_equal(law.sample(50, [3, 1])[:20], first)
    assert not np.array_equal(law.sample(20, [4, 1]), first)


def test_names_may_be_an_array_of_numpy(shared_autoencoder):
    model = Mind2Mind(shared_autoencoder, classes=np.array(PETS))
    assert model.classes == PETS and model.class_law is not None
