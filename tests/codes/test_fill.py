"""A folder of codes is filled shard by shard, continued where it was left, and mended."""

import json
import shutil
import signal
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import m2m_tf as m2m
from m2m_tf import data, pictures
from m2m_tf.codes import codes_fingerprint, encode_once, fill
from m2m_tf.codes.manifest import MANIFEST, read_manifest
from tests.forks import fork_code

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def small_shards(monkeypatch):
    monkeypatch.setattr(fill.data, "default_batch_size", lambda shape: 16)
    monkeypatch.setattr(fill, "SHARD_BLOCKS", 3)


@pytest.fixture(scope="module")
def autoencoder(tiny_autoencoder_folder):
    return m2m.Autoencoder.load(tiny_autoencoder_folder)


@pytest.fixture(scope="module")
def files(digits, tmp_path_factory):
    """A folder of 200 images of which 20 cannot be read, a whole block among them."""
    folder = tmp_path_factory.mktemp("files")
    pictures.save_folder(folder, digits[:200])
    for path in [*sorted(folder.iterdir())[48:64], *sorted(folder.iterdir())[100:104]]:
        path.write_bytes(b"no picture")
    return folder


def encode(autoencoder, files, folder, **settings):
    images = data.load(files, autoencoder.image_shape, max_bad=0.2)
    return encode_once(autoencoder, images, folder, verbose=0, **settings)


def only_folder(codes):
    (folder,) = (path for path in codes.iterdir() if path.is_dir())
    return folder


@pytest.fixture(scope="module")
def expected(autoencoder, files):
    """The codes that encoding in one go gives, all in memory."""
    images = data.load(files, autoencoder.image_shape, max_bad=0.2)
    return encode_once(autoencoder, images, verbose=0)


def test_shards_hold_the_codes_in_order(autoencoder, files, expected, tmp_path):
    made = encode(autoencoder, files, tmp_path)
    np.testing.assert_allclose(made.codes, expected.codes, atol=1e-5)
    manifest = read_manifest(only_folder(tmp_path))
    assert manifest.complete and manifest.count == 180
    assert [shard.blocks for shard in manifest.shards] == [3, 3, 3, 3, 1]
    assert len(manifest.skipped) == 20 and made.skipped == expected.skipped


class Cut(Exception):
    pass


@pytest.fixture(scope="module")
def whole(autoencoder, files, tmp_path_factory):
    """A folder that was filled without interruption, and its codes."""
    folder = tmp_path_factory.mktemp("whole")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fill.data, "default_batch_size", lambda shape: 16)
        patch.setattr(fill, "SHARD_BLOCKS", 3)
        return folder, encode(autoencoder, files, folder).codes


@settings(max_examples=8, deadline=None)
@given(cuts=st.lists(st.integers(1, 12), min_size=1, max_size=3))
def test_however_often_it_is_cut_off_the_codes_are_the_same(
    autoencoder, files, whole, tmp_path_factory, cuts
):
    folder = tmp_path_factory.mktemp("cut")
    encode_batch = autoencoder.encode_batch
    for cut in cuts:
        calls = iter(range(cut))

        def cut_off(batch, calls=calls):
            if next(calls, None) is None:
                raise Cut
            return encode_batch(batch)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(autoencoder, "encode_batch", cut_off)
            try:
                encode(autoencoder, files, folder)
            except Cut:
                pass
    made = encode(autoencoder, files, folder)
    np.testing.assert_array_equal(made.codes, whole[1])
    assert len(made.skipped) == 20
    assert encode(autoencoder, files, folder).from_cache


@pytest.mark.parametrize(
    "damages", [("changed", "cut", "lost"), ("lost", "changed", "cut"), ("cut", "lost", "changed")]
)
def test_damaged_shards_are_found_and_encoded_again(
    autoencoder, files, whole, tmp_path, damages, capsys
):
    """The first, one in the middle and the last, each in every way that a file may be damaged."""
    shutil.copytree(whole[0], tmp_path / "codes")
    for number, damage in zip((0, 2, 4), damages, strict=True):
        shard = only_folder(tmp_path / "codes") / f"codes-{number:05}.f32"
        content = bytearray(shard.read_bytes())
        content[5] ^= 1
        if damage == "lost":
            shard.unlink()
        else:
            shard.write_bytes(content if damage == "changed" else content[:-4])
    images = data.load(files, autoencoder.image_shape, max_bad=0.2)
    made = encode_once(autoencoder, images, tmp_path / "codes")
    np.testing.assert_array_equal(made.codes, whole[1])
    said = capsys.readouterr().out
    assert all(f"codes-{number:05}.f32' is damaged" in said for number in (0, 2, 4))
    assert encode(autoencoder, files, tmp_path / "codes").from_cache


def test_a_damaged_manifest_encodes_anew(autoencoder, files, whole, tmp_path):
    shutil.copytree(whole[0], tmp_path / "codes")
    (only_folder(tmp_path / "codes") / MANIFEST).write_text("{")
    made = encode(autoencoder, files, tmp_path / "codes")
    assert not made.from_cache
    np.testing.assert_array_equal(made.codes, whole[1])


def test_what_is_encoded_is_written_down(autoencoder, files, whole):
    facts = json.loads((only_folder(whole[0]) / MANIFEST).read_text())
    assert facts["autoencoder"] == autoencoder.fingerprint
    assert facts["images"] == data.load(files, autoencoder.image_shape, max_bad=0.2).fingerprint
    assert facts["code_shape"] == list(autoencoder.code_shape)
    assert all(len(shard["sha256"]) == 64 for shard in facts["shards"])


def test_a_changed_file_encodes_anew_and_takes_the_place_of_the_old_codes(
    autoencoder, files, whole, tmp_path, digits
):
    shutil.copytree(files, tmp_path / "files")
    first = encode(autoencoder, tmp_path / "files", tmp_path / "codes")
    del first.codes  # nobody reads them now
    pictures.save_folder(tmp_path / "other", digits[300:301])
    changed = sorted((tmp_path / "files").iterdir())[7]
    shutil.copy(next((tmp_path / "other").iterdir()), changed)
    made = encode(autoencoder, tmp_path / "files", tmp_path / "codes")
    assert not made.from_cache
    assert (np.asarray(made.codes) != np.asarray(whole[1])).any(axis=1).tolist().index(True) == 7
    assert only_folder(tmp_path / "codes")


def test_codes_that_are_read_are_not_removed(autoencoder, digits, tmp_path, monkeypatch):
    monkeypatch.setattr("m2m_tf.codes.encode.MEMORY_LIMIT", 100)
    first = encode_once(autoencoder, digits[:100], tmp_path, verbose=0)
    expected = first.codes[:]
    encode_once(autoencoder, digits[100:200], tmp_path, verbose=0)
    np.testing.assert_array_equal(first.codes[:], expected)


ENCODE = """
import sys, numpy as np, m2m_tf as m2m
from m2m_tf.codes import encode_once, fill
fill.data.default_batch_size, fill.SHARD_BLOCKS = lambda shape: 16, 1
autoencoder, digits, codes, out = sys.argv[1:]
np.save(out, encode_once(m2m.Autoencoder.load(autoencoder), digits, codes, verbose=0).codes[:])
"""


def test_two_processes_in_one_folder_do_not_harm_each_other(
    autoencoder, tiny_autoencoder_folder, digits, tmp_path
):
    np.save(tmp_path / "digits.npy", digits[:2000])
    paths = [tiny_autoencoder_folder, tmp_path / "digits.npy", tmp_path / "codes"]
    processes = [fork_code(ENCODE, *paths, tmp_path / f"{number}.npy") for number in range(2)]
    assert [process.wait() for process in processes] == [0, 0]
    first, second = (np.load(tmp_path / f"{number}.npy") for number in range(2))
    np.testing.assert_array_equal(first, second)
    np.testing.assert_allclose(first, autoencoder.encode(digits[:2000]), atol=1e-5)


def test_codes_cut_off_by_kill_are_taken_up(autoencoder, tiny_autoencoder_folder, digits, tmp_path):
    np.save(tmp_path / "digits.npy", digits[:4000])
    paths = [tiny_autoencoder_folder, tmp_path / "digits.npy", tmp_path / "codes"]
    process = fork_code(ENCODE, *paths, tmp_path / "out.npy")
    while len(list(tmp_path.glob("codes/*/codes-*.f32"))) < 20 and process.poll() is None:
        time.sleep(0.01)
    process.kill()
    assert process.wait() == -signal.SIGKILL
    made = fill.fill(tmp_path / "codes", autoencoder, *_named(autoencoder, tmp_path), verbose=0)
    codes, _, manifest, encoded = made
    assert manifest.complete and encoded <= 4000 - 19 * 16
    np.testing.assert_allclose(codes, autoencoder.encode(digits[:4000]), atol=1e-5)


def _named(autoencoder, folder):
    images = data.load(folder / "digits.npy", autoencoder.image_shape)
    return images, codes_fingerprint(autoencoder, images)
