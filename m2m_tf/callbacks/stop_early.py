"""StopEarly: a training that ends where it gains no more."""

from typing import Any

import keras

from m2m_tf.checks import check_whole
from m2m_tf.minds import Mind2Mind


class StopEarly(keras.callbacks.Callback):
    """Stops a training in which no look at held-out codes has been the best for long.

    `fit(validation_split=...)` keeps the best average of all that it looks at. Where none was
    better in as many updates as it took to come to the best one, and in 4,000, more minutes seldom
    find one: what trains knows the codes by heart. Without held-out codes it never stops.

    Args:
        wait: Updates after the best look, at least.
        verbose: 1 says where it stopped.

    Raises:
        ValueError: If `wait` is no whole number above 0.

    Example:

    ```python
    stop = m2m.callbacks.StopEarly()
    model.fit(target_ds, epochs=1000, validation_split=0.1, callbacks=[stop])
    ```
    """

    def __init__(self, wait: int = 4000, verbose: int = 0) -> None:
        super().__init__()
        check_whole("wait", wait)
        self.wait: int = wait
        self.verbose: int = verbose

    def is_over(self, model: Mind2Mind) -> bool:
        """Whether a training, as it stands, is to go no further."""
        best, updates = model.best, int(model.generator_optimizer.iterations.numpy())
        kept, looked = int(best.step.numpy()), int(best.looked.numpy())
        return looked > 0 and updates - kept >= max(self.wait, kept)

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Stops where it is over."""
        if self.is_over(self.model):
            self.model.stop_training = True
            if self.verbose:
                updates = int(self.model.generator_optimizer.iterations.numpy())
                kept = int(self.model.best.step.numpy())
                print(
                    f"Stopped after {updates:,} updates: held-out codes found none better than the "
                    f"average after {kept:,}.",
                    flush=True,
                )
