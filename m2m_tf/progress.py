"""What a long call shows of its progress: a line a step, a bar, and the seconds of each."""

import contextlib
import threading
import time

SILENCE = 5.0  # seconds after which a bar is a line, where lines are wanted
LONG = 7.0  # seconds after which a long step says that it lives
_said = [0.0]  # when something was shown last
_long = []  # the long steps at work, each within the one before: the last one speaks


def show_progress(verbose, line):
    """Prints a line where progress is to be shown."""
    if verbose:
        print(line, flush=True)
        has_shown()


def has_shown():
    """Notes that something was shown just now, by whatever shows it in its own way."""
    _said[0] = time.perf_counter()


@contextlib.contextmanager
def never_silent(verbose, what):
    """Says what is still going on, wherever the block shows nothing for seven seconds.

    Of blocks within each other the innermost speaks.

    Example:

    ```python
    with never_silent(verbose, "ranking the autoencoders"):
        ranked = best_preset(images)
    ```
    """
    done, began = threading.Event(), time.perf_counter()

    def watch():
        while not done.wait(0.5):
            now = time.perf_counter()
            if _long[-1] is done and now - max(_said[0], began) > LONG:
                show_progress(verbose, f"  still {what}, {now - began:.0f} s")

    watcher = threading.Thread(target=watch, daemon=True)
    _long.append(done)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()
        _long.remove(done)


class Bar:
    """Keras' progress bar; where lines are wanted, `verbose=2`, one now and then.

    Args:
        count: How many there are in all; None where nobody knows.
        verbose: As Keras takes it.

    Example:

    ```python
    bar = Bar(len(images), verbose=2)
    bar.update(256, finalize=False)  # "  256 of 2,000 images", if five seconds went by
    ```
    """

    def __init__(self, count, verbose):
        import keras  # here: the command shows its help without it

        self._bar = keras.utils.Progbar(count, verbose=verbose, unit_name="image")
        self._of = f" of {count:,}" if count else ""
        self._verbose = verbose
        has_shown()

    def update(self, done, finalize=None):
        """Shows that so many images are done."""
        self._bar.update(done, finalize=finalize)
        if self._verbose == 1:
            has_shown()
        elif self._verbose and time.perf_counter() - _said[0] > SILENCE:
            show_progress(self._verbose, f"  {done:,}{self._of} images")


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
