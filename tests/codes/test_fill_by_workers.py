"""Encoding that workers share. Two that train: minds/test_workers.py."""

import dataclasses

import numpy as np
import pytest

from m2m_tf import data
from m2m_tf.codes.fill_by_workers import _open, fill_by_workers
from m2m_tf.codes.manifest import read_manifest

NAME = "f" * 64


@pytest.fixture
def images(digits, shared_autoencoder):
    return data.load(digits[:300], shared_autoencoder.image_shape)


def test_one_worker_encodes_the_whole_once(images, shared_autoencoder, digits, tmp_path):
    parts = [fill_by_workers(tmp_path, shared_autoencoder, images, NAME, None, 0) for _ in range(2)]
    for codes, labels, manifest, _ in parts:
        np.testing.assert_allclose(codes[:], shared_autoencoder.encode(digits[:300]), atol=1e-5)
        assert labels is None and manifest.complete and manifest.count == 300
    assert [encoded for *_, encoded in parts] == [300, 0]
    assert [path.name for path in tmp_path.iterdir()] == ["part-1-of-1"]


def test_another_workers_part_must_be_there_complete_and_of_this_target(
    images, shared_autoencoder, tmp_path
):
    fill_by_workers(tmp_path, shared_autoencoder, images, NAME, None, 0)
    [own] = (path.parent for path in tmp_path.glob("part-1-of-1/*/manifest.json"))
    assert read_manifest(own).complete
    for others, fingerprint in (([tmp_path / "nowhere"], NAME), ([], "e" * 64)):
        with pytest.raises(ValueError, match="Another worker's codes are expected .* drive that"):
            _open([own, *others], fingerprint, None)


def test_notes_and_skipped_files_of_all_parts_are_said_once(images, shared_autoencoder, tmp_path):
    images.notes.append("converted")
    fill_by_workers(tmp_path, shared_autoencoder, images, NAME, None, 0)
    [own] = (path.parent for path in tmp_path.glob("part-1-of-1/*/manifest.json"))
    codes, _, manifest = _open([own, own], NAME, None)
    assert codes.shape == (600, 16) and manifest.notes == ["converted"]
    assert manifest.shards == 2 * read_manifest(own).shards
    assert dataclasses.replace(manifest, shards=read_manifest(own).shards) == read_manifest(own)
