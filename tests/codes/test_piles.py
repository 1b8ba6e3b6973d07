"""Codes on disk in piles: every code once a pass, from any place, the same each time."""

import gc

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from m2m_tf.codes import CodeStore, piles, store
from m2m_tf.codes.piles import Piles, shuffled

PLACES = {"count": st.integers(1, 60), "codes_a_pile": st.integers(1, 20)}


def made(count, codes_a_pile, labels=None, standardise=tf.identity):
    """Codes of two values whose number i holds i, in piles of so many at most."""
    codes = np.repeat(np.arange(count, dtype="float32")[:, None], 2, axis=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(piles, "PILE", 8 * codes_a_pile)
        return Piles(codes, standardise, 3, labels)


def taken(passes, count):
    """The numbers of the first codes of passes."""
    numbers = []
    for part in passes:
        numbers.extend(part.numpy()[:, 0].astype(int))
        if len(numbers) >= count:
            return numbers[:count]


@settings(max_examples=40, deadline=None)
@given(**PLACES)
def test_each_code_lies_in_one_pile(count, codes_a_pile):
    found = made(count, codes_a_pile)
    parts = [found.read(pile)[:, 0] for pile in range(found.number)]
    assert sorted(np.concatenate(parts)) == list(range(count))
    assert max(map(len, parts)) <= codes_a_pile
    assert max(map(len, parts)) - min(map(len, parts)) <= 1


@pytest.mark.slow
@settings(max_examples=15, deadline=None)
@given(**PLACES, first=st.integers(0, 100))
def test_every_code_comes_once_before_any_comes_again_from_any_place(count, codes_a_pile, first):
    found = made(count, codes_a_pile)
    numbers = taken(found.passes(5, 0), first + 2 * count)
    for start in range(0, len(numbers) - count + 1, count):
        assert sorted(numbers[start : start + count]) == list(range(count))
    assert taken(found.passes(5, first), 2 * count) == numbers[first:]


def test_passes_differ_and_a_seed_fixes_them():
    found = made(40, 7)
    numbers = taken(found.passes(5, 0), 80)
    assert numbers[:40] != numbers[40:]
    assert taken(made(40, 7).passes(5, 0), 80) == numbers
    assert taken(found.passes(6, 0), 80) != numbers


def test_codes_that_lie_side_by_side_are_dealt_apart():
    found = made(4000, 500)
    for pile in range(found.number):
        numbers = found.read(pile)[:, 0]
        assert abs(numbers.mean() - 2000) < 250 and numbers.std() > 1000


def test_one_pile_is_in_the_order_of_codes_in_memory():
    order = shuffled(30, 5, 0).numpy()
    assert taken(made(30, 30).passes(5, 0), 30) == list(order)


def test_labels_stay_with_their_codes():
    labels = (np.arange(50) % 7).astype("int32")
    for codes, of_codes in made(50, 8, labels).passes(1, 3).take(20):
        np.testing.assert_array_equal(of_codes, codes[:, 0] % 7)
        assert of_codes.dtype == "int32"


def test_codes_are_standardised_once_and_may_change_their_shape():
    seen = []

    def halves(codes):
        seen.append(len(codes))
        return codes[:, :1] / 2

    found = made(30, 10, standardise=halves)
    (part,) = found.passes(0, 0).take(1)
    assert part.shape[1:] == (1,) and seen == [1, 10, 10, 10]
    list(found.passes(0, 0).take(12))
    assert seen == [1, 10, 10, 10]


def test_a_store_that_memory_does_not_hold_is_read_from_piles(monkeypatch):
    monkeypatch.setattr(store, "MEMORY_LIMIT", 100)
    monkeypatch.setattr(piles, "PILE", 64)
    codes = np.repeat(np.arange(50, dtype="float32")[:, None], 2, axis=1)
    batches = CodeStore(codes, "fingerprint").groups(5, 2, None, seed=1)
    numbers = np.concatenate([batch.numpy()[..., 0].ravel() for batch in batches.take(5)])
    assert sorted(numbers) == list(range(50))


def test_the_file_goes_with_the_piles(monkeypatch, tmp_path):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    found = made(30, 10)
    assert list(tmp_path.iterdir()) == []
    file = found._file
    del found
    gc.collect()
    assert file.closed


def test_a_full_disk_is_told_with_the_room_that_is_needed(monkeypatch):
    with open("/dev/full", "r+b", buffering=0) as full:
        monkeypatch.setattr("tempfile.TemporaryFile", lambda **_: full)
        with pytest.raises(OSError, match="room for 0 MB of codes.*No space left.*TMPDIR"):
            made(30, 10)
