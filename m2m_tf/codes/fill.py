"""Filling a folder with the codes of a target, shard by shard, from where it was left."""

import contextlib
import dataclasses
import shutil
import time
from pathlib import Path

from m2m_tf import data
from m2m_tf.autoencoders.check import check_codes
from m2m_tf.codes.labels import read_blocks, read_labels
from m2m_tf.codes.manifest import Manifest, read_manifest
from m2m_tf.codes.shard_file import write_shard
from m2m_tf.codes.shards import ShardedCodes
from m2m_tf.files.being_made import being_made
from m2m_tf.files.durable import remove_unfinished
from m2m_tf.files.lock import SharedLock, exclusive_lock, is_locked
from m2m_tf.progress import Bar

SHARD_BLOCKS = 256
SHARD_SECONDS = 30.0  # what an interruption may cost, where encoding is slow
SHARD_BYTES = 1 << 26  # a shard is in memory until it is written
NAMED = 16  # characters of the fingerprint that name a target's folder


def fill(codes_dir, autoencoder, images, fingerprint, verbose=1, part=(0, None), kept=None):
    """Encodes what is not there yet.

    The codes of a target lie in a folder of its own in `codes_dir`, which takes the place of other
    targets' when it is complete. Whole shards are kept when encoding is cut off. Shards that were
    changed or lost are encoded again, from the same images; so are those without their labels,
    where labels are kept.

    Args:
        codes_dir: A folder; made where it is not there.
        autoencoder: An `Autoencoder`.
        images: `m2m.data.Images`.
        fingerprint: What names the codes; see `codes_fingerprint`.
        verbose: 1 shows a progress bar.
        part: The first block of the images that belongs into the folder, and the one after the
            last; None is the end.
        kept: The `KeptLabels`, or None to leave labels out.

    Returns:
        The `ShardedCodes`, their labels or None, their `Manifest`, and how many images were encoded
        for them.

    Raises:
        ValueError: If an image, a label or a code is refused; what was there before is then left as
            it was.
    """
    codes_dir = Path(codes_dir)
    with folder_made(codes_dir), exclusive_lock(codes_dir, verbose):
        folder = codes_dir / fingerprint[:NAMED]
        new = not folder.exists()
        try:
            folder.mkdir(exist_ok=True)
            remove_unfinished(folder)
            filling = _Filling(folder, autoencoder, images, fingerprint, verbose, part, kept)
            with filling.being_made():
                filling.mend()
                filling.go_on()
        except ValueError:
            if new:
                shutil.rmtree(folder)
            raise
        codes, labels = filling.codes(), filling.labels()
        _remove_others(codes_dir, folder)
        return codes, labels, filling.manifest, filling.encoded


@contextlib.contextmanager
def folder_made(folder):
    """Makes a folder; where a target is refused, those that were made are removed again."""
    if folder.exists() and not folder.is_dir():
        raise ValueError(f"codes_dir expects a folder; '{folder}' is a file. Give another name.")
    made = [path for path in (folder, *folder.parents) if not path.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    try:
        yield
    except ValueError:
        for path in made[:1]:
            shutil.rmtree(path, ignore_errors=True)  # it holds nothing but the lock
        for path in made[1:]:
            path.rmdir()
        raise


def _remove_others(codes_dir, folder):
    """Removes the codes of other targets that nobody reads: the newest take their place."""
    for path in codes_dir.iterdir():
        if path != folder and read_manifest(path) is not None and not is_locked(path):
            shutil.rmtree(path)


class _Filling:
    """One folder on its way to complete."""

    def __init__(self, folder, autoencoder, images, fingerprint, verbose, part, kept):
        self.folder, self.autoencoder, self.images = folder, autoencoder, images
        self.kept = kept
        self.verbose, self.encoded = verbose, 0
        self.first, self.stop = part
        self.block = data.default_batch_size(images.image_shape)
        found = read_manifest(folder)
        if found is None or found.fingerprint != fingerprint:
            found = Manifest(
                fingerprint, autoencoder.fingerprint, images.fingerprint, autoencoder.code_shape
            )
        if kept and found.labels != kept.fingerprint:
            found.labels = kept.fingerprint
            found.shards = [dataclasses.replace(each, labels_sha256=None) for each in found.shards]
        self.manifest = found
        images.recall_skipped(found.skipped)

    def being_made(self):
        """Marks the folder as long as codes are missing."""
        if self.manifest.complete:
            return contextlib.nullcontext()
        return being_made(self.folder, goes_on=True)

    def codes(self):
        """The codes of all shards."""
        paths = [self.folder / shard.name for shard in self.manifest.shards]
        counts = [shard.count for shard in self.manifest.shards]
        shape, float16 = self.autoencoder.code_shape, self.manifest.float16
        return ShardedCodes(paths, counts, shape, SharedLock(self.folder), float16=float16)

    def labels(self):
        """The labels of all codes; None where they are left out."""
        if not self.kept:
            return None
        return read_labels([self.folder / shard.labels_name for shard in self.manifest.shards])

    def mend(self):
        """Encodes again each shard that was changed or lost, or has not the labels."""
        shards = self.manifest.shards
        for number, shard in enumerate(shards):
            wrong = self._what_is_wrong(shard)
            if not wrong:
                continue
            if self.verbose:
                print(f"'{self.folder / shard.name}' {wrong}: encoding it again", flush=True)
            blocks = self._blocks(shard.first_block, shard.blocks)
            shards[number] = self._write_shard(blocks, shard.first_block, shard.blocks, number)
            self._save()

    def _what_is_wrong(self, shard):
        if not self.manifest.is_whole(self.folder, shard):
            return "is damaged"
        if self.kept and not self.manifest.has_labels(self.folder, shard):
            return "has not these labels"
        return None

    def go_on(self):
        """Encodes what follows the last shard."""
        shards = self.manifest.shards
        if self.manifest.complete:
            return
        first = self.first + sum(shard.blocks for shard in shards)
        progress = Bar(self._count(), self.verbose)
        if shards and self.verbose:
            print(f"Going on after {self.manifest.count:,} codes", flush=True)
        blocks = self._blocks(first, None if self.stop is None else self.stop - first)
        while shard := self._write_shard(blocks, first, SHARD_BLOCKS, len(shards), progress):
            shards.append(shard)
            first += shard.blocks
            self._save()
        progress.update(self.manifest.count, finalize=True)
        self.manifest.complete = True
        self._save()

    def _count(self):
        """How many images belong here; None where nobody knows."""
        if self.stop is None:
            return self.images.count
        return min(self.stop * self.block, self.images.count) - self.first * self.block or None

    def _blocks(self, first, count):
        return read_blocks(self.images, self.block, first, count, self.kept)

    def _write_shard(self, blocks, first, most, number, progress=None):
        """Encodes blocks into one shard; None where there are no more."""
        parts, labels, taken, began = [], [], 0, time.perf_counter()
        done = sum(shard.count for shard in self.manifest.shards[:number])
        for block, of_block in blocks:
            taken += 1
            if len(block):
                if self.kept:
                    labels.append(self.kept.take(of_block, done))
                codes = self.autoencoder.encode_batch(block).numpy()
                check_codes(codes, done, self.autoencoder.name)
                parts.append(codes)
                done, self.encoded = done + len(codes), self.encoded + len(codes)
            if progress:
                progress.update(done, finalize=False)
            if taken == most or (progress and _is_enough(parts, began)):
                break
        if not taken:
            return None
        labels = labels if self.kept else None
        how = {"float16": self.manifest.float16}
        return write_shard(self.folder, number, first, taken, parts, labels, **how)

    def _save(self):
        self.manifest.skipped = self.images.skipped
        self.manifest.notes = list(self.images.notes)
        self.manifest.write(self.folder)


def _is_enough(parts, began):
    """Whether a shard is large, or took long."""
    return (
        time.perf_counter() - began > SHARD_SECONDS
        or sum(part.nbytes for part in parts) >= SHARD_BYTES
    )
