"""A manifest comes back as it was written, and is never believed when it is damaged."""

import dataclasses
import hashlib
import json
import os

import pytest

from m2m_tf.codes.manifest import MANIFEST, Manifest, Shard, read_manifest

CONTENT = b"\0" * 40


def written(folder):
    shard = Shard("codes-00000.f32", 0, 2, 5, hashlib.sha256(CONTENT).hexdigest())
    manifest = Manifest("fingerprint", "encoder", "images", (2,), [shard])
    manifest.skipped, manifest.notes, manifest.complete = [("a.png", "empty")], ["a note"], True
    manifest.write(folder)
    (folder / shard.name).write_bytes(CONTENT)
    return manifest


def test_it_comes_back_as_it_was_written(tmp_path):
    assert read_manifest(tmp_path) is None
    assert read_manifest(tmp_path / "none") is None
    manifest = written(tmp_path)
    assert read_manifest(tmp_path) == manifest
    assert manifest.count == 5


@pytest.mark.parametrize(
    "damage",
    [
        {"format": 1},
        {"code_shape": None},
        {"shards": 3},
        {"shards": [{"name": "codes-00000.f32"}]},
        {"shards": [{**vars(Shard("../x", 0, 1, 1, ""))}]},
        {"shards": [{**vars(Shard("/etc/passwd", 0, 1, 1, ""))}]},
        {"shards": [{**vars(Shard("x", 0, 1, "many", ""))}]},
        {"shards": [{**vars(Shard("x", 0, 1, float("inf"), ""))}]},
        {"shards": [{**vars(Shard("x", 0, -1, 1, ""))}]},
        {"skipped": 3},
        {"more": 1},
    ],
)
def test_a_damaged_one_is_none(tmp_path, damage):
    written(tmp_path)
    facts = json.loads((tmp_path / MANIFEST).read_text())
    (tmp_path / MANIFEST).write_text(json.dumps(facts | damage))
    assert read_manifest(tmp_path) is None


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", "\0", "[" * 100_000, '{"a": 1, "a": 1}'])
def test_a_text_that_is_none_is_none(tmp_path, text):
    (tmp_path / MANIFEST).write_text(text)
    assert read_manifest(tmp_path) is None


@pytest.mark.parametrize("content", [None, b"", CONTENT[1:], CONTENT + b"\0", b"\1" + CONTENT[1:]])
def test_a_changed_shard_is_not_whole(tmp_path, content):
    manifest = written(tmp_path)
    (shard,) = manifest.shards
    assert manifest.is_whole(tmp_path, shard)
    (tmp_path / shard.name).unlink()
    if content is not None:
        (tmp_path / shard.name).write_bytes(content)
    assert not manifest.is_whole(tmp_path, shard)


def test_a_pipe_is_no_manifest_no_shard_and_no_labels_and_is_not_waited_for(tmp_path):
    manifest = written(tmp_path)
    empty = dataclasses.replace(manifest.shards[0], count=0)
    for name in (MANIFEST, empty.name, empty.labels_name):
        (tmp_path / name).unlink(missing_ok=True)
        os.mkfifo(tmp_path / name)
    assert read_manifest(tmp_path) is None
    assert not manifest.is_whole(tmp_path, empty) and not manifest.has_labels(tmp_path, empty)
