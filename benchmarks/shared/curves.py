"""What is read off curves of FID against seconds: the time to a level, the level at a time."""

import math


def seconds_to(points, level):
    """When a curve first comes down to a level.

    Between the last measurement above the level and the first one at it or below, the FID is taken
    to fall linearly with the logarithm of the seconds. Where the first measurement is there
    already, or the one before it is no number, the seconds of the measurement itself are given: it
    came no later.

    Args:
        points: Dictionaries with `seconds`, positive and rising, and `fid`, a number or None.
        level: A FID.

    Returns:
        Seconds, or None where no measurement is at the level or below.
    """
    for index, point in enumerate(points):
        if _value(point) <= level:
            before = points[index - 1] if index else None
            if before is None or math.isinf(_value(before)):
                return point["seconds"]
            return _seconds_between(before, point, level)
    return None


def value_at(points, seconds):
    """The FID at a time: linear in the logarithm of the seconds between two measurements.

    Args:
        points: As `seconds_to` takes them.
        seconds: Seconds, more than 0.

    Returns:
        The FID; that of the last measurement where time is past it; None before the first one, and
        where a neighbour is no number.
    """
    if not points or seconds < points[0]["seconds"]:
        return None
    for before, after in zip(points, points[1:], strict=False):
        if seconds < after["seconds"]:
            share = _share(before, after, seconds)
            low, high = _value(before), _value(after)
            value = low if share == 0 else low + share * (high - low)
            return value if math.isfinite(value) else None
    return points[-1]["fid"]


def best(points):
    """The point of least FID, the first of them; None where no point has a number."""
    known = [point for point in points if point["fid"] is not None]
    return min(known, key=lambda point: point["fid"]) if known else None


def times_sooner(points, level, seconds, extra=0.0):
    """How many times sooner than `seconds` a curve comes down to a level.

    Args:
        points: As `seconds_to` takes them.
        level: A FID.
        seconds: The seconds to compare with.
        extra: Seconds that the curve's owner spent before.

    Returns:
        The ratio, or None where the curve does not come down to it.
    """
    own = seconds_to(points, level)
    return None if own is None else seconds / (own + extra)


def _value(point):
    fid = point["fid"]
    return math.inf if fid is None or not math.isfinite(fid) else fid


def _seconds_between(before, after, level):
    high, low = _value(before), _value(after)
    share = (high - level) / (high - low)
    logs = math.log(before["seconds"]), math.log(after["seconds"])
    seconds = math.exp(logs[0] + share * (logs[1] - logs[0]))
    return min(max(seconds, before["seconds"]), after["seconds"])  # not past them by rounding


def _share(before, after, seconds):
    first, last = math.log(before["seconds"]), math.log(after["seconds"])
    return (math.log(seconds) - first) / (last - first)
