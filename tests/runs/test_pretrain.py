"""A pretraining goes on where one was cut off, and beside what it is to replace."""

import pytest

from m2m_tf.runs.pretrain import _working_folder, pretrain


def test_it_works_in_its_folder_and_goes_on_there_after_a_cut(tmp_path):
    out = tmp_path / "ae"
    assert _working_folder(out, False, ()) == out
    (out / "training").mkdir(parents=True)
    (out / "card.json").write_text("{}")
    assert _working_folder(out, False, ()) == out


def test_what_is_there_is_replaced_only_when_asked_and_from_beside_it(tmp_path):
    out = tmp_path / "ae"
    out.mkdir()
    (out / "card.json").write_text("{}")
    with pytest.raises(ValueError, match="already holds card.json.*overwrite=True"):
        pretrain("not/there", out)
    assert _working_folder(out, True, ()) == tmp_path.resolve() / ".ae-new"
    with pytest.raises(ValueError, match="would delete"):
        pretrain(out / "card.json", out, overwrite=True)
    assert (out / "card.json").read_text() == "{}"
