"""StopAfter: a training that ends with the first epoch that a clock allows no other after."""

import json
import math
import numbers
import time
from pathlib import Path
from typing import Any

import keras

from m2m_tf.files.durable import replacing
from m2m_tf.files.strict_json import read_json
from m2m_tf.hints import StrPath


class StopAfter(keras.callbacks.Callback):
    """Stops a training at the end of the epoch that is nearest to so many minutes.

    Give `fit` more epochs than can be done. The first epoch is done in any case.

    Args:
        minutes: How long to train, above 0; what comes before the first step is not counted.
        record: A file that keeps the seconds that were spent, so that a training that goes on from
            a checkpoint has the rest; None for none.

    Raises:
        ValueError: If `minutes` is not above 0.

    Example:

    ```python
    model.fit(target_ds, epochs=1_000_000, callbacks=[m2m.callbacks.StopAfter(minutes=10)])
    ```
    """

    def __init__(self, minutes: float, record: StrPath | None = None) -> None:
        super().__init__()
        if not isinstance(minutes, numbers.Real) or not 0 < minutes < math.inf:
            raise ValueError(f"minutes must be a number above 0; got {minutes!r}.")
        self.seconds: float = 60.0 * minutes
        self.record: Path | None = None if record is None else Path(record)
        self._before = 0.0
        self._began = None

    @property
    def spent(self) -> float:
        """The seconds of training so far, those before an interruption too."""
        return self._before + (0.0 if self._began is None else time.perf_counter() - self._began)

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Starts the clock, after what a training before an interruption had spent."""
        self._before = _read(self.record)
        self._began = self._epoch_began = time.perf_counter()

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Takes the time of an epoch."""
        self._epoch_began = time.perf_counter()

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Stops where the end of this epoch is nearer to the limit than that of a next one."""
        if self.record is not None:
            with replacing(self.record, flush=False) as unfinished:
                unfinished.write_text(json.dumps({"seconds": self.spent}), encoding="utf-8")
        last = time.perf_counter() - self._epoch_began
        if self.spent + last / 2 >= self.seconds:
            self.model.stop_training = True


def _read(record):
    """The seconds in a record; 0 where there is none that can be read."""
    if record is None:
        return 0.0
    try:
        return float(read_json(record)["seconds"])
    except (OSError, ValueError, KeyError, TypeError):
        return 0.0
