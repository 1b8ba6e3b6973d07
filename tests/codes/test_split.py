"""Held-out images: chosen by their numbers, evenly, and never trained on."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from m2m_tf.codes import CodeStore, held_out_rows, store
from m2m_tf.codes.shards import RowsOf

SHARES = st.sampled_from([0.05, 0.1, 0.2, 0.5])


def numbered(count):
    return CodeStore(np.arange(2 * count, dtype="float32").reshape(count, 2), "fingerprint")


@settings(max_examples=50, deadline=None)
@given(count=st.integers(100, 20_000), share=SHARES)
def test_the_share_held_out_is_the_share_asked_for(count, share):
    assert held_out_rows(count, share).sum() == pytest.approx(share * count, abs=4)


@settings(max_examples=50, deadline=None)
@given(share=SHARES, classes=st.integers(2, 12))
def test_classes_that_come_in_turn_or_sorted_are_held_out_alike(share, classes):
    rows = held_out_rows(1000 * classes, share)
    in_turn = rows.reshape(1000, classes).sum(axis=0)
    sorted_by_class = rows.reshape(classes, 1000).sum(axis=1)
    for counts in (in_turn, sorted_by_class):
        np.testing.assert_allclose(counts, 1000 * share, atol=12)


def test_more_images_do_not_change_which_of_the_first_are_held_out():
    np.testing.assert_array_equal(held_out_rows(500, 0.1), held_out_rows(9000, 0.1)[:500])


@pytest.mark.parametrize("share", [-0.1, 1, 1.5, None, "half"])
def test_a_share_out_of_range_is_refused(share):
    with pytest.raises(ValueError, match="validation_split is a share of the images"):
        held_out_rows(100, share)


def test_a_share_that_leaves_a_side_empty_is_refused():
    with pytest.raises(ValueError, match="leaves 0 to train on and 1 held out"):
        held_out_rows(1, 0.5)


def test_a_split_gives_each_code_to_one_side():
    training, held_out = numbered(200).split(0.1)
    both = np.concatenate([training.codes, held_out.codes])
    np.testing.assert_array_equal(np.sort(both, axis=0), numbered(200).codes)
    assert held_out.count == held_out_rows(200, 0.1).sum()


def test_a_split_of_nothing_holds_nothing_out():
    whole = numbered(20)
    assert whole.split(0) == (whole, None)


def test_codes_on_disk_are_split_on_disk(monkeypatch):
    in_memory = numbered(200).split(0.3)
    monkeypatch.setattr(store, "MEMORY_LIMIT", 64)
    for ours, expected in zip(numbered(200).split(0.3), in_memory, strict=True):
        assert isinstance(ours.codes, RowsOf)
        np.testing.assert_array_equal(ours.codes, expected.codes)
