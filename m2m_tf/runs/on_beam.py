"""Encoding on Apache Beam: a pipeline in a process of its own, which ends when a worker dies."""

import contextlib
import dataclasses
import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from m2m_tf.files.being_made import TemporaryFolder
from m2m_tf.files.durable import write_durably

RUNNERS = ("direct", "flink", "dataflow", "spark")
REFUSED = "refused.txt"  # in the folder of the shards: why the target was
LAST = 5  # lines of Beam's that are told
# Under this name the package loads without TensorFlow, which is for the workers.
PIPELINE = "import sys; sys.argv[0] = 'm2m'; from m2m_tf.runs.beam_pipeline import main; main()"
ONE_THREAD = {"TF_NUM_INTRAOP_THREADS": "1", "OMP_NUM_THREADS": "1"}


class WorkersDied(RuntimeError):
    """A pipeline ended before all shards were there; the last lines that it wrote."""


@dataclasses.dataclass(frozen=True)
class OnBeam:
    """Encodes shards on Apache Beam: `(job, numbers) -> None`.

    Attributes:
        runner: One of RUNNERS.
        workers: Processes of the direct runner.
        options: Words of Beam's own command line.
    """

    runner: str = RUNNERS[0]
    workers: int = 1
    options: tuple = ()

    def __str__(self):
        return f"{self.workers} workers" if self.runner == RUNNERS[0] else self.runner

    def __call__(self, job, numbers):
        """Encodes the shards of some numbers.

        Raises:
            ValueError: If a worker refuses the target.
            WorkersDied: If a worker is gone, or the pipeline fails.
        """
        settings = {"runner": self.runner, "workers": self.workers, "options": list(self.options)}
        request = {"facts": vars(job), "numbers": numbers, **settings}
        with TemporaryFolder("beam") as temporary:
            status, said = _run(request, Path(temporary))
        refused = Path(job.folder, REFUSED)
        if refused.exists():
            reason = refused.read_text(encoding="utf-8")
            refused.unlink()
            raise ValueError(reason)
        if status:
            raise WorkersDied(said)


def _run(request, temporary):
    """Runs a pipeline to its end, well or not; returns its status and its last lines."""
    file = temporary / "request.json"
    write_durably(file, json.dumps(request).encode())
    path = os.pathsep.join(filter(None, sys.path))
    with tempfile.TemporaryFile() as lines:
        process = subprocess.Popen(  # noqa: S603 - this Python, and a file of ours
            [sys.executable, "-c", PIPELINE, str(file)],
            env={**os.environ, **ONE_THREAD, "PYTHONPATH": path},
            stdin=subprocess.PIPE,
            stdout=lines,
            stderr=lines,
            start_new_session=True,
        )
        try:
            process.wait()
        finally:
            _end(process)
        lines.seek(0)
        said = lines.read().decode("utf-8", "replace").splitlines()[-LAST:]
    return process.returncode, "\n".join(said)


def _end(process):
    """Ends a pipeline and all its workers."""
    process.stdin.close()
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
