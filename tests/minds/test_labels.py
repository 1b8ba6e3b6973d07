"""The labels a mind trains on: from those given or from the target, one for each code."""

import numpy as np
import pytest

from m2m_tf.codes import CodeStore
from m2m_tf.data.value_range import Like
from m2m_tf.minds.labels import from_target, in_range_of, label_codes, labels_beside

PETS = ("cat", "dog")
NUMBERS = np.arange(40) % 2
NAMES = np.array(PETS)[NUMBERS]


def a_store(count=40, skipped=(), labels=None):
    """The codes of a target, as encoding leaves them."""
    codes = np.zeros((count, 3), "float32")
    return CodeStore(codes, "fingerprint", skipped=list(skipped), labels=labels)


def found(target, labels, classes, store):
    _, given = labels_beside(target, labels, classes)
    return label_codes(store, given, classes).labels


@pytest.mark.parametrize(
    "labels",
    [
        NUMBERS,
        NUMBERS.tolist(),
        NUMBERS[:, None].astype("uint8"),
        np.eye(2)[NUMBERS],
        NAMES,
        NAMES.astype(object),
    ],
)
def test_every_form_of_labels_gives_the_same_numbers(labels):
    codes = np.zeros((40, 3))
    for target, given in ((codes, labels), ((codes, labels), None)):
        numbers = found(target, given, PETS, a_store())
        assert numbers.dtype == np.int32 and numbers.tolist() == NUMBERS.tolist()


def test_a_pair_is_taken_apart():
    codes = np.zeros((40, 3))
    assert labels_beside((codes, NUMBERS), None, 2)[0] is codes


def test_a_store_brings_its_labels_and_gives_way_to_others():
    store = a_store(labels=NUMBERS)
    assert found(store, None, 2, store).tolist() == NUMBERS.tolist()
    assert found(store, 1 - NUMBERS, 2, store).tolist() == (1 - NUMBERS).tolist()


def test_without_classes_there_are_no_labels():
    store = a_store(labels=NUMBERS)
    assert found(store, None, None, store) is None


def test_names_that_a_store_brings_are_numbered_as_the_model_has_its_classes():
    store = a_store(labels=NAMES)
    assert found(store, None, PETS, store).tolist() == NUMBERS.tolist()
    assert found(store, None, ("dog", "cat"), store).tolist() == (1 - NUMBERS).tolist()


@pytest.mark.parametrize(
    "labels, classes, said",
    [
        (NUMBERS[:39], 2, "got 39 labels for 40 images. Give"),
        (np.arange(40) % 3, 2, "labels run from 0 to 1; got 2 at place 2"),
        (NAMES, 2, "have no names"),
        (NAMES, ("cat", "owl"), "no class 'dog'"),
        (np.full((40, 2), 0.5), 2, "numpy.argmax"),
        (NUMBERS, None, r"the model has no classes. Construct it.*classes=10"),
    ],
)
def test_labels_that_do_not_fit_are_refused(labels, classes, said):
    with pytest.raises(ValueError, match=said):
        found(np.zeros((40, 3)), labels, classes, a_store())


def test_as_many_labels_as_files_are_too_many_where_some_were_skipped():
    store = a_store(39, skipped=[("cat/000003.png", "no image")])
    with pytest.raises(ValueError, match=r"got 40 labels for 39 images \(1 files were skipped\)"):
        found("images", NUMBERS, 2, store)


def test_where_the_range_cannot_be_told_it_is_that_of_the_fit():
    class Baseline:  # generates, and was fitted to codes alone
        pass

    class Fitted:
        trained_on = {"value_range": [0, 1]}

    assert in_range_of(Fitted, {"fit": "pad"}) == {"fit": "pad", "value_range": Like((0, 1))}
    Fitted.trained_on["range_given_for"] = "uint8"
    assert in_range_of(Fitted, {}) == {"value_range": Like((0, 1), "uint8")}
    assert in_range_of(Fitted, {"value_range": (0, 2)}) == {"value_range": (0, 2)}
    assert in_range_of(Baseline, {"value_range": "auto"}) == {"value_range": "auto"}


def test_only_labels_that_are_given_beside_images_need_their_order():
    assert from_target(NUMBERS, 2)["paired"] and not from_target(None, 2)["paired"]
