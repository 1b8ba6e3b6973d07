"""The last average in place of the best on codes, where its images are nearer."""

import numpy as np
import pytest

from m2m_tf.minds.last import choose_last

pytestmark = pytest.mark.slow


def led_astray(mind):
    """The average's weights, with an output far from all codes."""
    *weights, last = (weight.numpy() for weight in mind.average.variables)
    return [*weights, last + 3]


def give(mind, weights):
    for variable, weight in zip(mind.average.variables, weights, strict=True):
        variable.assign(weight)


def never():
    return False


def test_a_last_average_with_worse_images_is_not_taken(mind, capsys):
    before = mind.average.get_weights()
    assert choose_last(mind, led_astray(mind), never, verbose=1) is False
    for weight, earlier in zip(mind.average.get_weights(), before, strict=True):
        np.testing.assert_array_equal(weight, earlier)
    assert "It stays: 60 images beside as many of held-out" in capsys.readouterr().out


def test_one_with_better_images_is(mind, capsys):
    last = [weight.numpy() for weight in mind.average.variables]
    give(mind, led_astray(mind))
    assert choose_last(mind, last, never, verbose=1) is True
    np.testing.assert_array_equal(mind.average.variables[-1], last[-1])
    assert "Kept in its place: the last average: 60 images" in capsys.readouterr().out


def test_one_that_returns_what_it_was_shown_is_not(mind, capsys):
    last = [weight.numpy() for weight in mind.average.variables]
    give(mind, led_astray(mind))
    assert choose_last(mind, last, lambda: True, verbose=1) is False
    np.testing.assert_array_equal(mind.average.variables[-1], last[-1] + 3)
    assert "the last average returns codes that it was shown" in capsys.readouterr().out


def test_without_held_out_codes_nothing_is_judged(mind):
    mind.held_out_codes = None
    assert choose_last(mind, [], never) is None
