"""The tables of docs/scaling.md."""

import statistics

from benchmarks.shared.measure import ratios, spread

EXTRACTORS, KINDS = ("efficientnet_lite0", "squeezenet"), ("float32", "float16")
BYTES = 8 * 8 * 32 * 2  # of a code of `universal` at 64x64, in float16
DOLLARS_A_CORE_HOUR, DOLLARS_A_GB_MONTH = 0.04, 0.023  # assumed, and said in the document
BYTES_A_SECOND = 500e6  # of a disk, assumed as well


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


def store_memory(result):
    """What training on codes that lie on disk costs.

    Args:
        result: What `store_memory.py` writes.

    Returns:
        `(columns, rows)`, texts.
    """
    rates, most = result["steps_a_second"], result["megabytes"]
    size = f"{result['gibibytes']:g} GiB on disk"
    titles = {
        "memory": ("10,000, in memory", "memory"),
        "cached": (f"{size}, which the system had cached", "disk"),
        "cold": (f"{size}, after it was asked to forget them", "disk"),
    }
    rows = []
    for name, (title, memory) in titles.items():
        speed = "1" if name == "memory" else spread(ratios(rates[name], rates["memory"]))
        rows.append([title, f"{most[memory]:,.0f}", speed])
    return ["codes", "memory, MB", "speed, times memory's"], rows


def million_codes(result):
    """What a million images take.

    Args:
        result: What `million_codes.py` writes.

    Returns:
        `(columns, rows)`, texts.
    """
    encode, fit = result["encode"], result["fit"]
    done = f"measured along {fit['axes']} axes, fitted, {fit['updates']:,} updates"
    rows = [
        [f"encoded by {result['workers']} processes", *_took(encode)],
        [done, *_took(fit)],
    ]
    return [f"{result['count']:,} images of 32x32", "seconds", "largest process, MB"], rows


def _took(part):
    return [f"{part[name]:,.0f}" for name in ("seconds", "megabytes")]


def on_paper(result):
    """What more images would take, computed from the rate of one process.

    Args:
        result: What `encoding_processes.py` writes.

    Returns:
        `(columns, rows)`, texts.
    """
    rate = statistics.median(run["images_a_second"] for run in result["runs"]["1"])
    rows = []
    for power in (6, 8, 9):
        count = 10**power
        hours, size = count / rate / 3600, count * BYTES
        cells = [f"{hours:,.1f}", f"{hours * DOLLARS_A_CORE_HOUR:,.2f}", f"{size / 1e9:,.0f}"]
        cells += [f"{size / 1e9 * DOLLARS_A_GB_MONTH:,.2f}", f"{size / BYTES_A_SECOND / 60:,.1f}"]
        rows.append([f"1e{power}", *cells])
    columns = ["encoding, core-hours", "in dollars", "codes, GB", "dollars a month"]
    return ["images", *columns, "one pass, minutes"], rows
