"""What fit is run on: batches that go on where they were. Cuts: test_checkpoints.py."""

import numpy as np
import pytest

from m2m_tf.codes import CodeStore
from m2m_tf.minds.training import _batches, _check_is_alone
from m2m_tf.workers import Workers


@pytest.fixture
def model(make_mind, some_codes):
    model = make_mind()
    model.codes = CodeStore(some_codes, "any")
    model.measure_codes(0)
    return model


def taken(model, first, count):
    return [batch.numpy() for batch in _batches(model, 40, first).take(count)]


def test_a_training_that_is_taken_up_reads_on_where_it_was(model, some_codes):
    whole = taken(model, 0, 6)
    for ours, theirs in zip(taken(model, 4, 2), whole[4:], strict=True):
        np.testing.assert_array_equal(ours, theirs)
    assert whole[0].shape == (40, model.critic_steps, 16)
    first_pass = np.concatenate(whole)[:, 0][: 300 // 2]
    assert len(np.unique(first_pass, axis=0)) == len(first_pass)


def test_workers_that_roll_back_need_a_folder_that_all_of_them_see(model):
    _check_is_alone(Workers(1, 0))
    with pytest.raises(ValueError, match="expects checkpoint=, a folder on a drive"):
        _check_is_alone(Workers(2, 1))
