"""The plots of a report, as matplotlib figures; no display is needed."""

import math
import re

import numpy as np
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox

from m2m_tf.reports.embed import quiet_about_letters
from m2m_tf.reports.markup import clean

# Okabe and Ito's colours, which colour-blind people can tell; none too pale for white or for black.
COLORS = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00")
MARKERS = "osD^vP"
WIDTH = 6.2  # inches: the page's column at the size of its text
BAR = 0.21  # inches
LARGE_SPREAD = 30  # largest over smallest value: above, a linear axis hides the small ones
LABEL_WIDTH = 22  # letters a line


def bars_with_reference(labels, series, axis, reference=None):
    """Groups of bars, each group with a line that its bars are to be compared with.

    Values that span more than a factor of 30 get a logarithmic axis.

    Args:
        labels: Names of the groups, such as autoencoders.
        series: A dict of name to values, one a group: None or NaN where there is none.
        axis: What is measured, with its unit or its extractor.
        reference: `(name, values)`, one value a group, such as the reconstruction floor.

    Returns:
        A `matplotlib.figure.Figure`.

    Raises:
        ValueError: If there is nothing to show, or values and groups differ in number.

    Example:
        >>> figure = bars_with_reference(
        ...     ["fashion_mnist_28", "glyphs_28"],
        ...     {"Gaussian": [29, 31], "mixture": [3.9, 4.4]},
        ...     "Fréchet distance (digits_fashion)",
        ...     reference=("floor", [2.6, 1.9]),
        ... )
    """
    if not labels or not series:
        raise ValueError("bars_with_reference expects one group and one series or more; got none.")
    bars = {name: _values(values, len(labels), name) for name, values in series.items()}
    lines = _values(reference[1], len(labels), reference[0]) if reference else np.empty(0)
    figure, axes = _new_figure(0.75 + len(labels) * (len(bars) + 0.9) * BAR)
    known = np.concatenate([*bars.values(), lines])
    start = _scale(axes.set_xscale, known)
    middles = np.arange(len(labels)) * (len(bars) + 0.9)
    for index, (name, values) in enumerate(bars.items()):
        _bars(axes, middles + index - (len(bars) - 1) / 2, values, start, index, name)
    if reference:
        half = len(bars) / 2 + 0.15
        axes.vlines(
            lines, middles - half, middles + half, "black", lw=1.8, ls=(0, (3, 1.5)), zorder=3
        ).set_label(clean(reference[0]))
    axes.set_yticks(middles, map(_wrapped, labels), parse_math=False)
    axes.set_ylim(middles[-1] + len(bars) / 2 + 0.5, -len(bars) / 2 - 0.5)
    axes.tick_params(axis="y", length=0)
    _finish(figure, axes, axis, "x", columns=len(bars) + len(lines[:1]))
    return figure


def _bars(axes, places, values, start, index, name):
    told = np.isfinite(values)
    bars = axes.barh(
        places[told],
        values[told] - start,
        height=0.86,
        left=start,
        color=COLORS[index % len(COLORS)],
        hatch="/" * (3 * (index // len(COLORS))),
        label=clean(name),
    )
    axes.bar_label(bars, [f" {_short(value)}" for value in values[told]], padding=1, fontsize=8.5)


def histogram(first, second, names, axis):
    """Two sets of values in the same bins, each as shares of its own size.

    Args:
        first, second: float `(n,)` and `(m,)`, one value or more, finite.
        names: `(name of the first, name of the second)`.
        axis: What is measured.

    Returns:
        A `matplotlib.figure.Figure`.

    Raises:
        ValueError: If a set is empty or not finite.

    Example:
        >>> figure = histogram(generated, held_out, ("generated", "held-out"), "distance to train")
    """
    sets = [_finite(values, name) for values, name in zip((first, second), names, strict=True)]
    edges = np.histogram_bin_edges(np.concatenate(sets), bins=_bin_count(sets))
    figure, axes = _new_figure(2.9)
    for index, (values, name) in enumerate(zip(sets, names, strict=True)):
        shares = np.histogram(values, edges)[0] / len(values)
        color, label = COLORS[index], clean(f"{name} ({len(values):,})")
        axes.stairs(shares, edges, color=color, alpha=0.3, fill=True)
        axes.stairs(shares, edges, color=color, lw=1.8, ls=("-", "--")[index], label=label)
    axes.set_ylabel("share")
    axes.set_ylim(bottom=0)
    _finish(figure, axes, axis, "y", columns=2)
    return figure


def scatter(across, up, labels, axes_names, diagonal=False):
    """Points with their names, such as what was predicted against what was reached.

    Args:
        across, up: float `(n,)`, finite: the points' places.
        labels: `n` names.
        axes_names: `(across, up)`: what is measured.
        diagonal: Whether both axes measure the same: they then get the same range, and a line
            where both are equal.

    Returns:
        A `matplotlib.figure.Figure`.

    Raises:
        ValueError: If there are no points, numbers differ, or a value is not finite.

    Example:
        >>> figure = scatter(
        ...     [2.6, 4.0], [3.2, 5.1], ["fashion", "glyphs"], ("predicted", "reached"), True
        ... )
    """
    across, up = _finite(across, axes_names[0]), _finite(up, axes_names[1])
    if not len(across) == len(up) == len(labels):
        raise ValueError(
            "scatter expects as many places across as up and as many labels; got "
            f"{len(across)}, {len(up)} and {len(labels)}."
        )
    figure, axes = _new_figure(4.2)
    both = np.concatenate([across, up])
    _scale(axes.set_xscale, both if diagonal else across)
    _scale(axes.set_yscale, both if diagonal else up)
    for index, (x, y) in enumerate(zip(across, up, strict=True)):
        marker, color = MARKERS[index % len(MARKERS)], COLORS[index % len(COLORS)]
        axes.plot(x, y, marker, color=color, ms=8, mec="black", mew=0.6, zorder=3)
    axes.margins(0.15)
    if diagonal:
        _draw_diagonal(axes)
    axes.set_ylabel(clean(axes_names[1]), parse_math=False)
    _finish(figure, axes, axes_names[0], "both")
    with quiet_about_letters():
        _name_points(figure, axes, across, up, labels)
    return figure


def _draw_diagonal(axes):
    low = min(axes.get_xlim()[0], axes.get_ylim()[0])
    high = max(axes.get_xlim()[1], axes.get_ylim()[1])
    axes.set(xlim=(low, high), ylim=(low, high))
    axes.plot((low, high), (low, high), color="black", lw=1, ls=":", label="equal", zorder=1)


def _name_points(figure, axes, across, up, labels):
    """Writes each name at the first side of its point where nothing is written yet."""
    figure.draw_without_rendering()  # places the axes
    taken = [_around(axes.transData.transform(point)) for point in zip(across, up, strict=True)]
    for point, label in zip(zip(across, up, strict=True), labels, strict=True):
        text = None
        for x, y, side, height in _SIDES:
            text = text and text.remove()
            text = axes.annotate(
                clean(label),
                point,
                (x, y),
                textcoords="offset points",
                ha=side,
                va=height,
                fontsize=9,
                parse_math=False,
            )
            box = text.get_window_extent()
            inside = axes.bbox.x0 <= box.x0 and box.x1 <= axes.bbox.x1
            if inside and not box.count_overlaps(taken):
                break
        taken.append(box)


_SIDES = (
    (8, 0, "left", "center"),
    (-8, 0, "right", "center"),
    (0, 8, "center", "bottom"),
    (0, -8, "center", "top"),
    (6, 14, "left", "bottom"),
    (6, -14, "left", "top"),
    (-6, 14, "right", "bottom"),
    (-6, -14, "right", "top"),
)


def _around(point, half=5):
    return Bbox([point - half, point + half])


def _new_figure(height):
    figure = Figure(figsize=(WIDTH, height), layout="constrained")
    axes = figure.add_subplot()
    axes.spines[["top", "right"]].set_visible(False)
    return figure, axes


def _finish(figure, axes, axis, grid, columns=1):
    """The grid, the axis' name, and a legend above the axes where there is something to name."""
    scale = " (logarithmic)" if axes.get_xscale() == "log" else ""
    axes.set_xlabel(clean(axis) + scale, parse_math=False)
    axes.grid(axis=grid, color="black", alpha=0.15, lw=0.7)
    axes.set_axisbelow(True)
    handles, names = axes.get_legend_handles_labels()
    if handles:
        figure.legend(
            handles, names, loc="outside upper left", ncols=min(columns, 4), frameon=False
        )
        for text in figure.legends[0].get_texts():
            text.set_parse_math(False)


def _scale(set_scale, values):
    """Sets a logarithmic scale where the values ask for it; returns where bars start."""
    values = values[np.isfinite(values)]
    if not len(values):
        raise ValueError("A plot needs one finite value or more; got none.")
    if values.min() <= 0 or values.max() / values.min() <= LARGE_SPREAD:
        return 0.0
    set_scale("log")
    return 10.0 ** math.floor(math.log10(values.min() / 1.5))


def _values(values, count, name):
    values = np.array([np.nan if value is None else float(value) for value in values])
    if len(values) != count:
        raise ValueError(f"Expected {count} values of '{name}', one a label; got {len(values)}.")
    return values


def _finite(values, name):
    values = np.asarray(values, "float64").ravel()
    if not len(values) or not np.isfinite(values).all():
        raise ValueError(
            f"A plot of '{name}' needs one value or more, all finite; got {len(values)} values, "
            f"{int(np.isfinite(values).sum())} of them finite."
        )
    return values


def _bin_count(sets):
    return int(np.clip(math.sqrt(min(map(len, sets))), 8, 50))


def _short(value):
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def _wrapped(label):
    """The name in three lines at most, broken at spaces and after "_" or "/"."""
    lines = [""]
    for part in re.findall(r"[^\s_/]*[\s_/]*", clean(label)):
        if lines[-1] and len(lines[-1] + part.rstrip()) > LABEL_WIDTH:
            lines.append("")
        lines[-1] += part
    return "\n".join(line.strip()[: 2 * LABEL_WIDTH] for line in lines[:3])
