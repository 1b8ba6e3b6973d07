"""The mapper of parallel encoding: one shard, whoever encodes it, and however often."""

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from m2m_tf import data
from m2m_tf.codes.fill import SHARD_BYTES
from m2m_tf.codes.shard_encoder import (
    MOST_SHARDS,
    EncodingJob,
    ShardEncoder,
    blocks_of_a_shard,
    read_record,
    record_path,
)
from tests.codes.encoding_jobs import job_of, write_digits


@pytest.fixture
def job(digits, tiny_autoencoder_folder, shared_autoencoder, tmp_path):
    """The job of encoding 600 digits of two classes, three blocks of 256 at most."""
    target = write_digits(tmp_path / "digits", digits)
    return job_of(target, tiny_autoencoder_folder, shared_autoencoder, tmp_path / "codes")


def read(job, record):
    codes = np.fromfile(f"{job.folder}/{record.shard.name}", "<f4").reshape(-1, 16)
    return codes, np.load(f"{job.folder}/{record.shard.labels_name}", allow_pickle=False)


def test_all_shards_are_the_target_once(job, shared_autoencoder):
    encoder = ShardEncoder(job)
    records = [encoder.encode(number) for number in (2, 0, 1)]
    records = [records[1], records[2], records[0]]
    found = [read(job, record) for record in records]
    whole = shared_autoencoder.encode(data.load(job.target))
    np.testing.assert_allclose(np.concatenate([codes for codes, _ in found]), whole, atol=1e-5)
    assert np.concatenate([labels for _, labels in found]).tolist() == 300 * ["a"] + 300 * ["b"]
    assert [record.shard.count for record in records] == [256, 256, 88]
    assert [len(record.skipped) for record in records] == [0, 0, 1]
    assert records[2].skipped[0][0] == "b/zz.png"


def test_a_shard_is_encoded_once_and_its_bytes_are_the_same_each_time(job):
    record = ShardEncoder(job).encode(1)
    files = [record_path(job.folder, 1), Path(job.folder, record.shard.name)]
    before = [file.read_bytes() for file in files]
    other = ShardEncoder(job)
    other.autoencoder.encode_batch = None  # nothing is encoded that is there
    assert other.encode(1) == record
    for file in files:
        file.write_bytes(b"")  # a damaged one is made anew
        assert read_record(job, 1) is None
        assert ShardEncoder(job).encode(1) == record
        assert [each.read_bytes() for each in files] == before


@pytest.mark.parametrize(
    "change",
    [{"fingerprint": "other"}, {"shard": {}}, {"skipped": 3}, {"notes": None}],
    ids=str,
)
def test_a_record_of_something_else_counts_as_none(job, change):
    ShardEncoder(job).encode(0)
    path = record_path(job.folder, 0)
    path.write_text(json.dumps({**json.loads(path.read_text()), **change}))
    assert read_record(job, 0) is None


def test_a_record_names_no_file_outside(job):
    ShardEncoder(job).encode(0)
    path = record_path(job.folder, 0)
    path.write_text(path.read_text().replace("codes-00000.f32", "../codes-00000.f32"))
    assert read_record(job, 0) is None


def test_a_target_that_has_changed_is_refused(job):
    with pytest.raises(ValueError, match="has changed since its encoding began"):
        ShardEncoder(dataclasses.replace(job, fingerprint="0" * 64))


def test_codes_of_float16_are_those_rounded(job):
    half = dataclasses.replace(job, float16=True)
    record = ShardEncoder(half).encode(0)
    rounded = np.fromfile(f"{job.folder}/{record.shard.name}", "<f2").reshape(-1, 16)
    codes, _ = read(job, ShardEncoder(job).encode(0))
    np.testing.assert_array_equal(rounded, codes.astype("float16"))
    assert read_record(half, 0) is None  # the record is that of the last one


sides = st.integers(8, 1024)


@given(sides, sides, st.sampled_from([1, 3]), st.integers(1, 4096), st.integers(1, 10**10))
def test_shards_are_neither_too_many_nor_too_large(height, width, channels, dim, count):
    shape = (height, width, channels)
    blocks = blocks_of_a_shard(shape, (dim,), count)
    job = EncodingJob("", "", "", {}, "", False, shape, (dim,), count, blocks)
    size = 4 * dim * blocks * data.batch_size.default_batch_size(shape)
    assert blocks == 1 or size <= SHARD_BYTES
    assert job.shards <= MOST_SHARDS or size > SHARD_BYTES / 2
    assert (job.shards - 1) * blocks * data.batch_size.default_batch_size(shape) < count
