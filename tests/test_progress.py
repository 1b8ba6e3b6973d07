"""A long call shows its steps where it is to, and knows what each took."""

import time

import pytest

from m2m_tf.progress import Bar, Clock, never_silent, show_progress


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


def test_a_bar_is_a_line_now_and_then_where_lines_are_wanted(capsys, monkeypatch):
    monkeypatch.setattr("m2m_tf.progress.SILENCE", -1.0)
    Bar(2000, 2).update(256, finalize=False)
    Bar(None, 2).update(3, finalize=False)
    Bar(2000, 0).update(256, finalize=False)
    assert capsys.readouterr().out == "  256 of 2,000 images\n  3 images\n"


def test_a_bar_says_nothing_more_where_something_was_said_just_now(capsys):
    Bar(2000, 2).update(256, finalize=False)
    assert capsys.readouterr().out == ""


@pytest.mark.slow
def test_a_long_step_says_that_it_lives_and_one_that_speaks_does_not(capsys, monkeypatch):
    monkeypatch.setattr("m2m_tf.progress.LONG", 0.0)
    with never_silent(2, "measuring"):
        time.sleep(0.8)
    assert capsys.readouterr().out.startswith("  still measuring, ")
    monkeypatch.setattr("m2m_tf.progress.LONG", 600.0)
    with never_silent(2, "measuring"):
        time.sleep(0.8)
    assert capsys.readouterr().out == ""


@pytest.mark.slow
def test_of_long_steps_within_each_other_the_innermost_speaks(capsys, monkeypatch):
    monkeypatch.setattr("m2m_tf.progress.LONG", 0.0)
    with never_silent(2, "training"):
        with never_silent(2, "judging"):
            time.sleep(0.8)
        assert {line.split(",")[0] for line in capsys.readouterr().out.splitlines()} == {
            "  still judging"
        }
        time.sleep(0.8)
    assert capsys.readouterr().out.startswith("  still training, ")


@pytest.mark.slow
def test_where_nothing_is_to_be_shown_a_long_step_is_silent(capsys, monkeypatch):
    monkeypatch.setattr("m2m_tf.progress.LONG", 0.0)
    with never_silent(0, "measuring"):
        time.sleep(0.8)
    assert capsys.readouterr().out == ""
