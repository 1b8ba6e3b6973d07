"""Checkpoints are whole or passed over, few are kept, and another run's are refused."""

import json
import re

import numpy as np
import pytest

from m2m_tf.files.card import sha256
from m2m_tf.files.checkpoint_folder import CheckpointFolder

RUN = {"source": "ab12", "batch_size": 32}


def write(folder, *numbers):
    for number in numbers:
        arrays = {"weights": np.full(3, number, "float32"), "history/loss": np.array([np.nan])}
        folder.write(number, arrays, {"epoch": number, "run": RUN})


@pytest.fixture
def folder(tmp_path):
    """A folder of checkpoints, of which two were written."""
    folder = CheckpointFolder(tmp_path / "run")
    write(folder, 1, 2)
    return folder


def test_the_newest_comes_back_as_it_was_written(folder):
    found = folder.newest()
    assert found.path == folder.path(2) and found.card["epoch"] == 2
    np.testing.assert_array_equal(found.arrays["weights"], np.full(3, 2, "float32"))
    assert np.isnan(found.arrays["history/loss"]).all()


def test_an_empty_folder_and_none_have_no_checkpoint(tmp_path):
    assert CheckpointFolder(tmp_path).newest() is None
    assert CheckpointFolder(tmp_path / "none").newest() is None


def test_the_last_three_are_kept_and_nothing_half_written(folder):
    half = folder.folder / ".epoch-00000003.part"
    half.mkdir()
    (half / "state.npz").write_text("of a killed process")
    write(folder, 3, 4)
    names = sorted(path.name for path in folder.folder.iterdir())
    assert names == ["epoch-00000002", "epoch-00000003", "epoch-00000004"]


@pytest.mark.parametrize("name", ["state.npz", "card.json"])
@pytest.mark.parametrize("content", [None, b"", b"{}", "half", "changed"])
def test_a_damaged_one_is_passed_over_with_a_warning(folder, name, content):
    path = folder.path(2) / name
    whole = path.read_bytes()
    if content is None:
        path.unlink()
    elif content == "half":
        path.write_bytes(whole[: len(whole) // 2])
    elif content == "changed":
        path.write_bytes(whole.replace(b"a", b"b"))
    else:
        path.write_bytes(content)
    with pytest.warns(UserWarning, match="epoch-00000002' is damaged; the one before it is taken"):
        assert folder.newest().card["epoch"] == 1


def test_a_pickle_is_never_opened(folder):
    path = folder.path(2)
    np.savez(path / "state.npz", weights=np.array([{"a": 1}], dtype=object))
    card = json.loads((path / "card.json").read_text())
    card["sha256"]["state.npz"] = sha256(path / "state.npz")
    (path / "card.json").write_text(json.dumps(card))
    with pytest.warns(UserWarning, match="does not load"):
        assert folder.newest().card["epoch"] == 1


def test_where_all_are_damaged_there_is_none(folder):
    for number in (1, 2):
        (folder.path(number) / "card.json").unlink()
    with pytest.warns(UserWarning, match="is damaged"):
        assert folder.newest() is None


def test_another_run_is_refused_with_what_differs(folder):
    found = folder.newest()
    found.check_run(found.card["run"], {"batch_size": 32})  # other names are not compared
    said = "is that of another run (source: 'ab12' there, 'cd34' now; width: None there, 8 now)"
    with pytest.raises(ValueError, match=re.escape(said)):
        found.check_run(found.card["run"], {**RUN, "source": "cd34", "width": 8})


class Variable:
    """What is assigned to, as Keras' is."""

    value = None

    def assign(self, value):
        self.value = value


def test_variables_take_their_values_by_name(folder):
    variables = {name: Variable() for name in ("history/loss", "weights")}
    folder.newest().assign_to(variables)
    assert variables["weights"].value.tolist() == [2, 2, 2]
    with pytest.raises(ValueError, match="is that of other networks"):
        folder.newest().assign_to({"weights": Variable()})
