"""A corpus of hostile and broken image files, each with what becomes of it.

python -m tests.data.readers.hostile_files FOLDER        (writes the corpus and lists it)
"""

import io
import os
import struct
import sys
import zlib
from pathlib import Path

import numpy as np
from PIL import Image, PngImagePlugin

READ, SKIPPED = "read", "skipped"
ANYTHING = "read or skipped"  # but never a crash: decoders of other versions may differ
LOSSY = {"jpeg": {"quality": 95}, "webp": {"quality": 95}}
KINDS = ("png", "jpeg", "webp", "gif", "bmp")


def write_corpus(folder, digit):
    """Writes the files.

    Args:
        folder: An empty folder.
        digit: uint8 `(28, 28)`.

    Returns:
        A dictionary of file name to `READ`, `SKIPPED` or `ANYTHING`. Entries that are no files
        (links, pipes, folders) are passed over by the reader: they are not in it.
    """
    folder, grey = Path(folder), Image.fromarray(digit)
    found = {}

    def write(name, content, becomes):
        (folder / name).write_bytes(content)
        found[name] = becomes

    _whole(write, grey)
    _cut(write, grey)
    _misnamed(write, grey)
    _bombs(write, grey)
    _corrupt(write, grey)
    _odd_names(write, grey)
    _not_files(folder, grey)
    return found


def encoded(image, kind, **settings):
    """The bytes of an image file."""
    file = io.BytesIO()
    image.save(file, kind, **{**LOSSY.get(kind, {}), **settings})
    return file.getvalue()


def _whole(write, grey):
    """Sound files of every mode, depth and orientation."""
    colour = Image.merge("RGB", [grey, grey.rotate(90), grey.rotate(180)])
    for kind in KINDS:
        write(f"grey.{kind}", encoded(grey, kind), READ)
        write(f"colour.{kind}", encoded(colour, kind), READ)
    for name, mode in (("bits", "1"), ("palette", "P"), ("grey-alpha", "LA"), ("alpha", "RGBA")):
        write(f"{name}.png", encoded(grey.convert("RGB").convert(mode), "png"), READ)
    deep = Image.fromarray(np.asarray(grey).astype("uint16") * 257)
    write("sixteen-bits.png", encoded(deep, "png"), READ)
    write("cmyk.jpg", encoded(colour.convert("CMYK"), "jpeg"), READ)
    transparent = colour.convert("P")
    write("palette-transparent.png", encoded(transparent, "png", transparency=0), READ)
    write("palette-transparent.gif", encoded(transparent, "gif", transparency=0), READ)
    write("interlaced.png", _interlaced(np.asarray(grey)), READ)
    write("progressive.jpg", encoded(colour, "jpeg", progressive=True), READ)
    for kind in ("gif", "webp", "png"):
        frames = {"save_all": True, "append_images": [grey.rotate(90), grey.rotate(180)]}
        write(f"animated.{kind}", encoded(grey, kind, **frames), READ)
    for orientation in (3, 6, 8):
        exif = Image.Exif()
        exif[0x0112] = orientation
        write(f"exif-{orientation}.jpg", encoded(grey, "jpeg", exif=exif), READ)
    write("exif-damaged.jpg", encoded(grey, "jpeg", exif=b"Exif\0\0" + b"\xff" * 40), READ)
    write("trailing-bytes.png", encoded(grey, "png") + b"\0" * 1000, READ)


def _cut(write, grey):
    """Each kind cut at every tenth of its length, and empty files."""
    for kind in KINDS:
        content = encoded(grey, kind)
        for tenth in range(1, 10):
            # The last bytes of some kinds hold no pixel: what is left may be whole.
            becomes = SKIPPED if tenth < 9 else ANYTHING
            write(f"cut-{tenth}.{kind}", content[: len(content) * tenth // 10], becomes)
        write(f"empty.{kind}", b"", SKIPPED)


def _misnamed(write, grey):
    """Files whose name lies about what they are."""
    write("png-called.jpg", encoded(grey, "png"), READ)
    write("gif-called.png", encoded(grey, "gif"), READ)
    write("text.png", b"This is no picture.\n" * 20, SKIPPED)
    write("html.jpg", b"<!DOCTYPE html><html><body>404</body></html>", SKIPPED)
    write("zip.png", b"PK\x03\x04" + b"\0" * 100, SKIPPED)
    write("zeros.png", b"\0" * 4096, SKIPPED)
    write("svg.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>", SKIPPED)
    write("tiff-called.png", encoded(grey, "tiff"), READ)
    write("postscript.png", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", SKIPPED)


def _bombs(write, grey):
    """Small files that announce, or unpack to, far more than they should."""
    write("bomb-header.png", _png(struct.pack(">IIBBBBB", 30_000, 30_000, 8, 0, 0, 0, 0)), SKIPPED)
    write("bomb-wide.png", _png(struct.pack(">IIBBBBB", 2**31 - 1, 1, 8, 0, 0, 0, 0)), SKIPPED)
    zeros = zlib.compress(b"\0" * 20_000 * 20_001, 9)
    write(
        "bomb-pixels.png",
        _png(struct.pack(">IIBBBBB", 20_000, 20_000, 8, 0, 0, 0, 0), zeros),
        SKIPPED,
    )
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", "x" * (1 << 26), zip=True)
    write("bomb-text.png", encoded(grey, "png", pnginfo=info), ANYTHING)
    gif = bytearray(encoded(grey, "gif"))
    gif[6:10] = struct.pack("<HH", 65_535, 65_535)
    write("bomb-canvas.gif", bytes(gif), SKIPPED)
    write("zero-wide.png", _png(struct.pack(">IIBBBBB", 0, 28, 8, 0, 0, 0, 0)), SKIPPED)
    bmp = bytearray(encoded(grey, "bmp"))
    bmp[18:26] = struct.pack("<ii", 1 << 24, 1 << 24)
    write("bomb-header.bmp", bytes(bmp), SKIPPED)


def _corrupt(write, grey):
    """Sound headers before damaged pixels."""
    png = bytearray(encoded(grey, "png"))
    png[len(png) // 2] ^= 0xFF
    write("flipped.png", bytes(png), SKIPPED)
    jpeg = bytearray(encoded(grey, "jpeg"))
    jpeg[len(jpeg) // 2 :] = b"\xff\xd9" * ((len(jpeg) - len(jpeg) // 2) // 2)
    write("early-end.jpg", bytes(jpeg), ANYTHING)
    write("no-pixels.png", _png(struct.pack(">IIBBBBB", 28, 28, 8, 0, 0, 0, 0), b""), SKIPPED)
    write("depth-3.png", _png(struct.pack(">IIBBBBB", 28, 28, 3, 0, 0, 0, 0)), SKIPPED)
    webp = bytearray(encoded(grey, "webp"))
    webp[4:8] = struct.pack("<I", 2**31)
    write("length-lies.webp", bytes(webp), ANYTHING)


def _odd_names(write, grey):
    """Sound files with names that trip scripts."""
    png = encoded(grey, "png")
    names = ("-rf.png", "a b\tc.png", "new\nline.png", "ünïcødé 文字 🙂.png", "quote'\".png")
    for name in (*names, "%s{}$HOME`id`.png", "semi;colon&.png", "x" * 200 + ".PNG"):
        write(name, png, READ)


def _not_files(folder, grey):
    """What is called an image and is none that a reader opens."""
    (folder / "folder.png").mkdir()
    (folder / "loop.png").symlink_to("loop.png")
    (folder / "dangling.png").symlink_to("nowhere.png")
    (folder / "circle").symlink_to(".")
    os.mkfifo(folder / "pipe.png")


def _png(header, pixels=None):
    """A PNG file of a header and compressed pixels."""
    pixels = zlib.compress(b"\0" * 100) if pixels is None else pixels
    chunks = [(b"IHDR", header), (b"IDAT", pixels), (b"IEND", b"")]
    packed = [
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)


def _interlaced(pixels):
    """A grey PNG of Adam7's seven passes, which Pillow reads and does not write."""
    height, width = pixels.shape
    passes = ((0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2))
    rows = []
    for top, left, down, right in (*passes, (0, 1, 2, 2), (1, 0, 2, 1)):
        part = pixels[top::down, left::right]
        rows += [b"\0" + row.tobytes() for row in part] if part.size else []
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 1)
    return _png(header, zlib.compress(b"".join(rows)))


if __name__ == "__main__":
    import m2m_tf as m2m

    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    digit = np.rint((m2m.data.load("demo:digits").numpy(1)[0, :, :, 0] + 1) * 127.5)
    for name, becomes in write_corpus(folder, digit.astype("uint8")).items():
        print(f"{becomes:16} {name!r}")
