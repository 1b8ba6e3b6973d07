"""What was made of a batch is made once, and only the same function on the same batch has it."""

import numpy as np
import pytest

from m2m_tf.files.kept_work import KeptWork, kept_work

PROBE = np.ones((1, 2), "float32")
BATCH = np.arange(6, dtype="float32").reshape(3, 2)


class Times:
    """A function that multiplies, and counts the batches that it was asked for."""

    def __init__(self, factor):
        self.factor, self.batches = factor, 0

    def __call__(self, batch, *rest):
        self.batches += 1
        return {"product": self.factor * batch, "told": np.array(["times", str(self.factor)])}


def made(folder, function, batch=BATCH):
    return KeptWork(folder).of(function, PROBE)(batch)


def test_a_batch_is_made_once_and_is_the_same_the_second_time(tmp_path):
    first, second = Times(2), Times(2)
    before, after = made(tmp_path, first), made(tmp_path, second)
    assert (first.batches, second.batches) == (2, 1)  # the probe, and the batch
    assert before.keys() == after.keys()
    for name, array in before.items():
        np.testing.assert_array_equal(after[name], array)
        assert after[name].dtype == array.dtype


@pytest.mark.parametrize("function, batch", [(Times(3), BATCH), (Times(2), BATCH[::-1])])
def test_another_function_or_batch_is_made_anew(tmp_path, function, batch):
    made(tmp_path, Times(2))
    np.testing.assert_array_equal(
        made(tmp_path, function, batch)["product"], function.factor * batch
    )
    assert function.batches == 2


def test_bytes_of_another_shape_are_another_batch(tmp_path):
    made(tmp_path, Times(2))
    assert made(tmp_path, Times(2), BATCH.reshape(2, 3))["product"].shape == (2, 3)


@pytest.mark.parametrize("damage", [b"", b"no archive"])
def test_what_is_damaged_is_made_again(tmp_path, damage):
    made(tmp_path, Times(2))
    (file,) = tmp_path.glob("*.npz")
    file.write_bytes(damage)
    function = Times(2)
    np.testing.assert_array_equal(made(tmp_path, function)["product"], 2 * BATCH)
    assert function.batches == 2
    made(tmp_path, Times(2))  # and whole again
    np.testing.assert_array_equal(np.load(file)["product"], 2 * BATCH)


def test_what_else_a_function_takes_is_passed_on(tmp_path):
    def add(batch, other=0):
        return {"sum": batch + other}

    kept = KeptWork(tmp_path).of(add, PROBE)
    np.testing.assert_array_equal(kept(BATCH, 1)["sum"], BATCH + 1)


def test_without_a_folder_nothing_is_kept():
    function = Times(2)
    with kept_work() as kept:
        of = kept.of(function, PROBE)
        of(BATCH), of(BATCH)
    assert function.batches == 2


def test_the_folder_goes_when_the_work_ends_well_and_stays_where_it_does_not(tmp_path):
    folder = tmp_path / "kept"
    with pytest.raises(OSError), kept_work(folder) as kept:
        kept.of(Times(2), PROBE)(BATCH)
        raise OSError
    assert list(folder.glob("*.npz"))
    with kept_work(folder) as kept:
        function = Times(2)
        kept.of(function, PROBE)(BATCH)
        assert function.batches == 1
        with pytest.raises(ValueError, match="Another process is at work"), kept_work(folder):
            pass
    assert not folder.exists()
