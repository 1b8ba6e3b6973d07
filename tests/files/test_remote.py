"""Files in stores: fetched and stored whole, over a real S3 server that is cut off, too."""

import os
import time

import numpy as np
import pytest

from m2m_tf.files import remote
from tests.extras import needs
from tests.files.stores import BUCKET, broken_way, slow_way

needs("remote", "fsspec")


@pytest.fixture
def folder(tmp_path):
    """A folder of 20 files, a large one and some in a sub-folder among them."""
    root, rng = tmp_path / "photos", np.random.default_rng(0)
    (root / "more").mkdir(parents=True)
    for number in range(19):
        path = root / ("more" if number % 2 else "") / f"{number}.bin"
        path.write_bytes(rng.bytes(1000 + number))
    (root / "large.bin").write_bytes(rng.bytes(3_000_000))
    (root / ".lock").write_bytes(b"")
    return root


def content(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith(".")
    }


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("s3://bucket/photos", True),
        ("gs://bucket", True),
        ("memory://photos", True),
        ("hf://madebyollin/taef1", False),
        ("tfds:mnist", False),
        ("demo:digits", False),
        ("photos/", False),
        ("C://photos", False),
        ("", False),
        (None, False),
        (3, False),
    ],
)
def test_what_is_remote(path, expected):
    assert remote.is_remote(path) is expected


def test_what_is_stored_is_fetched_and_hidden_files_stay(memory, folder, tmp_path):
    assert not remote.exists("memory://photos")
    assert remote.store(folder, "memory://photos", verbose=0) == 20
    assert remote.exists("memory://photos")
    fetched = remote.fetch("memory://photos", tmp_path / "work", verbose=0)
    assert fetched == tmp_path / "work" / "photos" and content(fetched) == content(folder)
    assert not memory.exists("/photos/.lock")


def test_a_file_alone_is_fetched_and_stored(memory, folder, tmp_path):
    assert remote.store(folder / "0.bin", "memory://one/0.bin", verbose=0) == 1
    fetched = remote.fetch("memory://one/0.bin", tmp_path / "work", verbose=0)
    assert fetched.read_bytes() == (folder / "0.bin").read_bytes()


def test_what_says_that_all_is_there_is_stored_last(memory, tmp_path, monkeypatch):
    order, put = [], memory.put_file
    monkeypatch.setattr(
        type(memory), "put_file", lambda self, a, b, **k: (order.append(b), put(a, b, **k))[1]
    )
    for name in ("a.txt", "card.json", "manifest.json", "z.txt"):
        (tmp_path / name).write_text(name)
    remote.store(tmp_path, "memory://run", verbose=0)
    assert [path.split("/")[-1] for path in order][:2] == ["a.txt", "z.txt"]


def test_overwriting_removes_what_is_no_more(memory, folder, tmp_path):
    remote.store(folder, "memory://photos", verbose=0)
    (folder / "0.bin").unlink()
    remote.store(folder, "memory://photos", verbose=0)
    assert memory.exists("/photos/0.bin")
    remote.store(folder, "memory://photos", overwrite=True, verbose=0)
    assert not memory.exists("/photos/0.bin") and memory.exists("/photos/2.bin")


def test_a_place_that_is_not_there_or_not_known_is_refused(memory, tmp_path):
    with pytest.raises(ValueError, match="nothing is there"):
        remote.fetch("memory://nothing", tmp_path)
    with pytest.raises(ValueError, match="no place that fsspec knows"):
        remote.exists("nowhere://bucket")


def test_a_name_that_leads_outside_is_refused(memory, tmp_path):
    memory.store["/photos/../../x.png"] = memory.open("/photos/x.png", "wb")
    with pytest.raises(ValueError, match="leads outside"):
        remote._below(tmp_path, "/photos", "/photos/../../x.png")


@pytest.mark.slow
def test_a_second_fetch_copies_what_has_changed_alone(s3, folder, tmp_path):
    store = s3()
    remote.store(folder, f"{BUCKET}/again", verbose=0)
    work = tmp_path / "work"
    fetched = remote.fetch(f"{BUCKET}/again", work, verbose=0)
    before = {path: path.stat().st_ino for path in fetched.rglob("*.bin")}
    assert content(fetched) == content(folder)
    time.sleep(1.1)  # the store counts in seconds
    store.pipe_file("pictures/again/0.bin", b"0" * 1000)
    store.rm_file("pictures/again/2.bin")
    remote.fetch(f"{BUCKET}/again", work, verbose=0)
    after = {path: path.stat().st_ino for path in fetched.rglob("*.bin")}
    assert set(before) - set(after) == {fetched / "2.bin"}
    assert [path.name for path in after if after[path] != before[path]] == ["0.bin"]
    assert (fetched / "0.bin").read_bytes() == b"0" * 1000


@pytest.mark.slow
def test_connections_that_are_cut_cost_nothing_but_time(s3, s3_port, folder, tmp_path, monkeypatch):
    monkeypatch.setattr(remote, "PAUSE", 0.05)
    s3()
    remote.store(folder, f"{BUCKET}/cut", verbose=0)
    cuts = [6]
    with broken_way(s3_port, cuts, after=200_000) as port:
        s3(port)
        fetched = remote.fetch(f"{BUCKET}/cut", tmp_path / "work", verbose=0)
    assert cuts[0] < 6 and content(fetched) == content(folder)
    cuts = [6]
    with broken_way(s3_port, cuts, after=10) as port:
        s3(port)
        remote.store(folder, f"{BUCKET}/cut-too", verbose=0)
    assert cuts[0] == 0
    s3()
    fetched = remote.fetch(f"{BUCKET}/cut-too", tmp_path / "work-too", verbose=0)
    assert content(fetched) == content(folder)
    assert not [path for path in fetched.rglob("*") if path.name.startswith(".unfinished")]


@pytest.mark.slow
def test_slow_connections_cost_nothing_but_time(s3, s3_port, folder, tmp_path):
    s3()
    remote.store(folder, f"{BUCKET}/slow", verbose=0)
    passed = []
    with slow_way(s3_port, 0.02, passed) as port:
        s3(port)
        fetched = remote.fetch(f"{BUCKET}/slow", tmp_path / "work", verbose=0)
        assert sum(passed) > 3_000_000 and max(passed) <= 16_384
        remote.store(fetched, f"{BUCKET}/slow-too", verbose=0)
    assert content(fetched) == content(folder)
    s3()
    again = remote.fetch(f"{BUCKET}/slow-too", tmp_path / "work-too", verbose=0)
    assert content(again) == content(folder)


@pytest.mark.slow
def test_a_store_that_never_answers_is_given_up_in_a_sentence(s3, tmp_path, monkeypatch):
    monkeypatch.setattr(remote, "PAUSE", 0.0)
    monkeypatch.setattr(remote, "TRIES", 2)
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    s3(1)  # nobody listens there
    with pytest.raises(OSError, match="Cannot list s3://pictures/x, tried 2 times"):
        remote.fetch(f"{BUCKET}/x", tmp_path)
    assert os.listdir(tmp_path) == []
