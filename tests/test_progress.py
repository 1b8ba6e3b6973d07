"""A long call shows its steps where it is to, and knows what each took."""

import pytest

from m2m_tf.progress import Clock, show_progress


@pytest.mark.parametrize(("verbose", "shown"), [(0, ""), (1, "a step\n"), ("auto", "a step\n")])
def test_a_line_is_shown_where_progress_is(verbose, shown, capsys):
    show_progress(verbose, "a step")
    assert capsys.readouterr().out == shown


def test_each_lap_has_its_seconds():
    clock = Clock()
    clock.lap("first")
    clock.lap("second")
    assert list(clock.seconds) == ["first", "second"]
    assert all(0 <= seconds < 60 for seconds in clock.seconds.values())
