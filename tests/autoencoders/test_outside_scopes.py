"""A function is called outside of the scopes that it is asked for in."""

import pytest
import tensorflow as tf

from m2m_tf.autoencoders.outside_scopes import outside_scopes


def test_no_scope_is_seen_and_what_comes_is_given(two_replicas):
    with two_replicas.scope():
        assert tf.distribute.has_strategy()
        assert outside_scopes(tf.distribute.has_strategy) is False
        assert outside_scopes(pow, 2, 5) == 32


def test_what_the_function_raises_comes_out():
    with pytest.raises(ValueError, match="invalid literal"):
        outside_scopes(int, "no number")
