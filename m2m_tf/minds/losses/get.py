"""A loss by its name."""

from m2m_tf.checks import check_choice
from m2m_tf.minds.losses.flow import FLOW
from m2m_tf.minds.losses.hinge import HINGE
from m2m_tf.minds.losses.relativistic import RELATIVISTIC
from m2m_tf.minds.losses.wasserstein import WASSERSTEIN

LOSSES = {"wasserstein": WASSERSTEIN, "relativistic": RELATIVISTIC, "hinge": HINGE, "flow": FLOW}


def get_loss(name):
    """Returns a `Loss`.

    Args:
        name: `"wasserstein"` (the paper's), `"relativistic"`, `"hinge"` or `"flow"`.

    Raises:
        ValueError: If there is no such loss.
    """
    return LOSSES[check_choice("loss", name, LOSSES)]
