"""The report: the table, the ratios, the plot, the page."""

import pytest

from benchmarks.shared.report import figure, page, ratios, table

LINES = {"floor": 1.6, "floor_held_out": 2.0, "held_out": 1.5}


def curve(*pairs):
    return [
        {"seconds": seconds, "fid": fid, "images": 10 * seconds, "moment": seconds}
        for seconds, fid in pairs
    ]


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
