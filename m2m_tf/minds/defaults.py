"""Which networks a mind has by default, and on what codes."""

import contextlib
import dataclasses
import random
from collections.abc import Callable

from m2m_tf.minds.flow import build_flow_generator
from m2m_tf.minds.map_networks import build_map_critic, build_map_generator
from m2m_tf.minds.networks import build_critic, build_generator


@dataclasses.dataclass(frozen=True)
class Builders:
    """The builders of a generator and of a critic."""

    generator: Callable
    critic: Callable


def networks_for(standard_shape, is_flow=False):
    """Returns the `Builders` for standardised codes: dense, convolutional where they are maps.

    A flow is dense, and has no critic.
    """
    if is_flow:
        return Builders(_flow_generator, lambda *shape, **settings: None)
    if len(standard_shape) == 3:
        return Builders(build_map_generator, build_map_critic)
    return Builders(build_generator, build_critic)


def _flow_generator(latent_dim, code_shape, classes, residual):
    return build_flow_generator(latent_dim, code_shape, classes=classes)


@contextlib.contextmanager
def seeded(seed):
    """Draws first weights by a seed: Keras asks Python's own generator, which is left as it was."""
    before = random.getstate()
    random.seed(seed)
    try:
        yield
    finally:
        random.setstate(before)


def loss_for(kind, prior, *given):
    """The loss where none is named: a flow from the mixture along axes, where nothing is given."""
    is_plain = prior == "mixture" and all(each is None for each in given)
    return "flow" if kind == "axes" and is_plain else "wasserstein"


def codes_for(generator, critic, code_shape, standardise, axes):
    """What standardised codes are to be, by the networks that are given, if any.

    Returns:
        `standardise` and `axes`, as `make_statistics` takes them: networks of whole maps leave a
        map whole, others say by their width how many axes there are.
    """
    shape = _codes_of(generator, critic)
    if shape is None:
        return standardise, axes
    if shape == code_shape:
        is_map = len(code_shape) == 3
        return standardise or ("scale" if is_map and axes is None else None), axes
    if len(shape) == 1 and axes is None and standardise in (None, "axes"):
        return standardise, shape[0]
    return standardise, axes


def _codes_of(generator, critic):
    """The shape of the codes that networks are made for; None where none says it."""
    if generator is not None:
        shape = getattr(generator, "output_shape", None)
    else:
        shape = getattr(critic, "input_shape", None)
        shape = shape[0] if isinstance(shape, list) else shape  # with its label
    return None if shape is None else tuple(shape[1:])
