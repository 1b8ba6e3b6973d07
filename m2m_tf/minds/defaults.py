"""Which networks a mind has by default."""

import dataclasses
from collections.abc import Callable

from m2m_tf.minds.map_networks import build_map_critic, build_map_generator
from m2m_tf.minds.networks import build_critic, build_generator


@dataclasses.dataclass(frozen=True)
class Builders:
    """The builders of a generator and of a critic."""

    generator: Callable
    critic: Callable


def networks_for(code_shape):
    """Returns the `Builders` for codes of a shape: dense for vectors, convolutional for maps."""
    if len(code_shape) == 3:
        return Builders(build_map_generator, build_map_critic)
    return Builders(build_generator, build_critic)
