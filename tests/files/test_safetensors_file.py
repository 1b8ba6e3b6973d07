"""Files that safetensors wrote."""

import json
import struct
import sys

import numpy as np
import pytest

from m2m_tf.files.weights_file import read_weights
from tests.extras import module_of

save_file = module_of("hub", "safetensors.numpy").save_file

ARRAY = np.arange(6, dtype="float32").reshape(2, 3) / 8


def write_raw(path, dtype, shape, data):
    """A file of one tensor, `a`, of a kind that numpy has no name for."""
    entry = {"dtype": dtype, "shape": shape, "data_offsets": [0, len(data)]}
    header = json.dumps({"a": entry}).encode()
    path.write_bytes(struct.pack("<Q", len(header)) + header + data)
    return path


@pytest.mark.parametrize("kind", ["float16", "float32"])
def test_floats_are_read(tmp_path, kind):
    save_file({"a": ARRAY.astype(kind)}, tmp_path / "a.safetensors", {"format": "pt"})
    found = read_weights(tmp_path / "a.safetensors")["a"]
    np.testing.assert_array_equal(found, ARRAY)
    assert found.dtype == np.float32


def test_bfloat16_is_read(tmp_path):
    upper = (ARRAY.view("uint32") >> 16).astype("<u2")
    path = write_raw(tmp_path / "a.safetensors", "BF16", [2, 3], upper.tobytes())
    np.testing.assert_array_equal(read_weights(path)["a"], ARRAY)


def test_other_numbers_are_refused_and_named(tmp_path):
    save_file({"a": np.arange(3)}, tmp_path / "a.safetensors")
    with pytest.raises(ValueError, match="a.safetensors.*'a' is of I64"):
        read_weights(tmp_path / "a.safetensors")


@pytest.mark.parametrize("share", [0, 0.2, 0.9])
def test_a_file_cut_short_is_refused(tmp_path, share):
    path = tmp_path / "short.safetensors"
    save_file({"a": ARRAY}, path)
    path.write_bytes(path.read_bytes()[: int(share * path.stat().st_size)])
    with pytest.raises(ValueError, match="short.safetensors.*damaged or cut short"):
        read_weights(path)


def test_a_shape_that_does_not_match_its_bytes_is_refused(tmp_path):
    path = write_raw(tmp_path / "a.safetensors", "F32", [2, 4], ARRAY.tobytes())
    with pytest.raises(ValueError, match="damaged or cut short"):
        read_weights(path)


def test_without_safetensors_it_is_said_how_to_install_it(tmp_path, monkeypatch):
    save_file({"a": ARRAY}, tmp_path / "a.safetensors")
    monkeypatch.setitem(sys.modules, "safetensors", None)
    with pytest.raises(ValueError, match=r'pip install "m2m_tf\[hub\]"'):
        read_weights(tmp_path / "a.safetensors")
