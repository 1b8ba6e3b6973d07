"""What a mind remembers of its training: how many steps there were, and on what."""

from typing import Any

import numpy as np
import numpy.typing as npt

from m2m_tf.hints import StrPath
from m2m_tf.minds import checks

RECORDS = ("trained_on", "steps_before", "steps_made")  # of a config, beside the constructor's


class Record:
    """The record of a `Mind2Mind`: it is of its weights, and comes and goes with them.

    A config alone, as `keras.models.clone_model` takes it, makes a mind that was never trained.
    """

    trained_on: dict[str, Any] | None = None
    steps_before = 0  # the last `compile`
    weights_are_given = False  # and may be those of a training of which there is no record
    _record_of_config: dict[str, Any] | None = None

    @property
    def is_trained(self) -> bool:
        """Whether a training step was made."""
        return self.steps_made > 0 or (self.weights_are_given and _was_measured(self.statistics))

    @property
    def steps_made(self) -> int:
        """The training steps made so far, those before the last `compile` too."""
        done = int(self.generator_optimizer.iterations.numpy()) if self.compiled else 0
        return self.steps_before + done

    @property
    def record(self) -> dict[str, Any]:
        """What a config says of the training."""
        return {
            "trained_on": self.trained_on and dict(self.trained_on),
            "steps_before": self.steps_before,
            "steps_made": self.steps_made,
        }

    @property
    def waits_for_weights(self) -> bool:
        """Whether it was made of a config, and the weights that belong to it never came."""
        return self._record_of_config is not None

    def remember(self, record: dict[str, Any]) -> None:
        """Takes the record of a model whose weights it has, or is about to be given."""
        before = record.get("steps_before", 0)
        # Without optimisers, whose steps are theirs, all were made before the next `compile`.
        self.steps_before = before if self.compiled else record.get("steps_made", before)
        self.trained_on = record.get("trained_on")
        self.weights_are_given = "steps_made" not in record  # saved by an earlier version
        self._record_of_config = None

    def load_own_variables(self, store: Any) -> None:
        """What Keras calls as it loads weights: those of a whole model bring their record."""
        super().load_own_variables(store)
        if self._record_of_config is not None:
            self.remember(self._record_of_config)

    def load_weights(self, filepath: StrPath, *args: Any, **settings: Any) -> None:
        """Loads a file of `save_weights`: `keras.Model.load_weights`.

        Args:
            filepath: The file.
            *args, **settings: As Keras takes them.

        Raises:
            ValueError: If the networks are not built yet, or the weights do not fit.
        """
        checks.check_takes_weights(self)
        self._record_of_config = None  # of other weights
        super().load_weights(filepath, *args, **settings)
        self.weights_are_given = True

    def set_weights(self, weights: list[npt.ArrayLike]) -> None:
        """Takes the weights of a model of the same networks, as `get_weights` gives them."""
        checks.check_takes_weights(self)
        self._record_of_config = None
        super().set_weights(weights)
        self.weights_are_given = True


def _was_measured(statistics):
    """Whether the layer has seen codes: none have a mean of exactly 0 in each value."""
    return statistics.built and bool(np.any(statistics.mean.numpy()))
