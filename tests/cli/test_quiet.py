"""A person sees what m2m says, and nothing of what TensorFlow says to itself."""

import pytest

import m2m_tf as m2m
from tests.cli.processes import start_m2m

pytestmark = pytest.mark.slow


def test_tensorflows_own_lines_are_not_shown(tmp_path, emoji):
    pair = m2m.build_pair(emoji.shape[1:], width=4, code_shape=(8, 8, 4))
    model = m2m.Mind2Mind(m2m.Autoencoder(*pair), seed=0)
    model.compile()
    model.fit(emoji, epochs=1, batch_size=16, verbose=0)
    model.save(tmp_path / "model")
    words = ("--model", tmp_path / "model", "--num", 4, "--out", tmp_path / "new.png")
    out, err = start_m2m("generate", *words).communicate(timeout=120)
    assert "Wrote" in out and err == ""


def test_the_first_word_names_what_is_read_as_a_terminal_shows_it(tmp_path):
    names = tmp_path / "my\nphotos"
    names.mkdir()
    words = ("--target", names, "--out", tmp_path / "out")
    out, err = start_m2m("transfer", *words).communicate(timeout=120)
    assert out.startswith("Reading ") and "my\\nphotos" in out.splitlines()[0]
    assert "load expects images" in err


def test_a_long_wait_for_tensorflow_is_said(tmp_path):
    before = "import m2m_tf.progress; m2m_tf.progress.LONG = 0.2"
    words = ("--target", tmp_path / "none", "--out", tmp_path / "out")
    out, _ = start_m2m("transfer", *words, before=before).communicate(timeout=120)
    assert out.startswith("Reading ") and "  still loading TensorFlow, " in out
