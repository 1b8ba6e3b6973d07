"""The code store: codes in memory or in a folder, given out in shuffled groups."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from m2m_tf.codes import CodeStore, store
from m2m_tf.codes.shards import ShardedCodes


def numbered(count, shape=(2,)):
    """A store whose code number i holds i everywhere."""
    codes = np.broadcast_to(np.arange(count).reshape(-1, *[1] * len(shape)), (count, *shape))
    return CodeStore(codes.astype("float32"), "fingerprint")


def order(groups, batches):
    """The numbers of the codes of that many batches, in the order the critic sees them."""
    taken = [batch.numpy() for batch in groups.take(batches)]
    return np.concatenate([batch.reshape(-1, batch.shape[-1])[:, 0] for batch in taken]).astype(int)


def on_disk(folder, count, shape=(2,)):
    """The same codes in three files."""
    codes = numbered(count, shape).codes
    parts = np.array_split(codes, 3)
    for number, part in enumerate(parts):
        (folder / str(number)).write_bytes(part.tobytes())
    paths = [folder / str(number) for number in range(3)]
    return CodeStore(ShardedCodes(paths, [len(part) for part in parts], shape), "fingerprint")


@pytest.mark.slow
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
    monkeypatch.setattr(store, "MEMORY_LIMIT", 100)
    made = on_disk(tmp_path, 30)
    for ours, theirs in zip(made.split(0.2), numbered(30).split(0.2), strict=True):
        found = order(ours.groups(1, 2, None, seed=5), 10)
        np.testing.assert_array_equal(found, order(theirs.groups(1, 2, None, seed=5), 10))


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
