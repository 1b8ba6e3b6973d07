"""Files that were changed at random are read or refused with a sentence: nothing else."""

import gzip
import random
import struct
import time

import numpy as np
import pytest

from m2m_tf.codes.manifest import Manifest, Shard, read_manifest
from m2m_tf.data import load
from m2m_tf.files.card import read_card, write_card

SECONDS = 25.0


def idx(pixels):
    return struct.pack(">4B3I", 0, 0, 8, 3, *pixels.shape) + pixels.tobytes()


def save(function, pixels, path):
    function(path, pixels)
    return path.read_bytes()


@pytest.fixture
def sound(tmp_path):
    """Sound files: `{name: (bytes, a function that reads the path)}`."""
    pixels = np.random.default_rng(0).integers(0, 256, (6, 5, 4), dtype="uint8")
    (tmp_path / "card").mkdir()
    (tmp_path / "card/weights.bin").write_bytes(bytes(64))
    write_card(tmp_path / "card", {"kind": "autoencoder", "seed": 3})
    shard = Shard("codes-00000.f32", 0, 1, 2, "0" * 64)
    Manifest("a" * 64, "b" * 64, "c" * 64, (4,), [shard], [("x.png", "cut")]).write(tmp_path)

    def images(path):
        load(path).numpy()

    def manifest(path):
        found = read_manifest(path.parent)
        if found is not None:
            assert isinstance(found.count, int)

    return {
        "x-idx3-ubyte": (idx(pixels), images),
        "x-idx3-ubyte.gz": (gzip.compress(idx(pixels)), images),
        "x.npy": (save(np.save, pixels, tmp_path / "a.npy"), images),
        "x.npz": (save(np.savez_compressed, pixels, tmp_path / "a.npz"), images),
        "card.json": (
            (tmp_path / "card/card.json").read_bytes(),
            lambda path: read_card(path.parent, "autoencoder"),
        ),
        "manifest.json": ((tmp_path / "manifest.json").read_bytes(), manifest),
    }


def mutated(content, rng, others):
    """The bytes with some changed, cut out, said twice, or taken from other files."""
    content = bytearray(content)
    for _ in range(rng.choice((1, 1, 2, 4, 16))):
        place, length = rng.randrange(len(content) + 1), rng.choice((1, 2, 4, 8, 32))
        piece = rng.choice(others)
        start = rng.randrange(len(piece))
        kind = rng.randrange(6)
        if kind == 0 and content:
            content[place % len(content)] ^= 1 << rng.randrange(8)
        elif kind == 1:
            del content[place : place + length]
        elif kind == 2:
            content[place:place] = content[place : place + length]
        elif kind == 3:
            content[place : place + length] = piece[start : start + length]
        elif kind == 4:
            content[place : place + length] = rng.choice((b"\xff", b"\0")) * length
        else:
            content[place:place] = rng.choice((b"-1", b"1e999", b"null", b"../", b"[[", b'"'))
    return bytes(content)


@pytest.mark.parametrize(
    "name", ["x-idx3-ubyte", "x-idx3-ubyte.gz", "x.npy", "x.npz", "card.json", "manifest.json"]
)
def test_any_change_gives_a_value_or_a_sentence(sound, tmp_path, figures, name):
    content, read = sound[name]
    others = [each for each, _ in sound.values()]
    rng, tried, began = random.Random(name), 0, time.monotonic()
    (tmp_path / "fuzzed").mkdir()
    (tmp_path / "fuzzed/weights.bin").write_bytes(bytes(64))
    while time.monotonic() - began < SECONDS:
        path = tmp_path / "fuzzed" / name
        path.write_bytes(mutated(content, rng, others))
        started = time.monotonic()
        try:
            read(path)
        except ValueError as error:
            assert "xpect" in str(error) or str(tmp_path) in str(error), repr(error)
        assert time.monotonic() - started < 10, "it took too long"
        tried += 1
    figures[f"changed files tried, {name}"] = tried
