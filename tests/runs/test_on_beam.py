"""What is told of a pipeline that ends: `test_encode.py` kills the workers of a real one."""

import json
import sys
from pathlib import Path

import pytest

from m2m_tf.codes.shard_encoder import EncodingJob
from m2m_tf.runs import on_beam
from m2m_tf.runs.on_beam import REFUSED, OnBeam, WorkersDied


@pytest.fixture
def job(tmp_path):
    return EncodingJob(str(tmp_path), "", "", {}, "", False, (28, 28, 1), (4,), 600, 1)


def test_it_says_by_what_it_runs():
    assert str(OnBeam(workers=3)) == "3 workers"
    assert str(OnBeam("flink")) == "flink"


@pytest.mark.slow
def test_a_pipeline_that_fails_tells_its_last_lines(job, monkeypatch):
    program = "import sys; [print(number) for number in range(9)]; sys.exit(3)"
    monkeypatch.setattr(on_beam, "PIPELINE", program)
    with pytest.raises(WorkersDied, match="4\\n5\\n6\\n7\\n8"):
        OnBeam()(job, [0])


@pytest.mark.slow
def test_why_a_target_is_refused_is_raised_and_the_note_goes(job, monkeypatch):
    program = (
        f"open({str(Path(job.folder, REFUSED))!r}, 'w').write('no image'); raise SystemExit(1)"
    )
    monkeypatch.setattr(on_beam, "PIPELINE", program)
    with pytest.raises(ValueError, match="no image"):
        OnBeam()(job, [0])
    assert list(Path(job.folder).iterdir()) == []


@pytest.mark.slow
def test_the_request_says_all_and_the_package_is_found_as_here(job, monkeypatch):
    copy = Path(job.folder, "copy.json")
    lines = f"import sys, shutil, json; shutil.copy(sys.argv[1], {str(copy)!r})"
    lines += f"; json.dump(sys.path, open({str(copy.with_suffix('.path'))!r}, 'w'))"
    monkeypatch.setattr(on_beam, "PIPELINE", lines)
    OnBeam("flink", 2, ("--flink_master=host:8081",))(job, [0, 2])
    request = json.loads(copy.read_text())
    assert request.pop("facts")["count"] == 600
    options = ["--flink_master=host:8081"]
    assert request == {"numbers": [0, 2], "runner": "flink", "workers": 2, "options": options}
    found = json.loads(copy.with_suffix(".path").read_text())
    assert {path for path in sys.path if path} <= set(found)
