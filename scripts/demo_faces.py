"""Makes the package's drawn faces, `demo:faces`, again: one sheet of 1,500, as lossless WebP.

    python scripts/demo_faces.py

The first 1,500 of 4,500 faces of 64x64 pixels of the style micah, 50 a row, in their order.
`datasets/get_data.py avatars --style micah --size 64 --num 4500` draws them, by Node.js.
Pillow 12 and libwebp 1.6 write the same bytes each time; others may pack the same pixels otherwise.
30 seconds.
"""

import argparse
import sys
from pathlib import Path

import numpy as np
from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from datasets.get_data import get_data
from m2m_tf.files.durable import replacing

ROOT = Path(__file__).resolve().parents[1]
FACES, COLUMNS = 1500, 50
OUT = ROOT / "m2m_tf" / "data" / "faces" / "sheet.webp"


def main(argv=None):
    out = parse(argv).out
    folder = get_data("avatars", style="micah", size=64, num=4500)
    write_sheet(out, [read(path) for path in sorted(folder.glob("*.png"))[:FACES]])
    print(f"Wrote {out}, {out.stat().st_size:,} bytes")


def parse(argv):
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--out", type=Path, default=OUT, help="the file to write (the package's)")
    return parser.parse_args(argv)


def read(path):
    """The pixels of a face, uint8 `(64, 64, 3)`."""
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB"))


def write_sheet(path, faces):
    """Writes faces side by side, `COLUMNS` a row, without loss."""
    faces = np.stack(faces)
    rows = faces.reshape(-1, COLUMNS, *faces.shape[1:]).swapaxes(1, 2)
    sheet = Image.fromarray(rows.reshape(len(rows) * faces.shape[1], -1, 3))
    with replacing(path) as unfinished:
        sheet.save(unfinished, lossless=True, quality=100, method=6)


if __name__ == "__main__":
    main()
