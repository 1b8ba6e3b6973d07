"""The mapper of parallel encoding: the number of a shard in, the shard on the disk."""

import contextlib
import dataclasses
import json
import math
from pathlib import Path

from m2m_tf import data
from m2m_tf.autoencoders import Autoencoder
from m2m_tf.autoencoders.check import check_codes
from m2m_tf.codes.encode import codes_fingerprint
from m2m_tf.codes.fill import SHARD_BYTES
from m2m_tf.codes.labels import KeptLabels, read_blocks
from m2m_tf.codes.manifest import Manifest, Shard, shard_of
from m2m_tf.codes.shard_file import write_shard
from m2m_tf.files.durable import write_durably
from m2m_tf.files.strict_json import read_json

MOST_SHARDS = 4096  # of a target, where they do not become larger than SHARD_BYTES


@dataclasses.dataclass(frozen=True)
class EncodingJob:
    """What a worker is told: plain values, so that they can be sent anywhere.

    Attributes:
        folder: Where shards are written.
        autoencoder: The folder of the `Autoencoder`.
        target: A path or a name, as `m2m.data.load` takes it, which every worker can read.
        loading: Keyword arguments of `m2m.data.load`.
        fingerprint: What names the codes; see `codes_fingerprint`.
        labelled: Whether the target's labels are kept.
        image_shape: `(height, width, channels)` of the images.
        code_shape: `(dim,)` or `(height, width, channels)`.
        count: Candidate images in the target.
        blocks: Blocks of images in a shard; see `Images.blocks`.
        trust: Whether the autoencoder may be made of SavedModels.
        float16: Whether codes are written in 16 bits a value.
    """

    folder: str
    autoencoder: str
    target: str
    loading: dict
    fingerprint: str
    labelled: bool
    image_shape: tuple
    code_shape: tuple
    count: int
    blocks: int
    trust: bool = False
    float16: bool = False

    @property
    def shards(self):
        """How many shards there are."""
        return -(-self.count // (self.blocks * data.default_batch_size(self.image_shape)))


def blocks_of_a_shard(image_shape, code_shape, count):
    """How many blocks of images make one shard, whatever the number of workers."""
    block = data.default_batch_size(image_shape)
    most = SHARD_BYTES // (4 * math.prod(code_shape) * block)
    return max(1, min(-(-count // (block * MOST_SHARDS)), most))


@dataclasses.dataclass(frozen=True)
class ShardRecord:
    """What is known of a shard that is whole; it lies beside it as JSON.

    Attributes:
        shard: The `Shard`.
        skipped: `(name, reason)` of each of its files that could not be read.
        notes: The conversions that were made, in words.
    """

    shard: Shard
    skipped: list
    notes: list


class ShardEncoder:
    """Encodes shards of one target: the same bytes, whoever encodes one, and however often.

    A shard is a run of blocks of the images. It is written whole or not at all, and its record
    after it, so a worker that dies costs the shard that it was at.

    Args:
        job: The `EncodingJob`.

    Raises:
        ValueError: If the target is no longer that of the job.

    Example:

    ```python
    encoder = ShardEncoder(job)
    records = [encoder.encode(number) for number in (0, 1, 2)]
    ```
    """

    def __init__(self, job: EncodingJob) -> None:
        self.job, self.folder = job, Path(job.folder)
        self.autoencoder = Autoencoder.load(job.autoencoder, trust=job.trust)
        shape = self.autoencoder.image_shape
        self.images = data.load(job.target, image_shape=shape, **job.loading)
        if codes_fingerprint(self.autoencoder, self.images) != job.fingerprint:
            raise ValueError(
                f"'{job.target}' has changed since its encoding began. Run the same command again."
            )
        self.kept = KeptLabels(self.images) if job.labelled else None
        self.block = data.default_batch_size(shape)

    def encode(self, number: int) -> ShardRecord:
        """Writes the shard of a number and its record, where they are not there.

        Raises:
            ValueError: If an image, a label or a code is refused.
        """
        found = read_record(self.job, number)
        return found or self._write(number)

    def _write(self, number):
        first = number * self.job.blocks
        start, codes, labels = first * self.block, [], []
        for block, of_block in read_blocks(
            self.images, self.block, first, self.job.blocks, self.kept
        ):
            if len(block):
                if self.kept:
                    labels.append(self.kept.take(of_block, start))
                codes.append(self.autoencoder.encode_batch(block).numpy())
                check_codes(codes[-1], start, self.autoencoder.name)
            start += self.block
        taken = start // self.block - first
        labels = labels if self.kept else None
        how = {"float16": self.job.float16}
        shard = write_shard(self.folder, number, first, taken, codes, labels, **how)
        skipped = self.images.skipped_among(first * self.block, start)
        record = ShardRecord(shard, skipped, list(self.images.notes))
        facts = {"fingerprint": self.job.fingerprint, **dataclasses.asdict(record)}
        write_durably(record_path(self.folder, number), json.dumps(facts).encode())
        return record


def record_path(folder, number):
    """Where the record of a shard lies."""
    return Path(folder) / f"codes-{number:05}.json"


def read_record(job, number):
    """The `ShardRecord` of a shard that is whole; None where it is missing or damaged."""
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        facts = read_json(record_path(job.folder, number))
        shard = shard_of(**facts["shard"])
        is_of_job = facts["fingerprint"] == job.fingerprint
        if is_of_job and shard.first_block == number * job.blocks and _is_whole(job, shard):
            return ShardRecord(shard, list(map(tuple, facts["skipped"])), list(facts["notes"]))
    return None


def _is_whole(job, shard):
    """Whether a shard holds as many blocks as it should, and its files what was written."""
    folder = Path(job.folder)
    manifest = Manifest(job.fingerprint, "", "", job.code_shape, float16=job.float16)
    size = data.default_batch_size(job.image_shape)
    left = -(-job.count // size) - shard.first_block
    if shard.blocks != min(job.blocks, left) or not manifest.is_whole(folder, shard):
        return False
    return not job.labelled or manifest.has_labels(folder, shard)
