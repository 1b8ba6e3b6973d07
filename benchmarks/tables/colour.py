"""The tables of docs/measured/colour.md."""

from benchmarks.shared.measure import spread
from datasets.targets import TARGETS

OWN = "universal"  # not said in the tables
TITLES = {"taef2": "TAEF2"}
FORMS = {"efficientnet_lite0": "{:.1f}", "squeezenet": "{:.0f}"}


def minds_in_colour(results):
    """FID of each target: of real images, floor, start and mind, and the share of the way left.

    Args:
        results: The rows of `minds_in_colour.py`, by
            `AUTOENCODER on TARGET, MINUTES minutes, seed SEED`.

    Returns:
        `(columns, rows)`, texts: a row a target and extractor, over its seeds the median (least to
        largest).
    """
    columns = ["target", "seeds", "FID in", "real images", "floor", "start", "mind", "left"]
    rows = []
    for (name, target), group in _by_target(results).items():
        for number, extractor in enumerate(FORMS):
            shown = [_title(name, target), str(len(group))] if number == 0 else ["", ""]
            rows.append([*shown, f"`{extractor}`", *_figures(group, extractor)])
    return columns, rows


def minds_in_colour_in_full(results):
    """How each target's minds were made, and what else was found.

    Args:
        results: As for `minds_in_colour`.

    Returns:
        `(columns, rows)`, texts: a row a target, over its seeds.
    """
    columns = ["target", "trained on", "axes", "updates", "kept after", "guidance"]
    columns += [f"KID in `{name}`: floor, start, mind" for name in FORMS]
    rows = []
    for (name, target), group in _by_target(results).items():
        counts = {f"{facts['images']['trained_on']:,}" for facts in group}
        axes = {f"{facts['standardised'][0]:,}" for facts in group}
        guidances = ["none" if g is None else f"{g:g}" for g in (f["guidance"] for f in group)]
        rows.append(
            [
                _title(name, target),
                *(", ".join(sorted(each)) for each in (counts, axes)),
                spread([facts["updates"] for facts in group], "{:,.0f}"),
                spread([facts["kept_after"] for facts in group], "{:,.0f}"),
                ", ".join(guidances),
                *(_kids(group, extractor) for extractor in FORMS),
                f"{sum(facts['audit']['flagged'] for facts in group)} of {len(group)}",
            ]
        )
    return [*columns, "flagged"], rows


def _by_target(results):
    """The rows of each autoencoder and target, in the order of `TARGETS`."""
    known, found = list(TARGETS), {}
    for key in results:
        name, target = key.split(", ")[0].rsplit(" on ", 1)
        found.setdefault((name, target), []).append(results[key])
    return dict(sorted(found.items(), key=lambda item: known.index(item[0][1])))


def _title(name, target):
    """The target, and the autoencoder where it is not `universal`."""
    return TARGETS[target].title + ("" if name == OWN else f", {TITLES.get(name, name)}")


def _figures(group, extractor):
    def fids(what):
        return [facts[what][extractor]["fid"] for facts in group]

    form = FORMS[extractor]
    return [
        form.format(fids("held_out")[0]),
        form.format(fids("floor")[0]),
        spread(fids("start"), form),
        f"**{spread(fids('mind'), form)}**",
        spread([facts["left"][extractor] for facts in group]),
    ]


def _kids(group, extractor):
    middle = sorted(group, key=lambda facts: facts["mind"][extractor]["kid"])[len(group) // 2]
    kids = [middle[what][extractor]["kid"] for what in ("floor", "start", "mind")]
    return ", ".join(f"{kid:.3g}" for kid in kids)
