"""The line that a person reads while a mind trains."""

import io
import sys
import types

import numpy as np
import pytest

from m2m_tf import progress
from m2m_tf.runs import training_line
from m2m_tf.runs.training_line import TrainingLine, nearness


class Clock:
    """Time that passes when it is told to."""

    now = 0.0

    def perf_counter(self):
        return self.now


class Terminal(io.StringIO):
    def isatty(self):
        return True


def mind(latest=0.25, best=0.2, start=0.4, is_flow=True):
    """What the line looks at."""
    figures = {"distance": np.float32(best), "start": np.float32(start)}
    held = {name: types.SimpleNamespace(numpy=lambda v=v: v) for name, v in figures.items()}
    return types.SimpleNamespace(best=types.SimpleNamespace(latest=latest, **held), is_flow=is_flow)


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(training_line.time, "perf_counter", clock.perf_counter)
    return clock


def train(line, clock, model, epochs=4, steps=10, seconds=1.0, first_epoch=0):
    line.set_model(model)
    line.set_params({"epochs": epochs, "steps": steps, "verbose": 2})
    line.on_train_begin()
    for epoch in range(first_epoch, epochs):
        line.on_epoch_begin(epoch)
        for batch in range(steps):
            clock.now += seconds
            line.on_train_batch_end(batch)
        line.on_epoch_end(epoch)
    line.on_train_end()


def test_in_a_file_there_is_a_line_every_six_seconds(clock, capsys):
    train(TrainingLine(), clock, mind())
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 6
    assert lines[1] == (
        "   30% done, 0:28 left; error on held-out codes 0.25, best 0.2, at the start 0.4"
    )


def test_time_left_is_that_of_a_training_that_goes_on(clock, capsys):
    train(TrainingLine(), clock, mind(), first_epoch=2)
    assert capsys.readouterr().out.splitlines()[0].startswith("   65% done, 0:14 left")


def test_on_a_terminal_one_line_is_written_over_and_gone_at_the_end(clock, monkeypatch):
    monkeypatch.setattr(sys, "stdout", Terminal())
    train(TrainingLine(), clock, mind(is_flow=False))
    written = sys.stdout.getvalue()
    assert "\n" not in written and written.count("done") == 40
    assert "way to held-out codes 0.25" in written
    assert written.endswith(" \r")


def test_a_limit_of_minutes_says_what_is_done_and_left(clock, capsys):
    limit = types.SimpleNamespace(spent=45.0, seconds=60.0)
    train(TrainingLine(limit), clock, mind(), epochs=1_000_000, steps=1, first_epoch=999_990)
    assert "  75% done, 0:15 left" in capsys.readouterr().out


def test_before_a_look_there_is_nothing_to_say_of_codes():
    assert nearness(mind(latest=np.nan)) == ""


def test_each_line_is_a_sign_of_life(clock, monkeypatch, capsys):
    monkeypatch.setattr(progress, "_said", [-1.0])
    train(TrainingLine(), clock, mind(), epochs=1)
    assert progress._said == [6.0] and "% done" in capsys.readouterr().out
