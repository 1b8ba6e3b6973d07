"""One shard on the disk: its codes, and beside them their labels."""

import dataclasses
import hashlib

from m2m_tf.codes.labels import joined, labels_to_bytes
from m2m_tf.codes.manifest import Shard
from m2m_tf.files.durable import write_durably


def write_shard(folder, number, first_block, blocks, codes, labels=None):
    """Writes a shard, whole or not at all.

    Args:
        folder: A `Path`.
        number: The shard's, from 0.
        first_block: The first block of the source that it holds.
        blocks: How many blocks.
        codes: A list of float32 arrays `(n, *code_shape)`, one a block.
        labels: A list of arrays `(n,)`, one a block; None where they are left out.

    Returns:
        The `Shard`.
    """
    content = b"".join(each.astype("<f4").tobytes() for each in codes)
    count = sum(map(len, codes))
    shard = Shard(f"codes-{number:05}.f32", first_block, blocks, count, _sha256(content))
    write_durably(folder / shard.name, content)
    if labels is None:
        return shard
    content = labels_to_bytes(joined(labels))
    write_durably(folder / shard.labels_name, content)
    return dataclasses.replace(shard, labels_sha256=_sha256(content))


def _sha256(content):
    return hashlib.sha256(content).hexdigest()
