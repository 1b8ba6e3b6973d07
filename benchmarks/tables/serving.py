"""The table of docs/serving.md."""


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
