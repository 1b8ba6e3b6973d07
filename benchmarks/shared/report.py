"""The report of a benchmark: the table, the ratios, the plot, the page."""

import statistics

from matplotlib.figure import Figure

from benchmarks.shared.curves import best, seconds_to, times_sooner, value_at
from benchmarks.shared.measure import spread
from m2m_tf.reports import Page
from m2m_tf.reports.plots import COLORS

SHOWN = (10, 60, 300)  # seconds whose FIDs the table shows, below the budget
DEFAULT = "mind"
LEAST_SECONDS = 0.1  # in the plot
BESIDE = 60  # seconds at which the default is held against the mixture
LINES = {
    "floor": "floor: reconstructed training images",
    "floor_held_out": "reconstructed held-out images",
    "held_out": "held-out real images",
}
MISSING = "–"


def table(runs):
    """The table: its columns' names and its rows.

    Args:
        runs: A dictionary of contender to its runs, one a seed.

    Returns:
        `(columns, rows)`, texts.
    """
    shortest = min(run["settings"]["budget"] for each in runs.values() for run in each)
    shown = [seconds for seconds in SHOWN if seconds < shortest]
    columns = ["contender", *(f"FID at {seconds} s" for seconds in shown), "FID at the end"]
    columns += ["training, s", "before, s", "total, s", "KID", "precision", "recall", "audit"]
    rows = []
    for name, each in runs.items():
        last = [run["points"][-1] for run in each]
        row = [name]
        row += [_spread([value_at(run["points"], at) for run in each]) for at in shown]
        row.append(_spread([point["fid"] for point in last]))
        row.append(_spread([point["seconds"] for point in last], "{:.1f}"))
        row += [_spread([f(run) for run in each], "{:.0f}") for f in (seconds_before, total)]
        row += [
            _spread([_figure(run, figure) for run in each], form)
            for figure, form in (
                ("kernel_distance", "{:.4f}"),
                ("precision", "{:.2f}"),
                ("recall", "{:.2f}"),
            )
        ]
        rows.append([*row, _audit(each)])
    return columns, rows


def seconds_before(run):
    """What was spent before training, on all that is counted."""
    return sum(seconds for seconds in run["before"].values() if seconds is not None)


def total(run):
    """Seconds before training and of training."""
    return seconds_before(run) + run["points"][-1]["seconds"]


def ratios(runs, lines):
    """What the default reaches beside its peers, as names with texts.

    Args:
        runs: As `table` takes them.
        lines: The FIDs that need no training; `floor` is used.

    Returns:
        A dictionary.
    """
    found = {}
    own = _by_seed(runs, DEFAULT)
    for peer in ("mixture", "prior"):
        pairs = _pairs(own, _by_seed(runs, peer))
        if pairs:
            found[f"FID at the end / {peer}'s"] = _quotients(
                (_end(mine)["fid"], _end(theirs)["fid"]) for mine, theirs in pairs
            )
        if pairs and all(mine["settings"]["budget"] >= BESIDE for mine, _ in pairs):
            found[f"FID at {BESIDE} s / {peer}'s"] = _quotients(
                (value_at(mine["points"], BESIDE), _end(theirs)["fid"]) for mine, theirs in pairs
            )
    if own:
        found["FID at the end / floor"] = _quotients(
            (_end(run)["fid"], lines["floor"]) for run in own.values()
        )
        found["memorisation audit"] = _audit(own.values())
    found |= _sooner(own, _by_seed(runs, "paper"), "the paper's recipe", "last", _end)
    for peer in ("from_scratch", "fine_tuned", "freeze_d"):
        theirs = _by_seed(runs, peer)
        found |= _sooner(own, theirs, peer, "best", lambda run: best(run["points"]))
    return found


def _sooner(own, theirs, name, which, level_of):
    """The seconds to a peer's level, and how many times sooner that is, seed by seed."""
    pairs = [(mine, peer, level_of(peer)) for mine, peer in _pairs(own, theirs)]
    pairs = [pair for pair in pairs if pair[2] is not None and pair[2]["fid"] is not None]
    if not pairs:
        return {}
    levels = _spread([level["fid"] for _, _, level in pairs])
    seconds = _spread([level["seconds"] for _, _, level in pairs], "{:.0f}")
    reached = [seconds_to(mine["points"], level["fid"]) for mine, _, level in pairs]
    plain = [
        times_sooner(mine["points"], level["fid"], level["seconds"]) for mine, _, level in pairs
    ]
    with_before = [
        times_sooner(
            mine["points"],
            level["fid"],
            level["seconds"] + seconds_before(peer),
            seconds_before(mine),
        )
        for mine, peer, level in pairs
    ]
    title = f"{which} FID of {name}"
    return {
        f"{title}, and its seconds": f"{levels} after {seconds} s",
        f"{title}, reached after": _reached(reached, " s"),
        f"{title}, times sooner": _reached(plain),
        f"{title}, times sooner with all that comes before training": _reached(with_before),
    }


def _reached(values, unit=""):
    missing = sum(value is None for value in values)
    if missing:
        return f"not reached ({missing} of {len(values)} seeds)"
    return f"{_spread(values, '{:.3g}')}{unit}"


def figure(runs, lines, axis):
    """The plot: FID against seconds of training, and against images seen.

    Medians over seeds, with a band from the least to the largest.

    Args:
        runs: As `table` takes them.
        lines: FIDs that need no training.
        axis: What is measured.

    Returns:
        A `matplotlib.figure.Figure`.
    """
    drawn = Figure(figsize=(12, 5.4), layout="constrained")
    panels = drawn.subplots(1, 2, sharey=True)
    for index, (name, each) in enumerate(runs.items()):
        style = {"color": COLORS[index % len(COLORS)], "label": name}
        style["ls"] = ("-", "--", ":")[index // len(COLORS) % 3]
        for axes, across in zip(panels, ("seconds", "images"), strict=True):
            _draw(axes, _medians(each, across), style)
    seconds = f"seconds of training ({LEAST_SECONDS} where less)"
    for axes, across in zip(panels, (seconds, "images that the critic was shown"), strict=True):
        for (name, text), dashes in zip(LINES.items(), ((6, 2), (1, 1), (3, 1, 1, 1)), strict=True):
            label = f"{text}: {lines[name]:.2f}"
            axes.axhline(lines[name], color="black", lw=1, ls=(0, dashes), label=label)
        axes.set(xscale="log", yscale="log", xlabel=across)
        axes.grid(which="both", color="black", alpha=0.12, lw=0.6)
        axes.spines[["top", "right"]].set_visible(False)
    panels[0].set_ylabel(axis)
    handles, labels = panels[0].get_legend_handles_labels()
    drawn.legend(handles, labels, loc="outside upper left", ncols=4, frameon=False)
    return drawn


def _medians(each, across):
    """Of each moment that all seeds measured: the median place, FID, least and largest FID."""
    by_moment = [
        {point["moment"]: point for point in run["points"] if point["fid"] is not None}
        for run in each
    ]
    rows = []
    for moment in by_moment[0]:
        points = [found[moment] for found in by_moment if moment in found]
        if len(points) == len(each):
            fids = [point["fid"] for point in points]
            place = statistics.median(point[across] for point in points)
            place = max(place, LEAST_SECONDS)  # a law that is fitted at once widens the axis
            rows.append((place, statistics.median(fids), min(fids), max(fids)))
    return sorted(rows)


def _draw(axes, rows, style):
    if not rows:
        return
    places, medians, low, high = zip(*rows, strict=True)
    if len(rows) == 1:
        style = {**style, "ls": ""}
        axes.errorbar(
            places,
            medians,
            [[medians[0] - low[0]], [high[0] - medians[0]]],
            marker="D",
            capsize=3,
            **style,
        )
        return
    axes.plot(places, medians, marker="o", ms=3.5, **style)
    axes.fill_between(places, low, high, color=style["color"], alpha=0.18, lw=0)


def page(title, facts, runs, lines, axis):
    """The report as a `Page`."""
    made = Page(title, f"{axis}; medians over seeds (least to largest)")
    made.plot(figure(runs, lines, axis), "FID while training", "FID against time and images seen")
    columns, rows = table(runs)
    made.table(columns, rows, "At moments of training, and at its end")
    made.facts({LINES[name]: value for name, value in lines.items()})
    found = ratios(runs, lines)
    if found:
        made.heading("The default recipe beside its peers").facts(found)
    made.heading("Contenders")
    made.facts({name: each[0]["about"] for name, each in runs.items()})
    made.heading("How it was measured").facts(facts)
    return made


def _by_seed(runs, name):
    return {run["settings"]["seed"]: run for run in runs.get(name, [])}


def _pairs(own, theirs):
    """The runs of the seeds that both have."""
    return [(own[seed], theirs[seed]) for seed in own if seed in theirs]


def _end(run):
    return run["points"][-1]


def _figure(run, name):
    figures = run["final"]["figures"]
    return figures and figures[name]


def _audit(runs):
    flagged = sum(
        any(audit["flagged"] for audit in run["final"]["audits"].values()) for run in runs
    )
    return f"flagged {flagged} of {len(runs)}" if flagged else "passed"


def _quotients(pairs):
    return _spread([None if None in pair else pair[0] / pair[1] for pair in pairs])


def _spread(values, form="{:.2f}"):
    if any(value is None for value in values):
        return MISSING
    return spread(values, form) if len(values) > 1 else form.format(values[0])
