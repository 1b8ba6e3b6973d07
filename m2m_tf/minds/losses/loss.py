"""What a loss of the mind consists of."""

import dataclasses
from collections.abc import Callable


@dataclasses.dataclass(frozen=True)
class Loss:
    """A loss of the critic and of the generator, with the settings that it is used with.

    Attributes:
        critic: `(real_scores, fake_scores) -> scalar`, what the critic lowers.
        generator: The same for the generator.
        score: `(critic, real, fake, alpha) -> real_scores, fake_scores, penalty`: the penalty on
            the critic's slope, without weight, costs least where the scores are computed.
        critic_steps: Critic updates for one generator update.
        gradient_penalty: Weight of the penalty on the slope.
        drift_penalty: Weight of the penalty on the mean squared score of real codes.
        is_relative: Whether the generator's loss needs the real scores.
        average_decay: Highest decay of the generator's moving average.

    A flow has no critic: its functions are None.
    """

    critic: Callable | None
    generator: Callable | None
    score: Callable | None
    critic_steps: int
    gradient_penalty: float
    drift_penalty: float = 0.0
    is_relative: bool = False
    average_decay: float = 0.9999
