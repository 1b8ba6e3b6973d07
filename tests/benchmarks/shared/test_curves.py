"""What is read off curves of quality against seconds."""

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.shared.curves import best, seconds_to, times_sooner, value_at

LEVELS = st.floats(0.1, 1000)


@st.composite
def curves(draw):
    """Measurements at rising seconds; some are no number."""
    gaps = draw(st.lists(st.floats(0.01, 100), min_size=1, max_size=8))
    fids = st.one_of(st.none(), LEVELS)
    return [
        {"seconds": seconds, "fid": draw(fids), "images": index, "moment": index}
        for index, seconds in enumerate(itertools.accumulate(gaps))
    ]


@given(curves(), LEVELS)
def test_a_level_is_never_reached_where_no_measurement_is_at_it_or_below(points, level):
    never = all(point["fid"] is None or point["fid"] > level for point in points)
    assert (seconds_to(points, level) is None) == never


@given(curves(), LEVELS)
def test_a_level_is_reached_between_the_measurements_around_it(points, level):
    seconds = seconds_to(points, level)
    if seconds is None:
        return
    index = next(i for i, p in enumerate(points) if p["fid"] is not None and p["fid"] <= level)
    before = points[index - 1]["seconds"] if index else points[0]["seconds"]
    assert before <= seconds <= points[index]["seconds"]


@given(curves(), LEVELS, LEVELS)
def test_a_lower_level_is_never_reached_sooner(points, first, second):
    low, high = sorted((first, second))
    seconds = [seconds_to(points, level) for level in (low, high)]
    low, high = (math.inf if each is None else each for each in seconds)
    assert low >= high * (1 - 1e-12)


@given(curves(), LEVELS)
def test_the_value_where_a_level_is_reached_is_that_level(points, level):
    seconds = seconds_to(points, level)
    if seconds is None or seconds in [point["seconds"] for point in points]:
        return
    assert value_at(points, seconds) == pytest.approx(level, rel=1e-6, abs=1e-6)


@given(curves())
def test_a_measured_value_is_read_off_as_it_is(points):
    for point in points:
        assert value_at(points, point["seconds"]) == point["fid"]
    assert value_at(points, points[-1]["seconds"] * 2) == points[-1]["fid"]
    assert value_at(points, points[0]["seconds"] / 2) is None


@given(curves())
def test_the_best_point_is_the_first_of_least_fid(points):
    known = [point["fid"] for point in points if point["fid"] is not None]
    if not known:
        assert best(points) is None
        return
    assert best(points)["fid"] == min(known)
    assert seconds_to(points, min(known)) <= best(points)["seconds"]


def test_between_two_measurements_time_is_logarithmic():
    points = [{"seconds": 10, "fid": 8.0}, {"seconds": 1000, "fid": 4.0}]
    assert seconds_to(points, 6.0) == pytest.approx(100)
    assert value_at(points, 100) == pytest.approx(6.0)
    assert times_sooner(points, 6.0, 500) == pytest.approx(5)
    assert times_sooner(points, 6.0, 500, extra=150) == pytest.approx(2)
    assert times_sooner(points, 3.9, 500) is None
