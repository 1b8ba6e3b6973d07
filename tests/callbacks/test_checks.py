"""What every callback checks."""

import keras
import pytest

from m2m_tf.callbacks.checks import check_every, check_model, is_due


def test_another_model_than_a_mind_is_refused():
    with pytest.raises(ValueError, match="SampleGrid watches a m2m.Mind2Mind; got Sequential"):
        check_model(keras.Sequential(), "SampleGrid")


def test_every_so_many_epochs_and_the_last_are_due():
    assert [epoch for epoch in range(8) if is_due(epoch, 3, last=7)] == [2, 5, 7]
    assert [epoch for epoch in range(4) if is_due(epoch, 1, last=3)] == [0, 1, 2, 3]
    assert not any(is_due(epoch, None, last=7) for epoch in range(8))


@pytest.mark.parametrize("every", [0, -1, 1.5, "2"])
def test_what_is_no_number_of_epochs_is_refused(every):
    with pytest.raises(ValueError, match="every"):
        check_every("every", every)


def test_none_means_never():
    check_every("every", None)
    check_every("every", 3)
