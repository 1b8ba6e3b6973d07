"""Encoding that workers share: each encodes a part of the target, all read the whole."""

import dataclasses
from pathlib import Path

from m2m_tf import data
from m2m_tf.codes.fill import NAMED, fill
from m2m_tf.codes.labels import read_labels
from m2m_tf.codes.manifest import read_manifest
from m2m_tf.codes.shards import ShardedCodes
from m2m_tf.files.lock import SharedLock
from m2m_tf.workers import wait_for_all, workers_of


def fill_by_workers(codes_dir, autoencoder, images, fingerprint, strategy, verbose=1, kept=None):
    """Encodes this worker's part of the target, waits for the others, and opens all parts.

    All workers call it with the same arguments. A part is a run of blocks of the images, filled as
    `fill` fills a folder; another number of workers encodes anew.

    Args:
        codes_dir: A folder on a drive that all workers see.
        autoencoder: An `Autoencoder`.
        images: `m2m.data.Images` whose count is known.
        fingerprint: What names the codes; see `codes_fingerprint`.
        strategy: The `tf.distribute.MultiWorkerMirroredStrategy`.
        verbose: 1 shows a progress bar.
        kept: The `KeptLabels`, or None to leave labels out.

    Returns:
        The `ShardedCodes` of the whole target, their labels or None, their `Manifest`, and how many
        images this worker encoded for them.

    Raises:
        ValueError: If an image or a code is refused, or the workers do not see one folder.
        WorkerLost: If a worker is gone.
    """
    workers, codes_dir = workers_of(strategy), Path(codes_dir)
    codes_dir.mkdir(parents=True, exist_ok=True)
    blocks = -(-images.count // data.default_batch_size(images.image_shape))
    part = tuple(
        blocks * number // workers.count for number in (workers.number, workers.number + 1)
    )
    folders = [
        codes_dir / f"part-{number + 1}-of-{workers.count}" for number in range(workers.count)
    ]
    own = folders[workers.number]
    *_, encoded = fill(own, autoencoder, images, fingerprint, verbose, part, kept)
    wait_for_all(strategy)
    return *_open([each / fingerprint[:NAMED] for each in folders], fingerprint, kept), encoded


def _open(folders, fingerprint, kept):
    """The codes of all parts, their labels, and a manifest of all of them."""
    owners = [SharedLock(folder) for folder in folders if folder.is_dir()]
    manifests = [read_manifest(folder) for folder in folders]
    for folder, manifest in zip(folders, manifests, strict=True):
        if not _is_of(manifest, fingerprint, kept):
            raise ValueError(
                f"Another worker's codes are expected in '{folder}' and are not there. Give a "
                "folder on a drive that all workers see, and all of them the same target."
            )
    found = [
        (folder, shard)
        for folder, manifest in zip(folders, manifests, strict=True)
        for shard in manifest.shards
    ]
    paths = [folder / shard.name for folder, shard in found]
    labels = read_labels([folder / shard.labels_name for folder, shard in found]) if kept else None
    shards = [shard for _, shard in found]
    whole = dataclasses.replace(
        manifests[0],
        shards=shards,
        skipped=[entry for manifest in manifests for entry in manifest.skipped],
        notes=list(dict.fromkeys(note for manifest in manifests for note in manifest.notes)),
    )
    counts = [shard.count for shard in shards]
    return ShardedCodes(paths, counts, whole.code_shape, *owners), labels, whole


def _is_of(manifest, fingerprint, kept):
    """Whether a part is complete, and of this target and these labels."""
    if manifest is None or not manifest.complete or manifest.fingerprint != fingerprint:
        return False
    return kept is None or manifest.labels == kept.fingerprint
