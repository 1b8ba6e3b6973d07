"""The table of what `m2m evaluate` found."""

ROWS = {
    "generated": "the mind",
    "prior": "the mixture that it starts from",
    "mixture": "mixture by held-out likelihood",
    "gaussian": "one Gaussian",
    "floor": "floor: reconstructions",
    "held_out": "held-out real images",
}
COLUMNS = {
    "frechet_distance": "FID",
    "kernel_distance": "KID",
    "precision": "precision",
    "recall": "recall",
    "density": "density",
    "coverage": "coverage",
}


def evaluation(result):
    """Each row of a report with its figures.

    Args:
        result: What `m2m evaluate` wrote as report.json.

    Returns:
        `(columns, rows)`, texts.
    """
    rows = []
    for name, title in ROWS.items():
        figures = result["rows"][name]
        count = f" ({result['held_out_images']:,})" if name == "held_out" else ""
        rows.append([title + count, *(_cell(figures[metric]) for metric in COLUMNS)])
    return ["", *COLUMNS.values()], rows


def _cell(figure):
    value, error = figure["value"], figure["error"]
    if figure["metric"] == "frechet_distance":
        return f"{value:.1f}" if value < 100 else f"{value:.0f}"
    text = f"{value:.2f}" if value < 10 else f"{value:.1f}"
    return text if error is None else f"{text} ± {error:.2f}"
