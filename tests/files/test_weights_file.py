"""What is read as a file of weights, before anything in it is."""

import numpy as np
import pytest

from m2m_tf.files import weights_file
from m2m_tf.files.weights_file import read_weights
from tests.conftest import FIXTURES


def test_what_torch_saved_is_read_whatever_the_files_name(tmp_path):
    content = (FIXTURES / "torch" / "tensors.pth").read_bytes()
    (tmp_path / "weights.bin").write_bytes(content)
    found = read_weights(tmp_path / "weights.bin")
    np.testing.assert_array_equal(found["single"], np.arange(24, dtype="f4").reshape(2, 3, 4) / 8)


@pytest.mark.parametrize("name", ["gone.pth", "."])
def test_what_is_no_file_is_refused(tmp_path, name):
    with pytest.raises(ValueError, match="Expected a file of weights; .* is no file"):
        read_weights(tmp_path / name)


def test_a_file_too_large_is_refused_before_it_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr(weights_file, "LARGEST", 1000)
    (tmp_path / "large.pth").write_bytes(b"x" * 1001)
    with pytest.raises(ValueError, match="of at most 1,000 bytes; '.*large.pth' has 1,001"):
        read_weights(tmp_path / "large.pth")
