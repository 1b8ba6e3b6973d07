"""Files that were changed at random are read or refused with a sentence: nothing else."""

import gzip
import json
import random
import resource
import struct
import time
import zipfile

import keras
import numpy as np
import pytest

from m2m_tf.codes.manifest import Manifest, Shard, read_manifest
from m2m_tf.data import load
from m2m_tf.files.being_made import NOTE, read_note
from m2m_tf.files.card import read_card, write_card
from m2m_tf.files.keras_file import load_keras
from m2m_tf.files.npz_file import read_npz
from m2m_tf.files.strict_json import read_json

SECONDS = {  # of trying
    "x-idx3-ubyte": 25.0,
    "x-idx3-ubyte.gz": 25.0,
    "x.npy": 25.0,
    "x.npz": 25.0,
    "card.json": 60.0,
    "manifest.json": 60.0,
    "run.json": 60.0,
    NOTE: 60.0,
    "weights.npz": 60.0,
    "config.json": 60.0,
    "model.weights.h5": 60.0,
}
GROWTH = 1 << 20  # KiB of memory that all the tries of a kind may take


PIECES = (
    b"-1",
    b"1e999",
    b"null",
    b"../",
    b"[[",
    b'"',
    b"NaN",
    b"\\u001b[2J",
    b"[" * 990,
    b"9" * 50,
)


def idx(pixels):
    return struct.pack(">4B3I", 0, 0, 8, 3, *pixels.shape) + pixels.tobytes()


def save(function, pixels, path):
    function(path, pixels)
    return path.read_bytes()


def members_of_a_model(path):
    """The files in a small model's .keras file: `{name: bytes}`."""
    inputs = keras.Input((4,))
    keras.Model(inputs, keras.layers.Dense(3)(inputs)).save(path)
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def model_with(members):
    """A function that loads that model with one file of it taken from a path."""

    def read(path):
        archive = path.with_name("model.keras")
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as opened:
            for name, content in {**members, path.name: path.read_bytes()}.items():
                opened.writestr(name, content)
        try:
            load_keras(archive)
        except ValueError as error:
            raise ValueError(f"Expected '{archive}' to load: {error}") from error

    return read


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

    members = members_of_a_model(tmp_path / "sound.keras")
    run = {"target": "photos/", "axes": None, "learning_rates": [1e-3, 0.5], "seed": 0}
    note = {"command": "m2m transfer --out runs/photos", "goes_on": True}

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
        "run.json": (json.dumps(run, indent=2).encode(), read_json),
        NOTE: (json.dumps(note).encode(), lambda path: read_note(path.parent)),
        "weights.npz": (save(np.savez, pixels, tmp_path / "b.npz"), read_npz),
        "config.json": (members["config.json"], model_with(members)),
        "model.weights.h5": (members["model.weights.h5"], model_with(members)),
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
            content[place:place] = rng.choice(PIECES)
    return bytes(content)


@pytest.mark.parametrize("name", SECONDS)
def test_any_change_gives_a_value_or_a_sentence(sound, tmp_path, figures, name):
    content, read = sound[name]
    others = [each for each, _ in sound.values()]
    rng, tried, began = random.Random(name), 0, time.monotonic()
    (tmp_path / "fuzzed").mkdir()
    (tmp_path / "fuzzed/weights.bin").write_bytes(bytes(64))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    while time.monotonic() - began < SECONDS[name]:
        path = tmp_path / "fuzzed" / name
        path.write_bytes(mutated(content, rng, others))
        started = time.monotonic()
        try:
            read(path)
        except ValueError as error:
            assert "xpect" in str(error) or str(tmp_path) in str(error), repr(error)
        assert time.monotonic() - started < 10, "it took too long"
        tried += 1
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < GROWTH
    figures(f"changed files tried, {name}", tried)
