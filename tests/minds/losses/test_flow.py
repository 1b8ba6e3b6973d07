"""A flow in the place of a loss."""

from m2m_tf.minds.losses import LOSSES, get_loss


def test_it_alone_has_no_critic():
    assert [name for name in LOSSES if get_loss(name).critic is None] == ["flow"]


def test_its_average_forgets_sooner_than_that_of_a_game():
    assert get_loss("flow").average_decay < get_loss("wasserstein").average_decay
