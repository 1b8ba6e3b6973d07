"""A stopwatch that stops while what was learned is judged."""

import time

MOMENTS = (3, 5, 10, 20, 30, 45, 60, 90, 120, 180, 300, 450, 600)
MOMENTS += (900, 1200, 1800, 2400, 3600, 5400, 7200, 10_800, 14_400)


def moments_until(budget):
    """The moments of measurement, in seconds: near to evenly spaced logarithms, then the budget."""
    return (*(moment for moment in MOMENTS if moment < budget), budget)


class Stopwatch:
    """Counts the seconds of training, and measures at given moments with the clock stopped.

    Tracing and compiling count; what `measure` takes does not. A step that ends after several
    moments is measured once.

    Args:
        moments: Seconds, rising; the last one is the budget.
        measure: A function without arguments that gives a figure, or None.
        show: A function of seconds and the last figure, called at each step; or None.
        clock: Gives seconds.

    Attributes:
        points: One dictionary for each measurement: `moment`, `seconds`, `images`, `fid`.
        first_step: Seconds to the end of the first step, tracing and compiling included.
        images: Images, or codes, that the critic was shown, all its steps counted.
        paused: Seconds that measuring took.
        changed: Whether what was learned is another since the last step, as where the best of a
            training is chosen after it.
    """

    def __init__(self, moments, measure, show=None, clock=time.perf_counter):
        self.moments, self.measure, self.show, self.clock = tuple(moments), measure, show, clock
        self.points, self.first_step, self.images, self.paused = [], None, 0, 0.0
        self.changed, self._next, self._began = False, 0, None

    def start(self):
        """Starts the clock."""
        self._began = self.clock()

    @property
    def seconds(self):
        """Seconds of training so far."""
        return self.clock() - self._began - self.paused

    def look(self, images):
        """Says what was done; measures where a moment has come.

        Args:
            images: Images that the critic was shown so far.

        Returns:
            Whether time is over.
        """
        now, self.images = self.seconds, images
        if self.first_step is None:
            self.first_step = now
        if self._next < len(self.moments) and now >= self.moments[self._next]:
            while self._next < len(self.moments) and now >= self.moments[self._next]:
                self._next += 1
            self._measure(now, self.moments[self._next - 1])
        if self.show:
            self.show(now, self.points[-1]["fid"] if self.points else None)
        return self._next == len(self.moments)

    def finish(self):
        """Measures at the end, where nothing was measured since the last step or change."""
        now = self.seconds
        if not self.points or self.changed or self.points[-1]["images"] != self.images:
            self._measure(now, None)

    def _measure(self, now, moment):
        began = self.clock()
        fid = self.measure()
        self.points.append({"moment": moment, "seconds": now, "images": self.images, "fid": fid})
        self.paused += self.clock() - began
