"""The code store: codes in memory or in a folder, given out in shuffled groups."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from m2m_tf.codes import CodeStore, store


def numbered(count, shape=(2,)):
    """A store whose code number i holds i everywhere."""
    codes = np.broadcast_to(np.arange(count).reshape(-1, *[1] * len(shape)), (count, *shape))
    return CodeStore(codes.astype("float32"), "fingerprint")


def order(groups, batches):
    """The numbers of the codes of that many batches, in the order the critic sees them."""
    taken = [batch.numpy() for batch in groups.take(batches)]
    return np.concatenate([batch.reshape(-1, batch.shape[-1])[:, 0] for batch in taken]).astype(int)


def written(folder, count=5, fingerprint="fingerprint"):
    """A whole store in a folder, as encoding leaves it."""
    made = numbered(count)
    (folder / store.UNFINISHED_CODES).write_bytes(made.codes.tobytes())
    made.fingerprint, made.notes, made.skipped = fingerprint, ["a note"], [("a.png", "empty")]
    store.keep(folder, made)
    return made


@settings(max_examples=15, deadline=None)
@given(count=st.integers(2, 40), batch_size=st.integers(1, 5), group=st.integers(1, 3))
def test_every_code_comes_once_before_any_comes_again(count, batch_size, group):
    batches = 2 * -(-count // (batch_size * group))
    numbers = order(numbered(count).groups(batch_size, group, None, seed=1), batches)
    for start in range(0, len(numbers) - count + 1, count):
        assert sorted(numbers[start : start + count]) == list(range(count))


def test_a_group_holds_fresh_codes_for_each_critic_step():
    (batch,) = numbered(60).groups(4, 5, None, seed=0).take(1)
    assert batch.shape == (4, 5, 2)
    assert len(np.unique(batch[..., 0])) == 20


def test_a_seed_fixes_the_order_however_often_it_is_begun():
    groups = numbered(30).groups(3, 2, None, seed=5)
    first = order(groups, 10)
    np.testing.assert_array_equal(order(groups, 10), first)
    np.testing.assert_array_equal(order(numbered(30).groups(3, 2, None, seed=5), 10), first)
    assert not np.array_equal(order(numbered(30).groups(3, 2, None, seed=6), 10), first)


def test_each_pass_has_another_order():
    numbers = order(numbered(30).groups(15, 1, None, seed=5), 4)
    assert not np.array_equal(numbers[:30], numbers[30:])


def test_the_order_is_shuffled():
    numbers = order(numbered(1000).groups(100, 1, None, seed=5), 10)
    assert abs(np.corrcoef(numbers, np.arange(1000))[0, 1]) < 0.15


def test_codes_are_standardised_on_the_way():
    groups = numbered(10).groups(5, 2, lambda codes: codes / 10 - 1, seed=0)
    (batch,) = groups.take(1)
    np.testing.assert_allclose(np.unique(batch), np.arange(10) / 10 - 1, atol=1e-6)


def test_maps_keep_their_shape():
    (batch,) = numbered(8, (3, 4, 2)).groups(2, 2, None, seed=0).take(1)
    assert batch.shape == (2, 2, 3, 4, 2)


def test_codes_too_large_for_memory_come_in_the_same_order_from_disk(tmp_path, monkeypatch):
    written(tmp_path, count=30)
    on_disk = store.open_store(tmp_path, "fingerprint")
    assert isinstance(on_disk.codes, np.memmap)
    in_memory = order(on_disk.groups(3, 2, None, seed=5), 10)
    monkeypatch.setattr(store, "MEMORY_LIMIT", 100)
    np.testing.assert_array_equal(order(on_disk.groups(3, 2, None, seed=5), 10), in_memory)


def test_labels_stay_with_their_codes_through_splits_and_groups():
    made = numbered(200)
    made.labels = np.arange(200, dtype="int32") % 7
    training, held_out = made.split(0.2)
    assert training.count + held_out.count == 200
    np.testing.assert_array_equal(held_out.labels, held_out.codes[:, 0] % 7)
    for codes, labels in training.groups(5, 3, None, seed=0).take(20):
        assert labels.shape == (5, 3) and labels.dtype == "int32"
        np.testing.assert_array_equal(labels, codes[..., 0] % 7)


def test_labels_do_not_change_the_order_of_the_codes():
    made = numbered(30)
    without = order(made.groups(3, 2, None, seed=5), 10)
    made.labels = np.zeros(30, "int32")
    groups = made.groups(3, 2, None, seed=5).map(lambda codes, labels: codes)
    np.testing.assert_array_equal(order(groups, 10), without)


def test_a_whole_store_opens_again_with_all_it_held(tmp_path):
    made = written(tmp_path)
    opened = store.open_store(tmp_path, "fingerprint")
    np.testing.assert_array_equal(opened.codes, made.codes)
    assert opened.count == 5 and opened.from_cache and opened.seconds == 0
    assert (opened.notes, opened.skipped) == (["a note"], [("a.png", "empty")])


def test_a_newer_target_takes_the_place_of_an_older_one(tmp_path):
    written(tmp_path, fingerprint="older")
    written(tmp_path, count=7, fingerprint="newer")
    assert store.open_store(tmp_path, "older") is None
    assert store.open_store(tmp_path, "newer").count == 7
    assert sorted(path.name for path in tmp_path.iterdir()) == ["codes.f32", "manifest.json"]


def test_codes_of_another_target_are_not_opened(tmp_path):
    written(tmp_path)
    assert store.open_store(tmp_path, "another") is None


def test_an_empty_or_missing_folder_holds_no_store(tmp_path):
    assert store.open_store(tmp_path, "fingerprint") is None
    assert store.open_store(tmp_path / "none", "fingerprint") is None


def test_codes_whose_writing_was_interrupted_are_not_taken_for_whole(tmp_path):
    codes = numbered(5).codes
    (tmp_path / store.UNFINISHED_CODES).write_bytes(codes.tobytes())
    assert store.open_store(tmp_path, "fingerprint") is None
    (tmp_path / store.CODES).write_bytes(codes.tobytes())  # cut off just before the manifest
    assert store.open_store(tmp_path, "fingerprint") is None


@pytest.mark.parametrize("size", [0, 39, 41])
def test_codes_of_another_size_than_the_manifest_says_are_not_opened(tmp_path, size):
    written(tmp_path)
    (tmp_path / store.CODES).write_bytes(b"\0" * size)
    assert store.open_store(tmp_path, "fingerprint") is None


@pytest.mark.parametrize(
    "damage",
    [
        {"format": 99},
        {"shape": "wide"},
        {"shape": None},
        {"shape": [-5, -2]},
        {"skipped": 3},
    ],
)
def test_a_damaged_manifest_is_no_store(tmp_path, damage):
    written(tmp_path)
    manifest = json.loads((tmp_path / store.MANIFEST).read_text())
    (tmp_path / store.MANIFEST).write_text(json.dumps(manifest | damage))
    assert store.open_store(tmp_path, "fingerprint") is None


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", "\0"])
def test_a_manifest_that_is_none_is_no_store(tmp_path, text):
    written(tmp_path)
    (tmp_path / store.MANIFEST).write_text(text)
    assert store.open_store(tmp_path, "fingerprint") is None
