"""Folders of real digits as image files, and the files that go wrong among them."""

import struct
import zlib

from m2m_tf.pictures import save_folder


def write_digits(folder, digits, count=40):
    """Writes the first digits as PNG files."""
    return save_folder(folder, digits[:count])


def write_huge_png(path, side=30_000):
    """Writes a small PNG file whose header announces `side` x `side` pixels."""
    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(b"\0" * 100)), (b"IEND", b"")]
    packed = [
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    ]
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(packed))


def truncate(path):
    """Cuts a file in half, as a broken download does."""
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
