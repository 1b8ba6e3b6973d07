"""An evaluation checks what it is given before it makes or reads anything."""

import pytest

from m2m_tf.runs.evaluate import evaluate
from tests.runs.test_assess import BAD


@pytest.mark.parametrize("settings, said", BAD[:-1])
def test_a_bad_argument_is_refused_before_the_model_is_read(settings, said, tmp_path):
    with pytest.raises(ValueError, match=said):
        evaluate("not/there", "not/there", tmp_path / "out", **settings)
    assert not list(tmp_path.iterdir())


def test_what_is_no_model_leaves_nothing(tmp_path, tiny_autoencoder_folder):
    with pytest.raises(ValueError, match="model"):
        evaluate(tiny_autoencoder_folder, "demo:digits", tmp_path / "out")
    assert not list(tmp_path.iterdir())
