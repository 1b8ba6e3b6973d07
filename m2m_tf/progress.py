"""What a long call shows of its progress: a line a step, and the seconds of each."""

import time


def show_progress(verbose, line):
    """Prints a line where progress is to be shown."""
    if verbose:
        print(line, flush=True)


class Clock:
    """The seconds between laps, by name.

    Example:

    ```python
    clock = Clock()
    survey(images)
    clock.lap("survey")
    clock.seconds  # {"survey": 12.345}
    ```
    """

    def __init__(self):
        self.seconds = {}
        self._began = time.perf_counter()

    def lap(self, name):
        """Ends the lap of that name."""
        now = time.perf_counter()
        self.seconds[name] = round(now - self._began, 3)
        self._began = now
