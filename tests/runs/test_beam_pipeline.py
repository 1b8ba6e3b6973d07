"""The pipeline on Apache Beam: what its workers do, and how a program of it ends."""

import dataclasses
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from m2m_tf.codes.shard_encoder import read_record
from tests.codes.encoding_jobs import job_of, write_digits
from tests.extras import module_of

ROOT = Path(__file__).parents[2]


@pytest.fixture
def beam_pipeline():
    """The module, where Beam is installed."""
    return module_of("beam", "m2m_tf.runs.beam_pipeline")


@pytest.fixture
def job(digits, tiny_autoencoder_folder, shared_autoencoder, tmp_path):
    """The job of encoding 600 digits of two classes, three blocks of 256 at most."""
    target = write_digits(tmp_path / "digits", digits)
    return job_of(target, tiny_autoencoder_folder, shared_autoencoder, tmp_path / "codes")


def test_a_worker_encodes_the_shards_that_it_is_given(beam_pipeline, job):
    worker = beam_pipeline.EncodeShards(vars(job))
    worker.setup()
    assert list(worker.process(2)) == [88]
    assert read_record(job, 2).shard.count == 88


def test_why_a_target_is_refused_is_left_for_the_caller(beam_pipeline, job):
    worker = beam_pipeline.EncodeShards(vars(dataclasses.replace(job, target="nothing/there")))
    with pytest.raises(ValueError):
        worker.setup()
    assert "nothing/there" in Path(job.folder, beam_pipeline.REFUSED).read_text()


@pytest.mark.slow
def test_a_thread_that_finds_its_worker_dead_ends_the_program(beam_pipeline):
    program = """
import sys, threading, time
sys.argv[0] = "m2m"
from m2m_tf.runs import beam_pipeline
threading.excepthook = beam_pipeline._end_without_a_worker
def wait(): raise RuntimeError("Worker subprocess exited with return code -9")
threading.Thread(target=wait).start()
time.sleep(60)
"""
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT)
    assert run.returncode == -signal.SIGKILL
    assert "exited with return code -9" in run.stderr
