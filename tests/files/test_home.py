"""Where what was fetched is kept."""

from pathlib import Path

from m2m_tf.files.home import home


def test_it_is_what_the_user_says_or_a_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("M2M_TF_HOME", str(tmp_path))
    assert home() == tmp_path
    monkeypatch.setenv("M2M_TF_HOME", "~/mine")
    assert home() == Path.home() / "mine"
    for unset in ("", None):
        if unset is None:
            monkeypatch.delenv("M2M_TF_HOME")
        else:
            monkeypatch.setenv("M2M_TF_HOME", unset)
        assert home() == Path.home() / ".cache" / "m2m_tf"
