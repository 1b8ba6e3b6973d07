"""Procedural faces at any resolution, drawn by DiceBear and turned into pixels by resvg."""

import shutil
from pathlib import Path

from datasets.fetch import FetchError, run

NPM_PACKAGES = ("@dicebear/core@9.4.3", "@dicebear/collection@9.4.3", "@resvg/resvg-js@2.6.2")
# The style's artist and licence; DiceBear itself is MIT, resvg MPL-2.0.
STYLES = {
    "lorelei": "CC0-1.0, Lisa Wischofsky",
    "notionists": "CC0-1.0, Zoish",
    "open-peeps": "CC0-1.0, Pablo Stanley",
    "pixel-art": "CC0-1.0, DiceBear",
    "adventurer": "CC-BY-4.0, Lisa Wischofsky",
    "big-ears": "CC-BY-4.0, The Visual Team",
    "micah": "CC-BY-4.0, Micah Lanier",
    "personas": "CC-BY-4.0, Draftbit",
}


def draw_avatars(folder, style, size, count, cache):
    """Draws `count` faces of `size` x `size` pixels into an existing folder.

    Raises:
        FetchError: if Node.js is missing or npm cannot install the packages.
    """
    program = install(Path(cache) / "packages" / "avatars")
    command = ["node", program.name, style, str(size), str(count), str(folder)]
    run(command, f"drawing {count} {style} faces at {size}", program.parent, watch=Path(folder))


def install(folder):
    """The drawing script, put into a folder that holds the npm packages it imports."""
    done = folder / "node_modules" / ".done"
    if not done.exists():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "package.json").write_text('{"private": true, "type": "module"}\n')
        command = ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", *NPM_PACKAGES]
        try:
            run(command, "fetching " + ", ".join(NPM_PACKAGES), folder)
        except FetchError as error:
            raise FetchError(
                f"{error} npm comes with Node.js. With no network here, run npm install "
                f"{' '.join(NPM_PACKAGES)} on another machine of this kind, copy its node_modules "
                f"to {folder / 'node_modules'}, create an empty file {done}, and run this again."
            ) from None
        done.touch()
    # Node resolves imports beside the script, so the script goes to the packages.
    return Path(shutil.copy(Path(__file__).with_name("avatars.mjs"), folder))
