"""The rows that reports show say what was measured, and what limits it."""

import pytest

from m2m_tf.evaluation.rows import cell, extractor_of, fid_plot, figure_table, names_of, notes_of
from m2m_tf.metrics import Figure
from m2m_tf.metrics.labels import COLUMNS, FITTED_START, OWN_START
from m2m_tf.reports import Page


def figures(value, error=None, notes=(), generated=900):
    """Every metric's figure, of one value."""
    return {
        name: Figure(value, name, "pixels", "bilinear", 1000, generated, error, notes)
        for name in COLUMNS
    }


ROWS = {
    "generated": figures(12.3456, error=0.5, notes=("few images",)),
    "floor": figures(1234.5, generated=1000, notes=("few images", "converted")),
}


def test_the_start_is_called_what_it_is():
    assert names_of({"prior": {"own": True}})["prior"] == OWN_START
    assert names_of({"prior": {"own": False}})["prior"] == FITTED_START


@pytest.mark.parametrize(
    ("value", "error", "text"),
    [(12.3456, None, "12.3"), (1234.5, None, "1,234"), (0.012345, 0.00678, "0.0123 ± 0.0068")],
)
def test_a_cell_has_three_digits_and_its_error(value, error, text):
    assert cell(figures(value, error)["precision"]) == text


def test_a_table_has_a_row_of_each_and_every_note_once():
    page = Page("t")
    figure_table(page, ROWS)
    html = page.to_html()
    assert html.index("the model") < html.index("floor: reconstructions")
    assert "Against 1,000 target images, in the features of pixels, resize filter bilinear" in html
    assert html.count("few images") == html.count("converted") == 1
    assert notes_of(ROWS) == ["few images", "converted"]


def test_a_plot_says_its_figures_in_words():
    page = Page("t")
    fid_plot(page, ROWS)
    assert "FID by row: the model 12.3; floor 1.23e+03" in page.to_html()
    assert extractor_of(ROWS) == "FID (pixels, resize bilinear)"
