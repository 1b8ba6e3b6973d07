"""Time to quality: what is read off curves, the stopwatch, the record, the report."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.quality.curves import best, seconds_to, times_sooner, value_at
from benchmarks.quality.judge import Judge
from benchmarks.quality.record import Record
from benchmarks.quality.report import figure, page, ratios, table
from benchmarks.quality.stopwatch import Stopwatch, moments_until
from m2m_tf import data

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


def curve(*pairs):
    return [
        {"seconds": seconds, "fid": fid, "images": 10 * seconds, "moment": seconds}
        for seconds, fid in pairs
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
    points = curve((10, 8.0), (1000, 4.0))
    assert seconds_to(points, 6.0) == pytest.approx(100)
    assert value_at(points, 100) == pytest.approx(6.0)
    assert times_sooner(points, 6.0, 500) == pytest.approx(5)
    assert times_sooner(points, 6.0, 500, extra=150) == pytest.approx(2)
    assert times_sooner(points, 3.9, 500) is None


def test_the_stopwatch_stands_while_it_measures():
    now = [0.0]

    def measure():
        now[0] += 100.0
        return 7.0

    watch = Stopwatch((2, 3, 5), measure, clock=lambda: now[0])
    watch.start()
    over = []
    for images in range(1, 6):
        now[0] += 1.0
        over.append(watch.look(images))
    watch.finish()
    assert over == [False, False, False, False, True]
    assert [point["seconds"] for point in watch.points] == [2.0, 3.0, 5.0]
    assert [point["images"] for point in watch.points] == [2, 3, 5]
    assert watch.first_step == 1.0 and watch.paused == 300.0


def test_a_slow_step_is_measured_once_for_all_the_moments_that_it_passes():
    now = [0.0]
    watch = Stopwatch((1, 2, 4, 100), lambda: 1.0, clock=lambda: now[0])
    watch.start()
    now[0] = 5.0
    assert not watch.look(64)
    assert [point["moment"] for point in watch.points] == [4]


def test_a_run_that_ends_early_is_measured_at_its_end():
    now = [0.0]
    watch = Stopwatch((1, 100), lambda: 1.0, clock=lambda: now[0])
    watch.start()
    for now[0] in (2.0, 3.0):
        watch.look(int(now[0]))
    watch.finish()
    assert [point["seconds"] for point in watch.points] == [2.0, 3.0]


@given(st.floats(1, 20_000))
def test_moments_rise_to_the_budget(budget):
    moments = moments_until(budget)
    assert list(moments) == sorted(set(moments)) and moments[-1] == budget


def test_a_record_skips_finished_runs_until_their_settings_change(tmp_path):
    settings = {"seed": 0, "betas": (0.1, 0.5), "budget": np.float32(6)}
    record = Record(tmp_path / "runs.json")
    assert record.find("mind", settings) is None
    record.add("mind", {"settings": settings, "points": curve((1, 2.0))})
    again = Record(tmp_path / "runs.json")
    assert again.find("mind", settings)["points"] == curve((1, 2.0))
    for name, changed in (("seed", 1), ("budget", 7), ("betas", (0.0, 0.9))):
        assert again.find("mind", {**settings, name: changed}) is None
    again.add("mind", {"settings": {**settings, "budget": 7}, "points": []})
    assert again.find("mind", settings) is not None  # a trial does not cost a longer run


def test_the_judge_finds_copies_and_draws_the_lines(tiny_autoencoder, digits):
    judge = Judge(tiny_autoencoder, data.load(digits[:400]), count=400)
    assert len(judge.training) == 360 == len(judge.images) == len(judge.codes)
    np.testing.assert_allclose(
        judge.codes, tiny_autoencoder.encode(judge.images), rtol=1e-4, atol=1e-4
    )
    copies = _Copies(judge.images)
    assert abs(judge.fid(copies, seed=0)) < 1e-3 < judge.lines["floor"]
    final = judge.final(copies, seed=0)
    assert final["audits"]["features"]["flagged"] and final["figures"]["precision"] == 1
    broken = _Copies(np.full_like(judge.images, np.nan))
    assert judge.fid(broken, 0) is None and judge.final(broken, 0)["figures"] is None


class _Copies:
    """A generator that returns its training images."""

    in_image_space = True
    draws_reconstructions = False

    def __init__(self, images):
        self.images = images

    def generate(self, count, seed):
        return self.images[:count]


def run_of(points, seed=0, flagged=False, **before):
    figures = {"kernel_distance": 0.1, "precision": 0.5, "recall": 0.5}
    audits = {"features": {"flagged": flagged}}
    return {
        "about": "a contender",
        "points": points,
        "before": before,
        "settings": {"seed": seed, "budget": 600},
        "final": {"figures": figures, "audits": audits},
    }


@pytest.fixture
def runs():
    """A mind, a mixture, the paper's recipe and a GAN from scratch, two seeds each."""
    return {
        "mixture": [run_of(curve((5, 4.0)), seed, encoding=3) for seed in (0, 1)],
        "mind": [
            run_of(curve((10, 4.0), (60, 3.0), (600, 2.0)), seed, encoding=3, pretraining=None)
            for seed in (0, 1)
        ],
        "paper": [run_of(curve((10, 50.0), (300, 4.0)), seed, encoding=3) for seed in (0, 1)],
        "from_scratch": [
            run_of(curve((10, 50.0), (600, fid)), seed) for seed, fid in ((0, 1.9), (1, 40.0))
        ],
    }


LINES = {"floor": 1.6, "floor_held_out": 2.0, "held_out": 1.5}


def test_the_ratios_are_the_defaults_beside_each_peer(runs):
    found = ratios(runs, LINES)
    assert found["FID at the end / mixture's"] == "0.50 (0.50 to 0.50)"
    assert found["FID at 60 s / mixture's"] == "0.75 (0.75 to 0.75)"
    assert found["FID at the end / floor"] == "1.25 (1.25 to 1.25)"
    assert found["last FID of the paper's recipe, times sooner"] == "30 (30 to 30)"
    with_before = "last FID of the paper's recipe, times sooner with all that comes before training"
    assert found[with_before].startswith("23.3")  # 303 / 13
    assert found["best FID of from_scratch, times sooner"] == "not reached (1 of 2 seeds)"
    assert found["memorisation audit"] == "passed"


def test_a_time_past_the_budget_is_not_told(runs):
    for run in runs["mind"]:
        run["settings"]["budget"] = 45
    assert "FID at 60 s / mixture's" not in ratios(runs, LINES)
    assert "FID at 60 s" not in table(runs)[0]


def test_the_table_has_a_row_for_each_contender(runs):
    runs["mind"][1]["final"]["audits"]["features"]["flagged"] = True
    columns, rows = table(runs)
    cells = {row[0]: dict(zip(columns, row, strict=True)) for row in rows}
    assert list(cells) == list(runs)
    assert cells["mind"]["FID at 60 s"] == "3.00 (3.00 to 3.00)"
    assert cells["mind"]["audit"] == "flagged 1 of 2" and cells["paper"]["audit"] == "passed"
    assert cells["paper"]["total, s"] == "303 (303 to 303)"


def test_a_run_that_broke_down_leaves_gaps_and_no_error(runs):
    runs["paper"][0]["points"][-1]["fid"] = None
    runs["paper"][0]["final"] = {"figures": None, "audits": {}}
    columns, rows = table(runs)
    cells = {row[0]: dict(zip(columns, row, strict=True)) for row in rows}
    assert cells["paper"]["FID at the end"] == cells["paper"]["KID"] == "–"
    assert ratios(runs, LINES)["last FID of the paper's recipe, times sooner"] == "30"
    assert figure(runs, LINES, "FID").axes


def test_the_page_holds_plot_table_and_ratios(runs):
    html = page("Time to quality", {"cores": 2}, runs, LINES, "FID (digits_fashion)").to_html()
    for text in ("<svg", "from_scratch", "not reached (1 of 2 seeds)", "digits_fashion"):
        assert text in html
