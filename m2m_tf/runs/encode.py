"""Encoding by many processes: a target's codes, in the folder that a training reads."""

import os
import shutil
import threading
from collections.abc import Callable, Sequence
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
from m2m_tf.files.being_made import being_made
from m2m_tf.files.durable import remove_unfinished
from m2m_tf.files.lock import exclusive_lock
from m2m_tf.files.trust import is_trusted, trusting
from m2m_tf.hints import Fit, ImageSize, Resize, StrPath, Verbose
from m2m_tf.progress import Bar, never_silent, show_progress
from m2m_tf.runs.choose import load_autoencoder, name_of, plan_loading
from m2m_tf.runs.defaults import AUTOENCODER
from m2m_tf.runs.extra import needs_extra
from m2m_tf.runs.on_beam import RUNNERS, OnBeam, WorkersDied

COPY = "autoencoder"  # of the one that encodes, while it does
LOOK = 0.2  # seconds between two looks at what is there
FRUITLESS = 3  # runs in turn that may end without a shard more


def encode(
    target: StrPath,
    out: StrPath,
    autoencoder: Autoencoder | StrPath = AUTOENCODER,
    image_size: ImageSize | None = None,
    resize: Resize = "area",
    fit: Fit = "crop",
    runner: Literal["direct", "flink", "dataflow", "spark"]
    | Callable[[EncodingJob, list[int]], Any] = "direct",
    workers: int = 1,
    options: Sequence[str] = (),
    float16: bool = False,
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
        runner: What Beam runs on: `"direct"`, processes of this machine, or a service that
            `options` describe. Or another engine: a function of an `EncodingJob` and the numbers of
            shards, which lets `ShardEncoder(job).encode(number)` run for each, anywhere
            (`examples/encode_on_ray.py`).
        workers: Processes of the direct runner. Each computes in one thread.
        options: Words of Beam's own command line, such as `"--flink_master=host:8081"`.
        float16: Whether codes are kept in 16 bits a value, half the bytes. What they cost stands in
            docs/scaling.md.
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
    check_whole("workers", workers)
    if not callable(runner):
        check_choice("runner", runner, RUNNERS)
        needs_extra("beam", "apache_beam")
        runner = OnBeam(runner, workers, tuple(options))
    target, verbose = _path_of(target), 1 if verbose == "auto" else verbose
    with trusting(trust):
        loading = plan_loading(target, autoencoder, loading, verbose)
        show_progress(verbose, f"Loading the autoencoder {name_of(autoencoder)}")
        autoencoder = load_autoencoder(autoencoder, target, **loading)
        images = data.load(target, autoencoder.image_shape, **loading)
        how = {"trust": is_trusted(), "float16": bool(float16)}
        encoding = _Encoding(autoencoder, images, target, loading, Path(out), how, verbose)
        encoding.run(runner)
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

    def __init__(self, autoencoder, images, target, loading, codes_dir, how, verbose):
        if images.count is None:
            raise ValueError(
                f"encode cuts a target into shards and must know how many images it has; of "
                f"'{target}' nobody knows. Encode it by m2m transfer --codes_dir."
            )
        self.autoencoder, self.images, self.codes_dir = autoencoder, images, codes_dir
        self.target, self.loading, self.how, self.verbose = target, loading, how, verbose
        self.fingerprint = codes_fingerprint(autoencoder, images)
        self.folder = codes_dir / self.fingerprint[:NAMED]
        self.kept = KeptLabels(images) if images.brings_labels else None

    def run(self, runner):
        """Encodes what is not there yet, and writes the manifest."""
        with folder_made(self.codes_dir), exclusive_lock(self.codes_dir, bool(self.verbose)):
            if self._is_there():
                show_progress(self.verbose, "The codes were there already: nothing was encoded")
                return
            new = not self.folder.exists()
            try:
                with being_made(self.folder, goes_on=True):
                    remove_unfinished(self.folder)
                    job = self._job()
                    self._encode(job, runner)
                    self._write_manifest(job)
            except ValueError:
                if new:
                    shutil.rmtree(self.folder)
                raise

    def _is_there(self):
        found = read_manifest(self.folder)
        if found is None or not found.complete or found.fingerprint != self.fingerprint:
            return False
        if found.float16 != self.how["float16"]:
            return False
        return self.kept is None or found.labels == self.kept.fingerprint

    def _job(self):
        self.autoencoder.save(self.folder / COPY)  # where all workers see it
        shapes = (self.images.image_shape, self.autoencoder.code_shape)
        return EncodingJob(
            folder=str(self.folder.absolute()),
            autoencoder=str((self.folder / COPY).absolute()),
            target=self.target,
            loading=self.loading,
            fingerprint=self.fingerprint,
            labelled=self.kept is not None,
            image_shape=shapes[0],
            code_shape=shapes[1],
            count=self.images.count,
            blocks=blocks_of_a_shard(*shapes, self.images.count),
            **self.how,
        )

    def _encode(self, job, runner):
        """Runs until all shards are there; a worker that dies ends one run."""
        show_progress(
            self.verbose,
            f"Encoding {self.images.count:,} images of {self.images.name} in {job.shards:,} shards "
            f"by {getattr(runner, '__name__', runner)}",
        )
        fruitless, waiting = 0, never_silent(self.verbose, "starting the workers")
        with waiting, _Watch(job, self.images.count, self.verbose) as watch:
            while missing := watch.look():
                said = _run(runner, job, missing)
                left = watch.look()
                fruitless = fruitless + 1 if len(left) == len(missing) else 0
                if fruitless == FRUITLESS:
                    raise OSError(f"No shard came from {FRUITLESS} runs of the workers: {said}")
                if left:
                    line = f"  a worker died, {len(left):,} shards are missing: going on"
                    show_progress(self.verbose, line)

    def _write_manifest(self, job):
        records = [read_record(job, number) for number in range(job.shards)]
        manifest = Manifest(
            self.fingerprint,
            self.autoencoder.fingerprint,
            self.images.fingerprint,
            self.autoencoder.code_shape,
            shards=[record.shard for record in records],
            skipped=[entry for record in records for entry in record.skipped],
            notes=list(dict.fromkeys([*self._kept_how(), *(n for r in records for n in r.notes)])),
            complete=True,
            labels=self.kept.fingerprint if self.kept else None,
            float16=job.float16,
        )
        self.images.recall_skipped(manifest.skipped)
        manifest.write(self.folder)
        shutil.rmtree(self.folder / COPY)
        for number in range(job.shards):
            record_path(self.folder, number).unlink()
        for path in self.folder.glob("codes-*.f32" if job.float16 else "codes-*.f16"):
            path.unlink()  # the same codes, kept otherwise before

    def _kept_how(self):
        """A note where codes are not kept as they are."""
        return ["codes are kept in float16"] if self.how["float16"] else []


def _run(runner, job, numbers):
    """Lets a runner encode; returns why shards may be missing."""
    try:
        runner(job, numbers)
    except WorkersDied as died:
        return f"\n{died}"
    return "some did not come"


class _Watch:
    """Looks at which shards are there, and shows it.

    Args:
        job: The `EncodingJob`.
        count: Images.
        verbose: As Keras takes it.
    """

    def __init__(self, job, count, verbose):
        self._job, self._images, self._missing = job, 0, list(range(job.shards))
        self._bar, self._lock, self._done = Bar(count, verbose), threading.Lock(), threading.Event()
        self._thread = threading.Thread(target=self._look_again_and_again, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *failure):
        self._done.set()
        self._thread.join()
        if not any(failure):
            self._bar.update(self._images, finalize=True)

    def _look_again_and_again(self):
        while not self._done.wait(LOOK):
            self.look()

    def look(self):
        """The numbers of the shards that are missing."""
        with self._lock:
            found = {number: self._found(number) for number in self._missing}
            self._images += sum(record.shard.count for record in found.values() if record)
            self._missing = [number for number, record in found.items() if not record]
            if self._images:  # until then the workers start
                self._bar.update(self._images, finalize=False)
            return self._missing

    def _found(self, number):
        there = record_path(self._job.folder, number).exists()
        return read_record(self._job, number) if there else None
