"""A shard on the disk: codes, labels and what names them."""

import hashlib

import numpy as np
import pytest

from m2m_tf.codes.shard_file import write_shard


def test_codes_of_blocks_lie_one_after_the_other(tmp_path):
    codes = [np.arange(6, dtype="float32").reshape(3, 2), np.ones((1, 2), "float32")]
    shard = write_shard(tmp_path, 7, 14, 2, codes)
    assert (shard.name, shard.first_block, shard.blocks) == ("codes-00007.f32", 14, 2)
    assert shard.count == 4
    written = (tmp_path / shard.name).read_bytes()
    assert shard.sha256 == hashlib.sha256(written).hexdigest()
    np.testing.assert_array_equal(
        np.frombuffer(written, "<f4").reshape(4, 2), np.concatenate(codes)
    )
    assert shard.labels_sha256 is None and len(list(tmp_path.iterdir())) == 1


def test_labels_lie_beside_them(tmp_path):
    labels = [np.array([3, 1]), np.zeros(0, "int64")]
    shard = write_shard(tmp_path, 0, 0, 2, [np.zeros((2, 4), "float32")], labels)
    path = tmp_path / shard.labels_name
    assert np.load(path, allow_pickle=False).tolist() == [3, 1]
    assert shard.labels_sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_shard_of_which_no_file_could_be_read_is_empty(tmp_path):
    shard = write_shard(tmp_path, 0, 0, 1, [], [])
    assert shard.count == 0 and (tmp_path / shard.name).read_bytes() == b""
    assert np.load(tmp_path / shard.labels_name, allow_pickle=False).shape == (0,)


def test_codes_of_float16_are_half_the_bytes_and_too_large_ones_are_refused(tmp_path):
    codes = [np.linspace(-9, 9, 8, dtype="float32").reshape(2, 4)]
    shard = write_shard(tmp_path, 0, 0, 1, codes, float16=True)
    written = np.fromfile(tmp_path / shard.name, "<f2").reshape(2, 4)
    assert shard.name == "codes-00000.f16"
    np.testing.assert_array_equal(written, codes[0].astype("float16"))
    with pytest.raises(ValueError, match="hold values to 65,504; these reach 70,000"):
        write_shard(tmp_path, 1, 0, 1, [np.float32([[-7e4]])], float16=True)
    assert not (tmp_path / "codes-00001.f16").exists()
