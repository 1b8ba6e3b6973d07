"""The table of docs/measured/time_to_quality.md."""

from benchmarks.shared.measure import spread
from datasets.targets import TARGETS

EARLY = 60  # seconds
LINES = ("held_out", "floor")


def time_to_quality(results):
    """FID of each target: of real images, floor, start, and the mind early and at the end.

    Args:
        results: What `time_to_quality.py` wrote for each target, with the contenders `prior`, which
            is the start, and `mind`.

    Returns:
        `(columns, rows)`, texts: a row a target and autoencoder, over its seeds the median (least
        to largest).
    """
    columns = ["target", "autoencoder", "seeds", "real images", "floor", "start"]
    columns += [f"mind at {EARLY} s", "at the end", "left", "flagged"]
    return columns, [_row(result) for result in sorted(results, key=_order)]


def _order(result):
    facts = result["facts"]
    return facts["target"] != "digits", facts["target"], -facts["code_shape"][0]


def _row(result):
    facts, start, minds = result["facts"], _runs(result, "prior"), _runs(result, "mind")
    starts, ends = [_last(run) for run in start], [_last(run) for run in minds]
    floor = facts["lines"]["floor"]
    left = [(end - floor) / (of_seed - floor) for of_seed, end in zip(starts, ends, strict=True)]
    seconds = spread([run["points"][-1]["seconds"] for run in minds], "{:.0f}")
    flagged = sum(any(each["flagged"] for each in run["final"]["audits"].values()) for run in minds)
    return [
        TARGETS[facts["target"]].subject,
        f"`{facts['autoencoder']}`, codes of {facts['code_shape'][0]}",
        str(len(minds)),
        *(f"{facts['lines'][line]:.1f}" for line in LINES),
        spread(starts, "{:.1f}"),
        spread([_at(run, EARLY) for run in minds], "{:.1f}"),
        f"**{spread(ends, '{:.1f}')}**, {seconds} s",
        spread(left, "{:.2f}"),
        f"{flagged} of {len(minds)}",
    ]


def _runs(result, name):
    """The runs of a contender, by seed."""
    runs = [run for key, run in result["runs"].items() if key.startswith(f"{name}, ")]
    return sorted(runs, key=lambda run: run["settings"]["seed"])


def _last(run):
    return run["points"][-1]["fid"]


def _at(run, moment):
    return next(point["fid"] for point in run["points"] if point["moment"] == moment)
