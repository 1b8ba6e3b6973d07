"""The files that could not be read: skipped, listed, and too many of them refused."""

import threading
from collections.abc import Iterable, Sequence

from m2m_tf.files.printable import printable

_LISTED = 5


class Skips:
    """Collects the unreadable files of a source, whichever thread meets them.

    Args:
        name: the source, for messages.
        names: the files, in order.
        max_bad: share of them, in [0, 1], that may be unreadable.
        at_least: number of images that must be left.
    """

    def __init__(self, name: str, names: Sequence[str], max_bad: float, at_least: int) -> None:
        self._name = name
        self._names = names
        self._max_bad = max_bad
        self._at_least = at_least
        self._reasons = {}
        self._lock = threading.Lock()

    def add(self, index: int, reason: str) -> None:
        """Record a file; a second pass over it changes nothing.

        Raises:
            ValueError: more than `max_bad` of the files are bad, or fewer than `at_least` are left.
        """
        with self._lock:
            self._reasons[index] = printable(reason)
            bad, total = len(self._reasons), len(self._names)
        if bad > self._max_bad * total or total - bad < self._at_least:
            raise ValueError(self._message(bad, total))

    def recall(self, listed: Iterable[tuple[str, str]]) -> None:
        """Records what an earlier pass listed; files that are no longer there are left out."""
        numbers = {name: index for index, name in enumerate(self._names)}
        for name, reason in listed:
            if name in numbers:
                self.add(numbers[name], reason)

    def listed(self, start: int = 0, stop: int | None = None) -> list[tuple[str, str]]:
        """[(file name, reason)] in the order of the files, from number `start` to below `stop`."""
        stop = len(self._names) if stop is None else stop
        with self._lock:
            found = sorted(index for index in self._reasons if start <= index < stop)
            return [(self._names[index], self._reasons[index]) for index in found]

    def _message(self, bad, total):
        some = "; ".join(f"{name} ({reason})" for name, reason in self.listed()[:_LISTED])
        more = f"; and {bad - _LISTED} more" if bad > _LISTED else ""
        return (
            f"load expects at most {self._max_bad:.0%} of the files of {self._name!r} to be "
            f"unreadable, and {self._at_least} or more to be left; {bad} of {total} could not be "
            f"read so far: {some}{more}. Remove or repair them, or raise max_bad."
        )
