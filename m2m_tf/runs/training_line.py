"""The line that a person reads while a mind trains, in place of Keras' bars of losses."""

import math
import sys
import time

import keras

from m2m_tf.progress import has_shown

EVERY, MOVING = 6.0, 0.5  # seconds from one line to the next: in a file, and on a terminal
WIDTH = 100


class TrainingLine(keras.callbacks.ProgbarLogger):
    """Says how much of a training is done, the time left, and how near its codes are to others.

    Keras leaves its own bar out where one of these is among the callbacks. On a terminal one line
    is written over and over, elsewhere a new one every six seconds.

    Args:
        limit: The `m2m.callbacks.StopAfter` that ends the training; None where its epochs do.
    """

    def __init__(self, limit=None):
        super().__init__()
        self._limit = limit
        self._moves = sys.stdout.isatty()

    def on_train_begin(self, logs=None):
        self._said, self._from = time.perf_counter(), None

    def on_epoch_begin(self, epoch, logs=None):
        self._epoch = epoch

    def on_train_batch_end(self, batch, logs=None):
        now, share = time.perf_counter(), self._share(batch + 1)
        if self._from is None:  # the first batch is compiled, and says nothing of the others
            self._from = now, share
        if now - self._said >= (MOVING if self._moves else EVERY):
            self._say(share, self._left(now, share))
            self._said = now

    def on_epoch_end(self, epoch, logs=None):
        pass

    def on_train_end(self, logs=None):
        if self._moves:
            print("\r".ljust(WIDTH), end="\r", flush=True)

    def _share(self, batches):
        if self._limit is not None:
            return min(1.0, self._limit.spent / self._limit.seconds)
        return (self._epoch + batches / self.target) / self.epochs

    def _left(self, now, share):
        """Seconds to go; None where it is too early to say."""
        if self._limit is not None:
            return max(0.0, self._limit.seconds - self._limit.spent)
        began, before = self._from
        return (1 - share) * (now - began) / (share - before) if share > before else None

    def _say(self, share, left):
        words = f"  {share:4.0%} done" + ("" if left is None else f", {_as_time(left)} left")
        words += nearness(self.model)
        end = "" if self._moves else "\n"
        print("\r" + words.ljust(WIDTH) if self._moves else words, end=end, flush=True)
        has_shown()


def nearness(model):
    """How near the codes of a mind in training are to held-out ones, in words; "" before a look."""
    best = model.best
    if not math.isfinite(best.latest):
        return ""
    what = "error on held-out codes" if model.is_flow else "way to held-out codes"
    return (
        f"; {what} {best.latest:.4g}, best {best.distance.numpy():.4g}, "
        f"at the start {best.start.numpy():.4g}"
    )


def _as_time(seconds):
    """Minutes and seconds: `2:05`."""
    minutes, rest = divmod(math.ceil(round(seconds, 3)), 60)
    return f"{minutes}:{rest:02}"
