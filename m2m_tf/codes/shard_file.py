"""One shard on the disk: its codes, and beside them their labels."""

import dataclasses
import hashlib

import numpy as np

from m2m_tf.codes.labels import joined, labels_to_bytes
from m2m_tf.codes.manifest import Shard
from m2m_tf.files.durable import write_durably

MOST = float(np.finfo("float16").max)


def write_shard(folder, number, first_block, blocks, codes, labels=None, float16=False):
    """Writes a shard, whole or not at all.

    Args:
        folder: A `Path`.
        number: The shard's, from 0.
        first_block: The first block of the source that it holds.
        blocks: How many blocks.
        codes: A list of float32 arrays `(n, *code_shape)`, one a block.
        labels: A list of arrays `(n,)`, one a block; None where they are left out.
        float16: Whether codes are rounded to 16 bits a value.

    Returns:
        The `Shard`.

    Raises:
        ValueError: If a code is too large for 16 bits.
    """
    if float16:
        _check_fit(codes)
    content = b"".join(each.astype("<f2" if float16 else "<f4").tobytes() for each in codes)
    count = sum(map(len, codes))
    name = f"codes-{number:05}.{'f16' if float16 else 'f32'}"
    shard = Shard(name, first_block, blocks, count, _sha256(content))
    write_durably(folder / shard.name, content)
    if labels is None:
        return shard
    content = labels_to_bytes(joined(labels))
    write_durably(folder / shard.labels_name, content)
    return dataclasses.replace(shard, labels_sha256=_sha256(content))


def _check_fit(codes):
    """Refuses codes that 16 bits do not hold."""
    most = max((float(np.abs(each).max()) for each in codes if each.size), default=0.0)
    if most > MOST:
        raise ValueError(
            f"Codes of float16 hold values to {MOST:,.0f}; these reach {most:,.0f}. Keep them in "
            "float32."
        )


def _sha256(content):
    return hashlib.sha256(content).hexdigest()
