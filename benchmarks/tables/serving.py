"""The tables of docs/serving.md."""

from benchmarks.shared.measure import ratios, spread


def small_beside_large(result):
    """How long one image is waited for, and the server's memory.

    Args:
        result: What `small_beside_large.py` writes.

    Returns:
        `(columns, rows)`, texts.
    """
    large, parts = result["large"], result["parts"]
    titles = {
        "alone": "alone",
        "beside": f"beside {large['clients']} who ask for {large['images']:,} each",
        "afterwards": "afterwards",
    }
    columns = ["one image", "requests", "median, ms", "p99, ms", "longest, ms", "memory, MB"]
    return columns, [[title, *_cells(parts[name])] for name, title in titles.items()]


def _cells(part):
    waits = (f"{part['milliseconds'][name]:,.0f}" for name in ("median", "p99", "most"))
    return [f"{part['requests']:,}", *waits, f"{part['megabytes']['most']:,}"]


def formats(result):
    """A generator in the form of each runtime.

    Args:
        result: What `formats.py` writes.

    Returns:
        `(columns, rows)`, texts.
    """
    first = next(iter(result.values()))["images_a_second"]
    rows = []
    for name, row in result.items():
        rate, apart = row["images_a_second"], row["largest_difference"]
        times = "1" if rate is first else spread(ratios(rate, first))
        cells = [f"{apart:.0e}" if apart else "0", f"{row['bytes'] / 1e6:.1f}"]
        rows.append([name, *cells, spread(rate, "{:,.0f}"), times])
    columns = ["largest difference", "MB", "images a second", "times TensorFlow's"]
    return ["form", *columns], rows
