"""The rows that both reports show: what is compared with the target, in which words."""

from m2m_tf.metrics.labels import COLUMNS, FITTED_START, NAMES, OWN_START
from m2m_tf.reports import bars_with_reference


def names_of(baselines):
    """The rows' names, where `baselines` has the facts of `prior`: whose start it is, is said."""
    own = baselines["prior"]["own"]
    return {**NAMES, "prior": OWN_START if own else FITTED_START}


def figure_table(page, figures, names=NAMES):
    """Adds the table of all rows and metrics to a page.

    Args:
        page: A `Page`.
        figures: A dict of row to a dict of metric to `Figure`.
        names: A dict of row to what the table calls it.
    """
    rows = [name for name in names if name in figures]
    table = [
        [
            names[row],
            *(cell(figures[row][metric]) for metric in COLUMNS),
            figures[row]["frechet_distance"].generated_count,
        ]
        for row in rows
    ]
    first = figures[rows[0]]["frechet_distance"]
    page.table(
        ["", *COLUMNS.values(), "images"],
        table,
        f"Against {first.real_count:,} target images, in the features of {first.extractor}, resize "
        f"filter {first.resize}",
        highlight=rows.index("generated") if "generated" in rows else None,
    )
    for note in notes_of(figures):
        page.note(note)


def fid_plot(page, figures, names=NAMES):
    """Adds the plot of each row's FID beside the floor; arguments as of `figure_table`."""
    fid = {row: metrics["frechet_distance"].value for row, metrics in figures.items()}
    rows = [row for row in names if row in fid and row != "floor"]
    told = ", ".join(f"{names[row]} {fid[row]:.3g}" for row in rows)
    page.plot(
        bars_with_reference(
            [names[row] for row in rows],
            {"FID": [fid[row] for row in rows]},
            extractor_of(figures),
            reference=("floor", [fid["floor"]] * len(rows)),
        ),
        "FID of each, and the floor",
        f"FID by row: {told}; floor {fid['floor']:.3g}",
    )


def notes_of(figures):
    """What limits the figures, each sentence once."""
    notes = [note for row in figures.values() for figure in row.values() for note in figure.notes]
    return list(dict.fromkeys(notes))


def cell(figure):
    """A `Figure` as a cell of a table: its value, and its error where it has one."""
    text = f"{figure.value:.3g}" if figure.value < 1000 else f"{figure.value:,.0f}"
    return text if figure.error is None else f"{text} ± {figure.error:.2g}"


def extractor_of(figures):
    """The extractor's name and resize filter, for an axis of a plot."""
    figure = next(iter(figures.values()))["frechet_distance"]
    return f"FID ({figure.extractor}, resize {figure.resize})"
