"""`m2m encode` says what it did and what reads the codes; `tests/runs/test_encode.py` encodes."""

import shlex

import numpy as np
import pytest

from m2m_tf.codes import encode_once
from tests.extras import needs


@pytest.mark.slow
def test_it_names_the_next_command_which_encodes_nothing(
    m2m, tmp_path, tiny_autoencoder_folder, shared_autoencoder, digits
):
    needs("beam", "apache_beam")
    np.save(tmp_path / "my digits.npy", digits[:300])
    how = {"image_size": (28, 28), "fit": "pad", "value_range": (-1.0, 1.0), "verbose": 0}
    encode_once(shared_autoencoder, tmp_path / "my digits.npy", tmp_path / "codes", **how)
    flags = ("--target", "my digits.npy", "--autoencoder", tiny_autoencoder_folder)
    flags += ("--image_size", 28, "--fit", "pad", "--value_range=-1,1")
    result = m2m("encode", *flags, "--out", "codes", "--workers", 2)
    assert result.status == 0, result.err
    assert "nothing was encoded" in result.out and "300 codes in codes, 0 MB" in result.out
    words = shlex.split(result.out.splitlines()[-1])
    assert words[:2] == ["m2m", "transfer"] and words[-1] == "runs/..."
    result = m2m(*words[1:-1], "run", "--epochs", 1)
    assert result.status == 0, result.err
    assert "nothing was encoded" in result.out


def test_bad_flags_are_refused(refused):
    flags = ("--target", "demo:digits", "--out", "codes")
    assert "1 or more" in refused("encode", *flags, "--workers", 0)
    assert "invalid choice" in refused("encode", *flags, "--runner", "prism")
    assert "nothing is at" in refused("encode", "--target", "nothing/there", "--out", "codes")
