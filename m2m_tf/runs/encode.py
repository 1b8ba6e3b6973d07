"""Encoding by many processes: a target's codes, in the folder that a training reads."""

import contextlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

from m2m_tf import data
from m2m_tf.autoencoders import Autoencoder
from m2m_tf.checks import check_choice, check_whole
from m2m_tf.codes import CodeStore, codes_fingerprint, encode_once
from m2m_tf.codes.fill import NAMED, folder_made
from m2m_tf.codes.labels import KeptLabels
from m2m_tf.codes.manifest import Manifest, read_manifest
from m2m_tf.codes.shard_encoder import (
    EncodingJob,
    blocks_of_a_shard,
    read_record,
    record_path,
)
from m2m_tf.data.options import check_loading
from m2m_tf.files.being_made import TemporaryFolder, being_made
from m2m_tf.files.durable import remove_unfinished
from m2m_tf.files.lock import exclusive_lock
from m2m_tf.files.trust import trusting
from m2m_tf.hints import Fit, ImageSize, Resize, StrPath, Verbose
from m2m_tf.progress import Bar, never_silent, show_progress
from m2m_tf.runs.choose import load_autoencoder, name_of, plan_loading
from m2m_tf.runs.defaults import AUTOENCODER
from m2m_tf.runs.extra import needs_extra

# Under this name the package loads without TensorFlow, which is for the workers.
PIPELINE = "import sys; sys.argv[0] = 'm2m'; from m2m_tf.runs.beam_pipeline import main; main()"
RUNNERS = ("direct", "flink", "dataflow", "spark")
REFUSED = "refused.txt"  # as `beam_pipeline` has it, which is imported where Beam is
LOOK = 0.2  # seconds between two looks at what is there
FRUITLESS = 3  # pipelines in turn that may end without a shard more


def encode(
    target: StrPath,
    out: StrPath,
    autoencoder: Autoencoder | StrPath = AUTOENCODER,
    image_size: ImageSize | None = None,
    resize: Resize = "area",
    fit: Fit = "crop",
    runner: Literal["direct", "flink", "dataflow", "spark"] = "direct",
    workers: int = 1,
    options: Sequence[str] = (),
    trust: bool = False,
    verbose: Verbose = "auto",
    **loading: Any,
) -> CodeStore:
    """Encodes a target by many processes, on Apache Beam, into a folder that `fit` reads.

    What `m2m encode` does. The target is cut into shards, the same for any number of workers; each
    is written whole or not at all, so the codes do not depend on who encoded them, and a worker
    that dies costs the shard that it was at. The same call goes on after an interruption.

    Args:
        target: A path or a name, as `m2m.data.load` takes it, which all workers can read, and of
            which it is known how many images it has.
        out: The folder of the codes, the `codes_dir` of `m2m.transfer` and `Mind2Mind.fit`. Codes
            of other targets in it go when these are complete.
        autoencoder: A preset's name, a folder, a handle such as `"hf://madebyollin/taef1"`, or an
            `Autoencoder`.
        image_size: Size in pixels to resize images to first, `size` or `(height, width)`; None as
            `m2m.transfer` has it.
        resize, fit: As `m2m.data.load` takes them.
        runner: What Beam runs on: `"direct"`, processes of this machine; or a service that
            `options` describe.
        workers: Processes of the direct runner. Each computes in one thread.
        options: Words of Beam's own command line, such as `"--flink_master=host:8081"`.
        trust: Whether SavedModels are loaded; see `Autoencoder.load`.
        verbose: `"auto"`, 1 or 2 shows what is done; 0 is silent.
        **loading: `value_range`, as `m2m.data.load` takes it.

    Returns:
        A `CodeStore`, with the target's labels where it has some. Give it to `Mind2Mind.fit`.

    Raises:
        ValueError: If an argument is out of range, the target is no path, or of unknown length, an
            image or a code is refused, or Apache Beam is not installed.
        OSError: If workers die again and again.

    Example:

    ```python
    codes = m2m.encode("photos/", "codes/photos", autoencoder="universal", workers=4)
    model.fit(codes)
    ```
    """
    loading = check_loading(image_size, resize, fit, **loading)
    check_choice("runner", runner, RUNNERS)
    check_whole("workers", workers)
    needs_extra("beam", "apache_beam")
    target = _path_of(target)
    with trusting(trust):
        loading = plan_loading(target, autoencoder, loading, verbose)
        show_progress(verbose, f"Loading the autoencoder {name_of(autoencoder)}")
        autoencoder = load_autoencoder(autoencoder, target, **loading)
        images = data.load(target, autoencoder.image_shape, **loading)
        encoding = _Encoding(autoencoder, images, target, loading, Path(out), trust, verbose)
        pipelines = {"runner": runner, "workers": workers, "options": list(options)}
        encoding.run(pipelines)
        return encode_once(autoencoder, images, out, verbose=0, labelled=images.brings_labels)


def _path_of(target):
    """A target as text that means the same in every process."""
    if not isinstance(target, (str, os.PathLike)):
        raise ValueError(
            "encode expects a path or a name, which every worker can read, such as a folder or "
            f"tfds:NAME; got {type(target).__name__}. Encode what is in memory by "
            "Mind2Mind.fit(images, codes_dir=...)."
        )
    target = os.fspath(target)
    return os.path.abspath(target) if os.path.exists(target) else target


class _Encoding:
    """One target on its way into a folder of codes."""

    def __init__(self, autoencoder, images, target, loading, codes_dir, trust, verbose):
        if images.count is None:
            raise ValueError(
                f"encode cuts a target into shards and must know how many images it has; of "
                f"'{target}' nobody knows. Encode it by m2m transfer --codes_dir."
            )
        self.autoencoder, self.images, self.codes_dir = autoencoder, images, codes_dir
        self.target, self.loading, self.trust, self.verbose = target, loading, trust, verbose
        self.fingerprint = codes_fingerprint(autoencoder, images)
        self.folder = codes_dir / self.fingerprint[:NAMED]
        self.kept = KeptLabels(images) if images.brings_labels else None

    def run(self, pipelines):
        """Encodes what is not there yet, and writes the manifest."""
        with folder_made(self.codes_dir), exclusive_lock(self.codes_dir, bool(self.verbose)):
            if self._is_there():
                show_progress(self.verbose, "The codes were there already: nothing was encoded")
                return
            new = not self.folder.exists()
            try:
                with being_made(self.folder, goes_on=True), TemporaryFolder("encode") as temporary:
                    remove_unfinished(self.folder)
                    job = self._job(Path(temporary))
                    self._say_what_is_done(job, pipelines)
                    self._encode(job, Path(temporary), pipelines)
                    self._write_manifest(job)
            except ValueError:
                if new:
                    shutil.rmtree(self.folder)
                raise

    def _is_there(self):
        found = read_manifest(self.folder)
        if found is None or not found.complete or found.fingerprint != self.fingerprint:
            return False
        return self.kept is None or found.labels == self.kept.fingerprint

    def _job(self, temporary):
        self.autoencoder.save(temporary / "autoencoder")
        shapes = (self.images.image_shape, self.autoencoder.code_shape)
        return EncodingJob(
            folder=str(self.folder.absolute()),
            autoencoder=str(temporary / "autoencoder"),
            target=self.target,
            loading=self.loading,
            fingerprint=self.fingerprint,
            labelled=self.kept is not None,
            image_shape=shapes[0],
            code_shape=shapes[1],
            count=self.images.count,
            blocks=blocks_of_a_shard(*shapes, self.images.count),
            trust=self.trust,
        )

    def _say_what_is_done(self, job, pipelines):
        runner, workers = pipelines["runner"], pipelines["workers"]
        by = f"{workers} workers" if runner == RUNNERS[0] else runner
        show_progress(
            self.verbose,
            f"Encoding {self.images.count:,} images of {self.images.name} in {job.shards:,} shards "
            f"by {by}",
        )

    def _encode(self, job, temporary, pipelines):
        """Runs pipelines until all shards are there; a worker that dies ends one."""
        watch = _Watch(job, self.images.count, self.verbose)
        fruitless = 0
        while missing := watch.look():
            before = len(missing)
            with never_silent(self.verbose, "starting the workers"):
                status, said = _run_pipeline(job, temporary, missing, pipelines, watch.look)
            refused = self.folder / REFUSED
            if refused.exists():
                reason = refused.read_text(encoding="utf-8")
                refused.unlink()
                raise ValueError(reason)
            left = len(watch.look())
            fruitless = fruitless + 1 if left == before else 0
            if fruitless == FRUITLESS:
                raise OSError(f"No shard came from {FRUITLESS} pipelines, the last said:\n{said}")
            if left:
                line = f"  a worker died (status {status}): going on with {left:,} shards"
                show_progress(self.verbose, line)
        watch.end()

    def _write_manifest(self, job):
        records = [read_record(job, number) for number in range(job.shards)]
        manifest = Manifest(
            self.fingerprint,
            self.autoencoder.fingerprint,
            self.images.fingerprint,
            self.autoencoder.code_shape,
            shards=[record.shard for record in records],
            skipped=[entry for record in records for entry in record.skipped],
            notes=list(dict.fromkeys(note for record in records for note in record.notes)),
            complete=True,
            labels=self.kept.fingerprint if self.kept else None,
        )
        self.images.recall_skipped(manifest.skipped)
        manifest.write(self.folder)
        for number in range(job.shards):
            record_path(self.folder, number).unlink()


class _Watch:
    """Looks at which shards are there, and shows it."""

    def __init__(self, job, count, verbose):
        self.job, self.images, self.missing = job, 0, list(range(job.shards))
        self.bar = Bar(count, verbose)

    def look(self):
        """The numbers of the shards that are missing."""
        found = {number: self._found(number) for number in self.missing}
        self.images += sum(record.shard.count for record in found.values() if record)
        self.missing = [number for number, record in found.items() if not record]
        if self.images:  # until then the workers start
            self.bar.update(self.images, finalize=False)
        return self.missing

    def _found(self, number):
        there = record_path(self.job.folder, number).exists()
        return read_record(self.job, number) if there else None

    def end(self):
        """Ends the bar."""
        self.bar.update(self.images, finalize=True)


def _run_pipeline(job, temporary, numbers, pipelines, look):
    """Runs one pipeline to its end, well or not; returns its status and its last lines."""
    request = {"facts": vars(job), "numbers": numbers, **pipelines}
    file, log = temporary / "request.json", temporary / "beam.log"
    file.write_text(json.dumps(request), encoding="utf-8")
    command = [sys.executable, "-c", PIPELINE, str(file)]
    threads = {name: "1" for name in ("TF_NUM_INTRAOP_THREADS", "OMP_NUM_THREADS")}
    environment = {**os.environ, **threads, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    with open(log, "wb") as lines:
        process = subprocess.Popen(  # noqa: S603 - this Python, and a file of ours
            command,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=lines,
            stderr=lines,
            start_new_session=True,
        )
        try:
            while process.poll() is None:
                time.sleep(LOOK)
                look()
        finally:
            _end(process)
    return process.returncode, "\n".join(log.read_text(errors="replace").splitlines()[-5:])


def _end(process):
    """Ends a pipeline and all its workers."""
    process.stdin.close()
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, 9)
    process.wait()
