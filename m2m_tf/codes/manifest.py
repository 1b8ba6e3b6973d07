"""The manifest of a folder of codes: what they are codes of, and which shards are whole."""

import dataclasses
import hashlib
import json
import math
from dataclasses import dataclass, field
from pathlib import Path

from m2m_tf.files.durable import write_durably
from m2m_tf.files.strict_json import read_json

MANIFEST = "manifest.json"
FORMAT = 4
READABLE = (2, 3, 4)  # 2 had no labels, 3 no float16


@dataclass(frozen=True)
class Shard:
    """One file of codes.

    Attributes:
        name: The file's.
        first_block, blocks: Which blocks of the source it holds; see `Images.blocks`.
        count: Codes.
        sha256: Of the file.
        labels_sha256: Of the file with the codes' labels, `labels_name`; None where they were not
            kept.
    """

    name: str
    first_block: int
    blocks: int
    count: int
    sha256: str
    labels_sha256: str | None = None

    @property
    def labels_name(self):
        """The name of the file that holds the labels, a NumPy array."""
        return str(Path(self.name).with_suffix(".labels.npy"))


@dataclass
class Manifest:
    """What a folder of codes holds.

    Attributes:
        fingerprint: Names the codes: the autoencoder's and the images' together.
        autoencoder: Fingerprint of the encoder's weights.
        images: Fingerprint of the source's files (names, sizes, times) or pixels, and of what is
            made of them: size, channels, resize filter.
        code_shape: `(dim,)` or `(height, width, channels)`.
        shards: The whole ones, a list of `Shard`, in order.
        skipped: `(name, reason)` of each file that could not be read.
        notes: The conversions that were made, in words.
        complete: Whether all images were encoded.
        labels: Fingerprint of the source's labels that lie beside the codes; None where none do.
        float16: Whether codes lie there in 16 bits a value, and not in 32.
    """

    fingerprint: str
    autoencoder: str
    images: str
    code_shape: tuple
    shards: list = field(default_factory=list)
    skipped: list = field(default_factory=list)
    notes: list = field(default_factory=list)
    complete: bool = False
    labels: str | None = None
    float16: bool = False

    @property
    def count(self):
        """Codes in all shards."""
        return sum(shard.count for shard in self.shards)

    def write(self, folder):
        """Writes `manifest.json`, whole or not at all."""
        facts = {"format": FORMAT, **dataclasses.asdict(self)}
        write_durably(Path(folder) / MANIFEST, (json.dumps(facts, indent=2) + "\n").encode())

    def is_whole(self, folder, shard):
        """Whether a shard's file is there and holds what was written."""
        path = Path(folder) / shard.name
        size = bytes_of_a_value(self.float16) * shard.count * math.prod(self.code_shape)
        try:
            return path.stat().st_size == size and _digest(path) == shard.sha256
        except OSError:
            return False

    def has_labels(self, folder, shard):
        """Whether the file of a shard's labels is there and holds what was written."""
        try:
            return _digest(Path(folder) / shard.labels_name) == shard.labels_sha256
        except OSError:
            return False


def _digest(path):
    if not path.is_file():
        raise FileNotFoundError(path)  # a pipe, too: to open one would wait for its other end
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_manifest(folder):
    """Reads a folder's manifest; None where there is none, or it is damaged."""
    try:
        facts = read_json(Path(folder) / MANIFEST)
        if facts.pop("format") not in READABLE:
            return None
        manifest = Manifest(**facts)
        manifest.code_shape = tuple(manifest.code_shape)
        manifest.shards = [shard_of(**shard) for shard in manifest.shards]
        manifest.skipped = [tuple(entry) for entry in manifest.skipped]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return manifest


def bytes_of_a_value(float16):
    """2 or 4."""
    return 2 if float16 else 4


def shard_of(name, first_block, blocks, count, sha256, labels_sha256=None):
    """A shard, its name inside the folder and its numbers whole ones."""
    numbers = (first_block, blocks, count)
    if Path(name).name != name or not all(type(each) is int and each >= 0 for each in numbers):
        raise ValueError(name)
    return Shard(name, *numbers, str(sha256), labels_sha256 and str(labels_sha256))
