"""Encoding by many processes: the codes are those of one, also where a worker is killed."""

import os
import signal
import threading
import time
from pathlib import Path

import numpy as np
import pytest

import m2m_tf as m2m
from m2m_tf import data
from m2m_tf.codes import encode_once
from m2m_tf.codes.manifest import read_manifest
from m2m_tf.codes.shard_encoder import ShardEncoder
from m2m_tf.files.trust import trusting
from m2m_tf.runs import encode as module
from tests.codes.encoding_jobs import write_digits
from tests.extras import needs
from tests.runs.beam_workers import workers_of_this_process


@pytest.fixture(autouse=True)
def with_beam():
    needs("beam", "apache_beam")


@pytest.fixture
def target(digits, tmp_path):
    """2,000 digits of two classes, 8 shards, and a file that is no image."""
    return write_digits(tmp_path / "digits", digits, 2000)


def in_this_process(job, numbers):
    """A runner without processes."""
    encoder = ShardEncoder(job)
    for number in numbers:
        encoder.encode(number)


def kill_one(out, killed):
    """Kills a worker as soon as a shard is there."""
    while not list(Path(out).glob("*/codes-*.json")):
        time.sleep(0.01)
    worker = workers_of_this_process()[0]
    os.kill(worker, signal.SIGKILL)
    killed.append(worker)


@pytest.mark.slow
def test_a_worker_that_dies_costs_a_shard_and_codes_are_those_of_one_process(
    target, tiny_autoencoder_folder, shared_autoencoder, tmp_path, capfd
):
    out, killed = tmp_path / "codes", []
    killer = threading.Thread(target=kill_one, args=(out, killed), daemon=True)
    killer.start()
    codes = m2m.encode(target, out, tiny_autoencoder_folder, workers=2)
    killer.join()
    assert killed and "a worker died" in capfd.readouterr().out
    assert workers_of_this_process() == []
    images = data.load(target, (28, 28, 1))
    np.testing.assert_array_equal(codes.codes, shared_autoencoder.encode(images))
    assert codes.labels.tolist() == 1000 * ["a"] + 1000 * ["b"]
    assert [name for name, _ in codes.skipped] == ["b/zz.png"]
    [folder] = [path for path in out.iterdir() if path.is_dir()]
    manifest = read_manifest(folder)
    assert manifest.complete and [shard.first_block for shard in manifest.shards] == list(range(8))
    files = {shard.name for shard in manifest.shards} | {
        shard.labels_name for shard in manifest.shards
    }
    assert {path.name for path in folder.iterdir()} == files | {"manifest.json", ".lock"}

    store = m2m.encode(target, out, tiny_autoencoder_folder)
    assert store.from_cache and "nothing was encoded" in capfd.readouterr().out
    model = m2m.Mind2Mind(shared_autoencoder, seed=0)
    model.compile()
    model.fit(target, epochs=1, batch_size=500, codes_dir=out, verbose=1)
    assert "nothing was encoded" in capfd.readouterr().out


@pytest.mark.slow
def test_codes_of_float16_serve_a_training_and_replace_those_of_float32(
    target, tiny_autoencoder_folder, shared_autoencoder, tmp_path, capfd
):
    out, target = tmp_path / "codes", target / "a"
    whole = encode_once(shared_autoencoder, target, out, verbose=0)
    codes = m2m.encode(target, out, tiny_autoencoder_folder, float16=True, runner=in_this_process)
    [folder] = [path for path in out.iterdir() if path.is_dir()]
    assert {path.suffix for path in folder.glob("codes-*")} == {".f16"}
    np.testing.assert_array_equal(codes.codes, whole.codes.astype("float16").astype("float32"))
    assert "codes are kept in float16" in codes.notes
    shard = next(folder.glob("codes-*"))
    before = shard.read_bytes()
    shard.write_bytes(before[:-2])
    again = encode_once(shared_autoencoder, target, out)
    assert "is damaged: encoding it again" in capfd.readouterr().out
    np.testing.assert_array_equal(again.codes, codes.codes)
    assert shard.read_bytes() == before


@pytest.mark.slow
def test_a_target_that_is_refused_leaves_nothing(digits, tiny_autoencoder_folder, tmp_path):
    images = np.array(digits[:600])
    images[599] = np.nan
    np.save(tmp_path / "nan.npy", images)
    with pytest.raises(ValueError, match=r"599"):
        m2m.encode(tmp_path / "nan.npy", tmp_path / "new" / "codes", tiny_autoencoder_folder)
    assert not (tmp_path / "new").exists()


@pytest.mark.slow
def test_another_engine_may_leave_shards_for_the_next_time(
    target, tiny_autoencoder_folder, shared_autoencoder, tmp_path, capsys
):
    asked = []

    def a_few(job, numbers):
        asked.append(numbers)
        in_this_process(job, numbers[-3:])

    codes = m2m.encode(target, tmp_path / "codes", tiny_autoencoder_folder, runner=a_few)
    assert asked == [list(range(8)), list(range(5)), [0, 1]]
    out = capsys.readouterr().out
    assert "in 8 shards by a_few" in out and "5 shards are missing: going on" in out
    np.testing.assert_array_equal(codes.codes, shared_autoencoder.encode(data.load(target)))


@pytest.mark.slow
def test_an_engine_that_never_encodes_is_given_up_and_what_is_there_stays(
    target, tiny_autoencoder_folder, tmp_path
):
    asked, out = [], tmp_path / "codes"

    def one(job, numbers):
        asked.append(len(numbers))
        if len(numbers) == 8:
            in_this_process(job, numbers[:1])

    with pytest.raises(OSError, match="No shard came from 3 runs of the workers"):
        m2m.encode(target, out, tiny_autoencoder_folder, runner=one, verbose=0)
    assert asked == [8, 7, 7, 7]
    m2m.encode(target, out, tiny_autoencoder_folder, runner=in_this_process, verbose=0)
    assert {path.name for path in out.iterdir() if path.is_file()} == {".lock"}


@pytest.mark.slow
@pytest.mark.parametrize("said", ["argument", "flag"])
def test_trust_in_saved_models_reaches_the_workers(digits, tmp_path, said):
    jobs = []

    def note(job, numbers):
        jobs.append(job)
        in_this_process(job, numbers)

    np.save(tmp_path / "digits.npy", digits[:40])
    legacy = Path(__file__).parents[1] / "fixtures" / "legacy_addons"
    with trusting(said == "flag"):
        how = {"trust": True} if said == "argument" else {}
        m2m.encode(tmp_path / "digits.npy", tmp_path / "codes", legacy, runner=note, **how)
    assert [job.trust for job in jobs] == [True]


@pytest.mark.slow
def test_what_an_engine_raises_comes_out_as_it_is(target, tiny_autoencoder_folder, tmp_path):
    def fails(job, numbers):
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        m2m.encode(target, tmp_path / "codes", tiny_autoencoder_folder, runner=fails, verbose=0)


def test_arguments_are_looked_at_first(digits, tmp_path):
    out = tmp_path / "codes"
    with pytest.raises(ValueError, match="a path or a name, which every worker can read"):
        m2m.encode(digits, out)
    with pytest.raises(ValueError, match="runner"):
        m2m.encode("demo:digits", out, runner="prism")
    with pytest.raises(ValueError, match="workers"):
        m2m.encode("demo:digits", out, workers=0)
    with pytest.raises(TypeError, match="target_size"):
        m2m.encode("demo:digits", out, target_size=3)
    assert not out.exists()


def test_without_beam_it_says_what_to_install(tmp_path, monkeypatch):
    def refuse(extra, *packages):
        raise ValueError(f"{extra}: {packages}")

    monkeypatch.setattr(module, "needs_extra", refuse)
    with pytest.raises(ValueError, match="beam: .'apache_beam',."):
        m2m.encode("demo:digits", tmp_path / "codes")
