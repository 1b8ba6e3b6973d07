"""The tables of docs/scaling.md."""

from benchmarks.shared.measure import ratios, spread

EXTRACTORS, KINDS = ("efficientnet_lite0", "squeezenet"), ("float32", "float16")


def encoding_processes(result):
    """How fast several processes encode, beside one.

    Args:
        result: What `encoding_processes.py` writes.

    Returns:
        `(columns, rows)`, texts.
    """
    rates = {
        count: [run["images_a_second"] for run in runs] for count, runs in result["runs"].items()
    }
    one = next(iter(rates.values()))
    rows = []
    for count, runs in result["runs"].items():
        seconds = spread([run["seconds"] for run in runs], "{:.0f}")
        times = "1" if rates[count] is one else spread(ratios(rates[count], one))
        rows.append([count, spread(rates[count], "{:,.0f}"), times, seconds])
    return ["processes of `m2m encode`", "images a second", "times one's", "seconds"], rows


def half_codes(result):
    """What codes of float16 cost in FID.

    Args:
        result: What `half_codes.py` writes.

    Returns:
        `(columns, rows)`, texts.
    """
    rows = []
    for target, row in result.items():
        fids = [f"{row[name][kind]:.3f}" for name in EXTRACTORS for kind in KINDS]
        rows.append([target, *fids, f"{row['difference']:.4f}"])
    columns = [f"{name}, {kind}" for name in EXTRACTORS for kind in KINDS]
    return ["target", *columns, "greatest difference"], rows
