"""The tables of docs/universal.md."""

from pathlib import Path

from benchmarks.shared.measure import spread
from datasets.targets import TARGETS

OWN, PUBLISHED = "universal", "taef2"
TITLES = {OWN: "**universal**", PUBLISHED: "TAEF2"}
OF_BEFORE = ", of before"
EXTRACTORS = ("efficientnet_lite0", "squeezenet")
FORMS = {"efficientnet_lite0": "{:.1f}", "squeezenet": "{:.0f}"}
AXES = ("64", "256")
SAVED = Path(__file__).parents[2] / "saved_models"


def universal(results):
    """How well each autoencoder keeps each target, held-out real images below.

    Args:
        results: The rows of `preset_quality.py`, by `AUTOENCODER on TARGET`.

    Returns:
        `(columns, rows)`, texts.
    """
    columns = ["target", "images", "autoencoder", "MSE", "PSNR"]
    columns += [f"floor, `{name}`" for name in EXTRACTORS]
    columns += [f"{count} axes" for count in AXES]
    columns += [f"mixture on 64 axes, `{name}`" for name in EXTRACTORS]
    rows = []
    for (target, count), group in _by_target(results).items():
        for name, facts in group.items():
            rows.append([_target(target), f"{count:,}", _autoencoder(name), *_quality(facts)])
        real = next(iter(group.values()))["held_out"]
        rows.append(["", "", "held-out real images", "", "", *_fids(real), "", "", "", ""])
    return columns, rows


def universal_beside_others(results):
    """Figures of `universal` over those of each other autoencoder on the same images.

    Args:
        results: As for `universal`.

    Returns:
        `(columns, rows)`, texts.
    """
    columns = ["target", "beside", "MSE", *(f"floor, `{name}`" for name in EXTRACTORS)]
    columns += [f"mixture on 64 axes, `{name}`" for name in EXTRACTORS]
    rows = []
    for (target, _), group in _by_target(results).items():
        for name, facts in group.items():
            if OWN in group and name != OWN:
                cells = _quotients(group[OWN], facts)
                rows.append([_target(target), _autoencoder(name), *cells])
    return columns, rows


def encode_rate(results):
    """Images a second through both encoders: median (least to largest).

    Args:
        results: What `encode_rate.py` writes, by side in pixels.

    Returns:
        `(columns, rows)`, texts.
    """
    columns = ["pixels a side", "images at once", "universal, images a second"]
    columns += ["TAEF2, images a second", "universal / TAEF2"]
    rows = []
    for side, facts in results.items():
        rates = [spread(facts["per_second"][name], "{:.1f}") for name in (OWN, PUBLISHED)]
        rows.append([side, str(facts["images"]), *rates, spread(facts["ratio"], "{:.1f}")])
    return columns, rows


def path_memory(results):
    """GiB at most after each part of the way from images to images, and steps beside the least.

    Args:
        results: What `path_memory.py` writes, by side in pixels.

    Returns:
        `(columns, rows)`, texts.
    """
    parts = list(next(iter(results.values()))["GiB_after"])
    columns = ["pixels a side", *(f"GiB, {part}" for part in parts)]
    rows = [
        [
            side,
            *(f"{facts['GiB_after'][part]:.2f}" for part in parts),
            spread(facts["steps_per_second"], "{:.0f}"),
            spread(facts["beside_the_first"], "{:.2f}"),
        ]
        for side, facts in results.items()
    ]
    return [*columns, "steps a second", f"beside those at {next(iter(results))}"], rows


def code_turns(results):
    """Errors of what turned codes decode to.

    Args:
        results: What `code_turns.py` writes, by turn.

    Returns:
        `(columns, rows)`, texts.
    """
    columns = ["images are", "R2 of the matrix", "MSE, the image's own code", "the turned code"]
    errors = ("mse_own_code", "mse_turned_code", "mse_with_the_matrix")
    rows = [
        [turn, f"{facts['R2']:.3f}", *(f"{facts[error]:.4f}" for error in errors)]
        for turn, facts in results.items()
    ]
    return [*columns, "the turned code after the matrix"], rows


def pretraining_curve(card):
    """The held-out figures after each pass.

    Args:
        card: The card of an autoencoder, with its `curve`.

    Returns:
        `(columns, rows)`, texts.
    """
    curve = card["curve"]
    columns = ["crops seen, thousands", *(f"{point['crops'] / 1000:.0f}" for point in curve)]
    errors = ["held-out MSE", *(f"{point['mse']:.4f}" for point in curve)]
    return columns, [
        errors,
        ["distance of feature maps", *(f"{point['perceptual']:.3f}" for point in curve)],
    ]


def _by_target(results):
    """Rows by autoencoder, by target and number of images: FIDs of other numbers are not compared.

    Targets come in the order of `TARGETS`, of the autoencoders `universal` and TAEF2 first.
    """
    found = {}
    for key in sorted(results, key=_order):
        name, target = key.rsplit(" on ", 1)
        found.setdefault((target, results[key]["images"]), {})[name] = results[key]
    return found


def _order(key):
    name, target = key.rsplit(" on ", 1)
    known, first = list(TARGETS), [OWN, PUBLISHED]
    return (
        known.index(target) if target in known else len(known),
        first.index(name) if name in first else len(first),
        key,
    )


def _target(name):
    return TARGETS[name].title if name in TARGETS else name


def _autoencoder(name):
    """A title; presets that are no longer shipped, by name or folder, are those of before."""
    if name in TITLES:
        return TITLES[name]
    plain = Path(name.removesuffix(OF_BEFORE)).name
    return f"`{plain}`" + ("" if (SAVED / plain).is_dir() else OF_BEFORE)


def _quality(facts):
    shares, mixture = facts.get("variance_in_axes"), facts.get("mixture")
    return [
        f"{facts['mse']:.4f}",
        f"{facts['psnr']:.1f}",
        *_fids(facts["floor"]),
        *(f"{shares[count]:.3f}" if shares else "" for count in AXES),
        *(_fids(mixture) if mixture else ["", ""]),
    ]


def _fids(fids):
    return [FORMS[name].format(fids[name]) for name in EXTRACTORS]


def _quotients(own, other):
    cells = [f"{own['mse'] / other['mse']:.2f}"]
    for kind in ("floor", "mixture"):
        both = kind in own and kind in other
        cells += [
            f"{own[kind][each] / other[kind][each]:.2f}" if both else "" for each in EXTRACTORS
        ]
    return cells
