"""Rooms that left `m2m_tf.evaluation` answer to their old names, for one release."""

import importlib

import pytest


@pytest.mark.parametrize("room", ["features", "metrics", "theory"])
def test_the_old_name_gives_what_the_new_one_does(room):
    old = importlib.import_module(f"m2m_tf.evaluation.{room}")
    new = importlib.import_module(f"m2m_tf.{room}")
    assert new.__all__
    assert all(getattr(old, name) is getattr(new, name) for name in new.__all__)
