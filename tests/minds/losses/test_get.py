"""A loss by its name."""

import pytest

from m2m_tf.minds.losses import get_loss


@pytest.mark.parametrize(
    "name, settings",
    [
        ("wasserstein", (2, 10.0, 1e-3)),
        ("relativistic", (1, 0.3, 0.0)),
        ("hinge", (1, 0.3, 0.0)),
        ("flow", (1, 0.0, 0.0)),
    ],
)
def test_each_loss_has_its_own_settings(name, settings):
    loss = get_loss(name)
    assert (loss.critic_steps, loss.gradient_penalty, loss.drift_penalty) == settings


@pytest.mark.parametrize("name", ["Wasserstein", "gan", None, 3])
def test_an_unknown_loss_is_refused_with_those_there_are(name):
    with pytest.raises(
        ValueError, match="loss must be one of 'wasserstein', 'relativistic', 'hinge', 'flow'; got"
    ):
        get_loss(name)
